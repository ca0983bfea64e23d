import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import type { DescribedContainerLink, DescribedLink, DescribedNetwork } from '../kinds/described.ts';
import {
  type DescribedThing,
  type HostThings,
  live,
  overlaysOn,
  placeOf,
  thingsDescribed,
} from './things.ts';

/** MTUs on an overlay that exceed what fits into its tunnels, or that differ between hosts. */
export function mtuLints(hosts: readonly HostThings[]): Diagnostic[] {
  const found: Diagnostic[] = [];
  const first = new Map<string, { mtu: number; host: string }>();
  for (const host of hosts) {
    for (const said of withMtu(host)) {
      const { thing } = said;
      const bridge = thing.is === 'link' ? thing.name : (thing.bridge ?? '');
      for (const { name, mtu } of overlaysOn(host, bridge)) {
        const own = thing.mtu;
        if (own === undefined || own > mtu) {
          found.push(tooLarge(said, name, mtu));
          continue;
        }
        const key = `${name}\0${thing.is}`;
        const other = first.get(key);
        if (other === undefined) first.set(key, { mtu: own, host: host.resolved.host.name });
        else if (other.mtu !== own) found.push(differs(host, said, name, other));
      }
    }
  }
  return found;
}

type WithMtu = DescribedThing<DescribedNetwork | DescribedLink | DescribedContainerLink>;

/** A bridge's MTU follows the overlay's unless it is written; that of containers does for some networks. */
function withMtu(host: HostThings): WithMtu[] {
  return [
    ...thingsDescribed(host, 'network').filter(
      ({ thing }) => thing.bridge !== undefined && !(thing.mtu === undefined && thing.followsOverlay),
    ),
    ...thingsDescribed(host, 'link')
      .filter(live)
      .filter(({ thing }) => thing.mtu !== undefined),
    ...thingsDescribed(host, 'container-link').filter(({ thing }) => thing.mtu !== undefined),
  ];
}

function tooLarge(said: WithMtu, overlay: string, mtu: number): Diagnostic {
  const { thing } = said;
  const hint = `write mtu: "{{ overlay.${overlay}.mtu }}"; larger packets are lost in the tunnels while small ones pass`;
  return thing.is === 'network' && thing.mtu === undefined
    ? warning(
        'mtu-above-overlay',
        `${thing.by}'s default MTU for containers is 1500, and overlay '${overlay}' carries ${mtu}`,
        placeOf(said, 'bridge'),
        hint,
      )
    : error(
        'mtu-above-overlay',
        `the MTU ${thing.mtu} is more than the ${mtu} that overlay '${overlay}' carries`,
        placeOf(said, 'mtu'),
        hint,
      );
}

function differs(
  { resolved }: HostThings,
  said: WithMtu,
  overlay: string,
  other: { mtu: number; host: string },
): Diagnostic {
  return {
    ...warning(
      'mtu-differs',
      `the MTU is ${said.thing.mtu}, and ${other.mtu} on '${other.host}', both on overlay '${overlay}'`,
      placeOf(said, 'mtu'),
      'give all hosts of an overlay the same MTU: the sender is not told that a packet was too large for the receiver',
    ),
    hosts: [resolved.host.name],
  };
}
