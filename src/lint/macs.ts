import { type Diagnostic, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { formatMac, parseMac } from '../net/mac.ts';
import { usesOf } from './use.ts';

const bridgeKinds = ['linux_bridge', 'ovs_bridge', 'interfaces_file'];

/** A `mac` that is written for bridges of several hosts: what is sent to one of them may come to another. */
export function macLints(hosts: readonly ResolvedHost[]): Diagnostic[] {
  const found = new Map<string, { owners: Set<string>; at: SourceRange }>();
  for (const host of hosts) {
    for (const { params, at } of bridgeKinds.flatMap((kind) => usesOf<{ mac?: string }>(host, kind))) {
      const mac = params.mac === undefined ? undefined : parseMac(params.mac).value;
      if (mac === undefined) continue;
      const same = found.get(formatMac(mac)) ?? { owners: new Set(), at: at('mac') };
      same.owners.add(host.host.name);
      found.set(formatMac(mac), same);
    }
  }
  return [...found].flatMap(([mac, { owners, at }]) =>
    owners.size < 2
      ? []
      : [
          {
            ...warning(
              'bridge-mac-duplicate',
              `bridges of the hosts get one MAC address, ${mac}`,
              at,
              'leave mac out: each bridge then gets one of its own',
            ),
            hosts: [...owners],
          },
        ],
  );
}
