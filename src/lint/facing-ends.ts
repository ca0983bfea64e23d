import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { isVolatileInterface } from '../facts/interfaces.ts';
import { sameAddress } from '../facts/ovs/tunnel.ts';
import type { End, LintedHost } from './linted-host.ts';
import { tunnelTypes } from './strangers.ts';
import { live, placeOf, thingsDescribed } from './things.ts';
import { addressOwners, mtuOn, type TunnelHost, tunnelHosts, unansweredEnds } from './tunnel-hosts.ts';
import { type Facing, misfit, otherMtu, unlikeEnds } from './unlike-ends.ts';

/**
 * Tunnels between hosts of the play whose two ends, after the plan, don't match, or that have only one end.
 * Ends that steps make on both hosts match and aren't compared, so a mesh costs nothing. Ends that steps make
 * on one host only are left to `lintPlay`.
 */
export function facingEndLints(hosts: readonly LintedHost[]): Diagnostic[] {
  const known = tunnelHosts(hosts);
  const anyStranger = known.some(({ linted }) => linted.strangers.length > 0);
  return [...(anyStranger ? facingLints(known) : []), ...overlayMtus(known)];
}

function facingLints(known: readonly TunnelHost[]): Diagnostic[] {
  const owners = addressOwners(known);
  const strangers = new Map(known.map((host) => [host, strangersByPeer(host, owners)]));
  const facing = [...strangers].flatMap(([here, byPeer]) =>
    [...byPeer].flatMap(([there, ends]) => {
      const back = strangers.get(there)?.get(here);
      // The pair is found from both sides; report it once.
      if (back !== undefined && there.place < here.place) return [];
      return unlikeEnds(here, [...ends, ...unansweredEnds(here, there)], there, [
        ...(back ?? []),
        ...unansweredEnds(there, here),
      ]);
    }),
  );
  return manyToOne(facing).flatMap(lint);
}

function strangersByPeer(here: TunnelHost, owners: ReadonlyMap<string, TunnelHost>) {
  const found = new Map<TunnelHost, End[]>();
  for (const end of here.linted.strangers) {
    const there = owners.get(sameAddress(end.port.options?.remote_ip ?? ''));
    if (there === undefined || there === here) continue;
    const others = found.get(there);
    if (others === undefined) found.set(there, [end]);
    else others.push(end);
  }
  return found;
}

/** If one host differs from many others, it is the one to report. */
function manyToOne(facing: readonly Facing[]): Facing[] {
  const often = new Map<TunnelHost, number>();
  for (const { here, there } of facing.filter(({ other }) => other !== undefined))
    for (const host of [here, there]) often.set(host, (often.get(host) ?? 0) + 1);
  return facing
    .map((pair) => {
      const { here, end, there, other } = pair;
      return other !== undefined && (often.get(here) ?? 0) > (often.get(there) ?? 0)
        ? { here: there, end: other, there: here, other: end }
        : pair;
    })
    .sort((a, b) => a.here.place - b.here.place);
}

function lint({ here, end, there, other }: Facing): Diagnostic[] {
  const remove = `ovs-vsctl --timeout=10 del-port ${end.name}`;
  if (other === undefined) {
    // Ends made by steps are left to `lintPlay`. The other end may be a tunnel device of the kernel.
    if (!here.linted.strangers.includes(end) || hasKernelTunnels(there)) return [];
    const hint = `make its other end there, or delete it: ${remove}`;
    return [
      said(here, end, 'one-sided-tunnel', `a tunnel leads to '${there.name}', which has none back`, hint),
    ];
  }
  const pair = { here, end, there, other };
  const unlike = misfit(pair);
  if (unlike !== undefined) {
    const message = `the tunnel to '${there.name}' ${unlike[0]}, and its other end ${unlike[1]}`;
    const hint = `set both ends alike, or delete the tunnel at both: ${remove}`;
    return [said(here, end, 'tunnel-ends-differ', message, hint)];
  }
  const [own, others] = otherMtu(pair) ?? [];
  const message = `the MTU is ${own} on ${end.bridge}, and ${others} at the other end of the tunnel to '${there.name}'`;
  return [said(here, end, 'mtu-differs', message, oneMtu)];
}

const oneMtu =
  'give both the smaller one: the sender is not told that a packet was too large for the receiver';

/** Bridges of one overlay that end up with different MTUs. MTUs written in steps are left to `lintPlay`. */
function overlayMtus(hosts: readonly TunnelHost[]): Diagnostic[] {
  const first = new Map<string, { mtu: number; host: TunnelHost }>();
  return hosts.flatMap((here) =>
    [...here.overlays].flatMap(([overlay, bridge]) => {
      const mtu = mtuOn(here, bridge);
      const written = thingsDescribed(here.linted, 'link')
        .filter(live)
        .some(({ thing }) => thing.mtu !== undefined && thing.members?.includes(bridge));
      if (mtu === undefined || written) return [];
      const other = first.get(overlay) ?? { mtu, host: here };
      first.set(overlay, other);
      if (other.mtu === mtu) return [];
      const message = `the MTU is ${mtu} on ${bridge}, and ${other.mtu} on '${other.host.name}', both on overlay '${overlay}'`;
      return [said(here, { bridge }, 'mtu-differs', message, oneMtu)];
    }),
  );
}

/** The place is the step that names the bridge, otherwise the host in the inventory. */
function said(
  { name, linted }: TunnelHost,
  { bridge }: Pick<End, 'bridge'>,
  code: 'one-sided-tunnel' | 'tunnel-ends-differ' | 'mtu-differs',
  message: string,
  hint: string,
): Diagnostic {
  const tunnels = thingsDescribed(linted, 'tunnels').find(({ thing }) => thing.bridge === bridge);
  const made = thingsDescribed(linted, 'link').find(
    ({ thing }) => thing.name === bridge && thing.type === 'ovs',
  );
  const place =
    (tunnels && placeOf(tunnels, 'bridge')) ?? (made && placeOf(made, 'name')) ?? linted.resolved.host.at;
  return { ...warning(code, message, place, hint), hosts: [name] };
}

function hasKernelTunnels({ links }: TunnelHost): boolean {
  return links.some(({ name, kind = '' }) => tunnelTypes.has(kind) && !isVolatileInterface(name));
}
