import type { OvsPort } from '../facts/ovs/ovs.ts';
import { sameAddress, udpPort } from '../facts/ovs/tunnel.ts';
import type { End } from './linted-host.ts';
import { addressesOf, mtuOn, type TunnelHost } from './tunnel-hosts.ts';

/** An end of a tunnel between hosts of the play, and its counterpart. */
export interface Facing {
  readonly here: TunnelHost;
  readonly end: End;
  readonly there: TunnelHost;
  /** Undefined: there is none. */
  readonly other?: End;
}

type Pair = Required<Facing>;

/** The ends between two hosts that don't match, paired by similarity, best pairs first. */
export function unlikeEnds(
  here: TunnelHost,
  ends: readonly End[],
  there: TunnelHost,
  others: readonly End[],
): Facing[] {
  const alike = [
    (pair: Pair) => misfit(pair) === undefined,
    ({ end, other }: Pair) => end.port.type === other.port.type,
    () => true,
  ];
  const found: Facing[] = [];
  let left = ends;
  const free = [...others];
  for (const isAlike of alike)
    left = left.filter((end) => {
      const at = free.findIndex((other) => isAlike({ here, end, there, other }));
      const [other] = at < 0 ? [] : free.splice(at, 1);
      if (other === undefined) return true;
      const pair = { here, end, there, other };
      if (misfit(pair) !== undefined || otherMtu(pair) !== undefined) found.push(pair);
      return false;
    });
  return [
    ...found,
    ...left.map((end) => ({ here, end, there })),
    ...free.map((end) => ({ here: there, end, there: here })),
  ];
}

/** The MTUs of the two bridges, if they differ. */
export function otherMtu({ here, end, there, other }: Pair): [number, number] | undefined {
  const [a, b] = [mtuOn(here, end.bridge), mtuOn(there, other.bridge)];
  return a === undefined || b === undefined || a === b ? undefined : [a, b];
}

/** Where two ends differ although they must agree: what one has, and what the other has. */
export function misfit({ here, end, there, other }: Pair): [string, string] | undefined {
  const [a, b] = [end.port, other.port];
  if (a.type !== b.type) return [`is ${a.type}`, `is ${b.type}`];
  const [x, y] = [a.options ?? {}, b.options ?? {}];
  return (
    otherKey(x.out_key ?? x.key, y.in_key ?? y.key) ??
    otherKey(x.in_key ?? x.key, y.out_key ?? y.key) ??
    otherUdpPort(udpPort(a.type ?? '', x.dst_port), udpPort(b.type ?? '', y.dst_port)) ??
    elsewhere(x.remote_ip, y.local_ip, there) ??
    elsewhere(y.remote_ip, x.local_ip, here) ??
    bfdAtOne(a, b)
  );
}

/** Key 0 equals no key; `flow` accepts any. */
function otherKey(a = '0', b = '0'): [string, string] | undefined {
  if (a === b || a === 'flow' || b === 'flow' || Number(a) === Number(b)) return undefined;
  const words = (key: string) => (Number(key) === 0 ? 'has no key' : `has key ${key}`);
  return [words(a), words(b)];
}

/** ovs-vswitchd.conf.db(5), BFD: without an answer the tunnel counts as down, and RSTP blocks it. */
function bfdAtOne(a: OvsPort, b: OvsPort): [string, string] | undefined {
  const has = ({ bfd }: OvsPort) => bfd?.enable === 'true';
  const words = (port: OvsPort) => (has(port) ? 'has BFD' : 'has no BFD');
  return has(a) === has(b) ? undefined : [words(a), words(b)];
}

function otherUdpPort(a: string | undefined, b: string | undefined): [string, string] | undefined {
  return a === b ? undefined : [`uses UDP port ${a}`, `uses UDP port ${b}`];
}

/** An end with a `local_ip` accepts only packets to that address. Behind a NAT nothing can be said. */
function elsewhere(
  remote: string | undefined,
  local: string | undefined,
  there: TunnelHost,
): [string, string] | undefined {
  if (remote === undefined || local === undefined) return undefined;
  const [to, at] = [sameAddress(remote), sameAddress(local)];
  return to === at || !addressesOf(there).includes(to) ? undefined : [`leads to ${to}`, `is at ${at}`];
}
