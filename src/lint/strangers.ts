import { type OvsPort, ovsFact } from '../facts/ovs.ts';
import { overlayTag } from '../facts/ovs-tags.ts';
import { known } from './known.ts';
import type { HostToLint } from './lint-fleet.ts';
import { type TunnelsParams, usesOf } from './use.ts';

/** ovs-vswitchd.conf.db(5), Interface type: those that have a `remote_ip`. */
export const tunnelTypes: ReadonlySet<string> = new Set([
  'gre',
  'vxlan',
  'geneve',
  'gretap',
  'erspan',
  'stt',
  'lisp',
  'ip6gre',
]);

/** A tunnel's end in Open vSwitch. */
export interface End {
  readonly name: string;
  readonly bridge: string;
  readonly port: OvsPort;
}

/** The tunnels that a host has after the plan and that no step of it makes, on whatever bridge. */
export function strangersOn({ resolved, predicted }: HostToLint): End[] {
  const database = known(predicted, ovsFact);
  if (database === undefined || typeof database === 'string') return [];
  const overlays = new Set(
    usesOf<TunnelsParams>(resolved, 'ovs_tunnels').map(({ params }) => params.overlay),
  );
  const found: End[] = [];
  for (const [bridge, { ports }] of Object.entries(database.bridges)) {
    // A mesh has a million of them.
    for (const name of Object.keys(ports)) {
      const port = ports[name];
      if (port === undefined || overlays.has(port.externalIds?.[overlayTag] ?? '')) continue;
      if (tunnelTypes.has(port.type ?? '')) found.push({ name, bridge, port });
    }
  }
  return found;
}
