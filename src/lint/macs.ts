import { type Diagnostic, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import { formatMac, parseMac } from '../net/mac.ts';
import { atBoot, type HostThings, live, placeOf, thingsDescribed } from './things.ts';

/** A `mac` given to interfaces of several hosts: frames for one may reach another. */
export function macLints(hosts: readonly HostThings[]): Diagnostic[] {
  const found = new Map<string, { owners: Set<string>; what: string; at: SourceRange }>();
  for (const host of hosts) {
    const links = thingsDescribed(host, 'link');
    const inContainers = thingsDescribed(host, 'container-link');
    for (const said of [...links.filter(live), ...links.filter(atBoot), ...inContainers]) {
      const mac = said.thing.mac === undefined ? undefined : parseMac(said.thing.mac).value;
      if (mac === undefined) continue;
      const same = found.get(formatMac(mac)) ?? {
        owners: new Set(),
        what: said.thing.is === 'container-link' || said.thing.type === undefined ? 'interface' : 'bridge',
        at: placeOf(said, 'mac'),
      };
      same.owners.add(host.resolved.host.name);
      found.set(formatMac(mac), same);
    }
  }
  return [...found].flatMap(([mac, { owners, what, at }]) =>
    owners.size < 2
      ? []
      : [
          {
            ...warning(
              'bridge-mac-duplicate',
              `${what}s of the hosts get one MAC address, ${mac}`,
              at,
              `leave mac out: each ${what} then gets one of its own`,
            ),
            hosts: [...owners],
          },
        ],
  );
}
