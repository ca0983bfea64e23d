import { interfacesFact } from '../../facts/interfaces.ts';
import { byName, ovsBridges } from '../../facts/ovs/bridges.ts';
import { ovsFact } from '../../facts/ovs/ovs.ts';
import { bridgeTag, overlayTag, peerTag } from '../../facts/ovs/tags.ts';
import { thing } from '../thing.ts';
import type { Marks, Trace } from '../trace.ts';
import type { OvsdbChange } from './change.ts';

type Tags = Readonly<Record<string, string>>;

/** Marks are in the external_ids of bridges and ports. */
export const ovsdbMarks: Marks<OvsdbChange> = {
  queries: [ovsFact, interfacesFact],
  find: (facts) =>
    ovsBridges(facts).flatMap(([bridge, { externalIds = {}, ports }]) => [
      ...bridgeTrace(bridge, externalIds).map((trace) => ({
        trace,
        change: { type: 'ovsdb', bridge, before: null, after: {}, ports: [] } as const,
      })),
      ...byName(ports).flatMap(([name, { externalIds: tags = {} }]) =>
        portTrace(bridge, name, tags).map((trace) => {
          const ports = [{ name, before: null, after: {} }];
          return { trace, change: { type: 'ovsdb', bridge, before: {}, after: {}, ports } as const };
        }),
      ),
    ]),
  bears: (part, facts) => {
    const row = /^OVS (?:port|bridge) \S+/.exec(part)?.[0];
    return row !== undefined && ovsdbMarks.find(facts).some(({ trace }) => trace.part === row);
  },
};

/** The rows that a change leaves with a mark. */
export function ovsdbTraces({ bridge, after, ports }: OvsdbChange): Trace[] {
  return [
    // Includes unmarked ones: a change of ports only doesn't repeat the bridge's mark.
    ...bridgeTrace(bridge, { [bridgeTag]: '', ...after?.externalIds }),
    ...ports.flatMap(({ name, after: port }) => portTrace(bridge, name, port?.externalIds ?? {})),
  ];
}

function bridgeTrace(bridge: string, { [bridgeTag]: kind }: Tags): Trace[] {
  if (kind === undefined) return [];
  return [
    {
      thing: thing.ovsBridge(bridge),
      part: `OVS bridge ${bridge}`,
      detail: `of kind ${kind}`,
      namedBy: [bridge],
      marked: true,
      removable: { is: 'link', name: bridge, type: 'ovs' },
    },
  ];
}

function portTrace(bridge: string, port: string, { [overlayTag]: overlay, [peerTag]: peer }: Tags): Trace[] {
  if (overlay === undefined) return [];
  return [
    {
      thing: thing.link(port),
      part: `OVS port ${port}`,
      detail: `on ${bridge}, of overlay ${overlay}, to ${peer ?? 'nobody'}`,
      namedBy: [bridge, overlay],
      marked: true,
      removable: { is: 'tunnels', bridge, overlay },
    },
  ];
}
