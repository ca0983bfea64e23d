import type { RunningContainer } from '../../facts/docker/daemon.ts';
import type { Address } from '../../net/address.ts';
import { type Cidr, contains, containsCidr, formatCidr, lastOf, usableRange } from '../../net/cidr.ts';
import type { Problem } from '../define-kind.ts';

/** The addresses of Docker's default network for containers. */
export interface Room {
  /** The addresses' network. */
  readonly range: Cidr;
  /** How many of them containers can get. */
  readonly addresses: bigint;
}

/**
 * Docker hands out all of the range except the network's first and last address, the bridge's own and the default
 * gateway, if they are in it (as in libnetwork's ipam; with 20.10, a /28 with the bridge's address in it took 15 of 21
 * containers). A range outside the network counts for nothing.
 */
export function roomIn(network: Cidr, given: Cidr | undefined, taken: readonly Address[]): Room {
  const range = given !== undefined && containsCidr(network, given) ? given : network;
  const usable = usableRange(network);
  const first = range.first > usable.first ? range.first : usable.first;
  const last = lastOf(range) < usable.last ? lastOf(range) : usable.last;
  const within = new Set(
    taken
      .filter((address) => contains(range, address) && address.value >= first && address.value <= last)
      .map(({ value }) => value),
  );
  return { range, addresses: last - first + 1n - BigInt(within.size) };
}

/** More containers than addresses: the last ones would not start again. */
export function tooFewAddresses(
  containers: readonly RunningContainer[],
  room: Room | undefined,
  path: readonly string[] | undefined,
): Problem[] {
  if (room === undefined) return [];
  const need = containers.filter(
    ({ autoRemove, networks, gone }) => !autoRemove && gone === undefined && networks.includes('bridge'),
  ).length;
  const missing = BigInt(need) - room.addresses;
  if (missing <= 0n) return [];
  const has = room.addresses === 1n ? '1 address' : `${room.addresses} addresses`;
  return [
    {
      code: 'docker-range-too-small',
      message: `${need} running containers are on Docker's default network, and ${formatCidr(room.range)} has ${has} for them: ${missing} would not start again`,
      ...(path === undefined ? {} : { path }),
      hint: 'give this host a larger range (fixed_cidr; of an overlay, a smaller subnet_prefix), or stop containers, or put some on a network of their own',
    },
  ];
}
