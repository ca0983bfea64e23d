import { ovsFact } from '../facts/ovs/ovs.ts';
import { overlayTag } from '../facts/ovs/tags.ts';
import type { End, HostToLint, OtherPorts } from './linted-host.ts';
import { type HostThings, thingsDescribed } from './things.ts';

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

export function otherPorts(host: HostToLint & HostThings): OtherPorts {
  const database = host.predicted.find(ovsFact);
  if (database === undefined || typeof database === 'string') return { strangers: [], tagged: [] };
  const overlays = new Set(thingsDescribed(host, 'tunnels').map(({ thing }) => thing.overlay));
  const strangers: End[] = [];
  const tagged: End[] = [];
  for (const [bridge, { ports }] of Object.entries(database.bridges)) {
    // No Object.entries: a mesh has a million ports.
    for (const name of Object.keys(ports)) {
      const port = ports[name];
      if (port === undefined || overlays.has(port.externalIds?.[overlayTag] ?? '')) continue;
      if (tunnelTypes.has(port.type ?? '')) strangers.push({ name, bridge, port });
      else if (port.tag !== undefined) tagged.push({ name, bridge, port });
    }
  }
  return { strangers, tagged };
}
