import { type Diagnostic, type SourceRange, warning } from '../diagnostics/diagnostic.ts';
import { type NetworkManagerName, networkManagersFact } from '../facts/network-managers.ts';
import type { LintedHost } from './linted-host.ts';
import { type HostThings, namedLinks, placeOf } from './things.ts';

interface Named {
  readonly name: string;
  readonly at: SourceRange;
  /** The network manager that brings the interface up after the steps. */
  readonly manager: NetworkManagerName | undefined;
}

/** Interfaces of the steps that two network managers bring up, now or after the steps. */
export function managerLints({ things, resolved, facts }: LintedHost): Diagnostic[] {
  const managers = facts.find(networkManagersFact);
  if (managers === undefined) return [];
  const said = new Set<string>();
  return namedBy({ things, resolved }).flatMap(({ name, at, manager }) => {
    const found = Object.hasOwn(managers, name) ? (managers[name] ?? []) : [];
    const all = new Set([...(manager && found.length > 0 ? [manager] : []), ...found]);
    if (all.size < 2 || said.has(name)) return [];
    said.add(name);
    return [
      warning(
        'two-network-managers',
        `${[...all].join(' and ')} both bring up ${name}`,
        at,
        'leave it to one of them: each undoes what the other has set',
      ),
    ];
  });
}

/** Interfaces that the steps give to a network manager come first. */
function namedBy(host: HostThings): Named[] {
  const links = namedLinks(host);
  return [
    ...links.filter(({ thing }) => thing.manager !== undefined),
    ...links.filter(({ thing }) => thing.manager === undefined && thing.does === 'makes'),
  ].flatMap((link) => {
    const { name, members = [], manager } = link.thing;
    return [
      { name, at: placeOf(link, 'name'), manager },
      ...members.map((member) => ({ name: member, at: placeOf(link, 'members'), manager })),
    ];
  });
}
