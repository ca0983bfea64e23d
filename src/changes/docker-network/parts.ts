import type { DockerNetwork } from '../../facts/docker/daemon.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { type Facts, UnknownFact } from '../../facts/fact.ts';
import type { Part, Parts } from '../change.ts';
import {
  type ContainerNetworkChange,
  isOurs,
  type NetworkSettings,
  namedSettings,
  settingsOf,
} from './change.ts';

/** The network's name among the parts of a host's state. */
export function networkPart(name: string): string {
  return `Docker network ${name}`;
}

/**
 * What the change sets. Of a network that is made, also the containers on it, which would be disconnected if it were
 * taken back. Options that neither side names are the daemon's own defaults. @throws UnknownFact
 */
export function networkParts({ name, before, after }: ContainerNetworkChange, facts: Facts): Parts {
  const { daemon } = facts.get(dockerFact);
  if (daemon === null) throw new UnknownFact('Docker does not run');
  const now = daemon.networks.find((network) => network.name === name);
  if (now === undefined) return {};
  const own = networkPart(name);
  const said = new Set([before, after].flatMap((one) => (one === null ? [] : names(one))));
  const set = [...namedSettings(settingsOf(now))].filter(([key]) => said.has(key));
  return {
    [own]: isOurs(now) ? 'by meshbook' : 'there',
    ...Object.fromEntries(set.map(([key, value]): [string, Part] => [`${own} ${key}`, String(value)])),
    ...(before === null ? membersOf(now) : {}),
  };
}

function names(settings: NetworkSettings): string[] {
  return [...namedSettings(settings).keys()];
}

function membersOf({ name, members = [] }: DockerNetwork): Parts {
  return Object.fromEntries(
    members.map(({ container }) => [`${networkPart(name)} container ${container}`, 'connected']),
  );
}
