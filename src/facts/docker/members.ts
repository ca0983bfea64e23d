import { tidy } from '../../json/records.ts';
import { flag, list, record, text } from '../schema.ts';

/** A container on a network, by what Docker keeps of it over restarts. */
export interface NetworkMember {
  readonly container: string;
  readonly running: boolean;
  /** Given by whoever put it there (`--ip`). Left out: Docker chooses one at each start. */
  readonly address?: string;
  /** Names that it has there besides its own, in order. */
  readonly aliases?: readonly string[];
}

export const memberSchema = record(
  { container: text, running: flag },
  { address: text, aliases: list(text) },
);

/** What `docker container inspect` tells of a container's networks. */
export interface Attached {
  readonly Id?: string;
  readonly Name: string;
  readonly Networks: Readonly<Record<string, Endpoint | null>> | null;
}

interface Endpoint {
  readonly Aliases?: readonly string[] | null;
  readonly IPAMConfig?: { readonly IPv4Address?: string } | null;
}

/** The containers on each network, by name. */
export function membersOf(
  containers: readonly (Attached & { readonly running: boolean })[],
): ReadonlyMap<string, readonly NetworkMember[]> {
  const found = new Map<string, NetworkMember[]>();
  for (const container of containers)
    for (const [network, endpoint] of Object.entries(container.Networks ?? {}))
      found.set(network, [...(found.get(network) ?? []), memberOf(container, endpoint)]);
  for (const members of found.values()) members.sort((a, b) => (a.container < b.container ? -1 : 1));
  return found;
}

function memberOf(
  { Id = '', Name, running }: Attached & { readonly running: boolean },
  endpoint: Endpoint | null,
): NetworkMember {
  // Docker up to 24 adds the beginning of the id.
  const aliases = [...new Set(endpoint?.Aliases ?? [])].filter((alias) => alias !== Id.slice(0, 12)).sort();
  return tidy({
    container: Name.replace(/^\//, ''),
    running,
    address: endpoint?.IPAMConfig?.IPv4Address || undefined,
    aliases: aliases.length === 0 ? undefined : aliases,
  });
}
