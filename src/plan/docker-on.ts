import { bridgeName } from '../facts/docker/daemon.ts';
import { dockerFact } from '../facts/docker/docker.ts';
import type { Facts } from '../facts/fact.ts';
import { interfacesFact, isVolatileInterface } from '../facts/interfaces.ts';

/**
 * What Docker has on a Linux bridge, as a clause; undefined: nothing. If a step moves Docker's default network to
 * another bridge, it moves there with its containers; networks among `gone` are removed. @throws UnknownFact
 */
export function dockerOn(
  bridge: string,
  facts: Facts,
  moves: boolean,
  gone: ReadonlySet<string> = new Set(),
): string | undefined {
  const { daemon } = facts.get(dockerFact);
  const containers = daemon?.containers ?? [];
  const networks = (daemon?.networks ?? []).filter(({ options }) => options[bridgeName] === bridge);
  const others = networks.filter(({ name }) => (!moves || name !== 'bridge') && !gone.has(name));
  const [network] = others;
  if (network !== undefined) {
    const on = containers.filter((one) => one.networks.includes(network.name)).map(({ name }) => name);
    const whose =
      network.name === 'bridge' ? 'Docker runs on it' : `Docker's network ${network.name} is on it`;
    return on.length === 0
      ? whose
      : `${whose}, with ${on.slice(0, 5).join(', ')}${on.length > 5 ? ', …' : ''}`;
  }
  if (networks.length > 0) return undefined;
  const ends = facts
    .get(interfacesFact)
    .filter(({ name, master }) => master === bridge && isVolatileInterface(name));
  return ends.length === 0
    ? undefined
    : `containers are on it, by ${ends.map(({ name }) => name).join(', ')}`;
}
