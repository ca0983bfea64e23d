import { type Diagnostic, warning } from '../diagnostics/diagnostic.ts';
import { networkManagersFact } from '../facts/network-managers.ts';
import { known } from './known.ts';
import type { LintedHost } from './lint-fleet.ts';
import { type BridgeParams, type Use, usesOf } from './use.ts';

interface Named {
  readonly name: string;
  readonly param: string;
  readonly use: Use<unknown>;
  readonly byIfupdown?: true;
}

/** Interfaces of the steps that two network managers bring up, or will after the steps. */
export function managerLints({ resolved, facts }: LintedHost): Diagnostic[] {
  const managers = known(facts, networkManagersFact);
  if (managers === undefined) return [];
  const said = new Set<string>();
  return namedBy(resolved).flatMap(({ name, param, use, byIfupdown }) => {
    const found = Object.hasOwn(managers, name) ? (managers[name] ?? []) : [];
    const all = new Set([...(byIfupdown && found.length > 0 ? ['ifupdown'] : []), ...found]);
    if (all.size < 2 || said.has(name)) return [];
    said.add(name);
    return [
      warning(
        'two-network-managers',
        `${[...all].join(' and ')} both bring up ${name}`,
        use.at(param),
        'leave it to one of them: each undoes what the other has set',
      ),
    ];
  });
}

function namedBy(host: LintedHost['resolved']): Named[] {
  const bridges = usesOf<BridgeParams>(host, 'linux_bridge').flatMap((use) => [
    { name: use.params.name, param: 'name', use },
    ...(use.params.members ?? []).map((name) => ({ name, param: 'members', use })),
  ]);
  const files = usesOf<BridgeParams & { bridge: string }>(host, 'interfaces_file').flatMap((use) => [
    { name: use.params.bridge, param: 'bridge', use, byIfupdown: true as const },
    ...(use.params.members ?? []).map((name) => ({ name, param: 'members', use, byIfupdown: true as const })),
  ]);
  const uplinks = usesOf<{ interface: string }>(host, 'bridge_uplink').map((use) => ({
    name: use.params.interface,
    param: 'interface',
    use,
    byIfupdown: true as const,
  }));
  return [...files, ...uplinks, ...bridges];
}
