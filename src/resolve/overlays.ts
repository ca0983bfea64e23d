import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { allocate } from '../ipam/allocate.ts';
import { diffLeases, type LeaseChange, type Leases, withLeases } from '../ipam/leases.ts';
import type { HostOverlay } from '../model/host-overlay.ts';
import { mergeOverlays } from '../model/inventory/merge-overlays.ts';
import { matchHosts } from '../model/inventory/pattern.ts';
import type { LostNames } from '../model/schema/draft.ts';
import type { Host, Inventory, OverlaySpec, Playbook } from '../model/types.ts';
import { spendWork } from '../source/allowance.ts';
import { buildOverlay } from '../topology/build.ts';
import { checkOverlays } from '../topology/check-overlays.ts';

export interface ResolvedOverlays {
  /** By host, then by overlay. */
  readonly ofHost: ReadonlyMap<string, ReadonlyMap<string, HostOverlay>>;
  /** Overlays that are in a file but not in `ofHost`, because of an error that is reported. */
  readonly failed: ReadonlySet<string>;
  readonly leases: Leases;
  readonly leaseChanges: readonly LeaseChange[];
  readonly diagnostics: readonly Diagnostic[];
}

interface Inputs {
  readonly inventory: Inventory;
  readonly playbook: Pick<Playbook, 'overlays'>;
  /** Undefined if unknown. */
  readonly playHosts: readonly string[] | undefined;
  readonly leases: Leases;
  /** If it includes a host's name, that host's addresses may be wrong. */
  readonly lost: LostNames;
}

/** The least that a member of an overlay costs, in units of the play's allowance. */
const perMember = 4;

/**
 * Allocates and builds every overlay for its members: its own `hosts`, or the playbook's. `--limit` is ignored, so
 * that a host's addresses don't depend on the selection.
 */
export function resolveOverlays({ inventory, playbook, playHosts, leases, lost }: Inputs): ResolvedOverlays {
  const merged = mergeOverlays(inventory, playbook, lost);
  const diagnostics: Diagnostic[] = [...merged.diagnostics];
  const ofHost = new Map<string, Map<string, HostOverlay>>();
  const failed = new Set([...inventory.overlays.keys(), ...playbook.overlays.keys()]);
  const members: { spec: OverlaySpec; members: Host[] }[] = [];
  let after = leases;
  let before = 0;
  for (const spec of merged.value.values()) {
    const names = spec.hosts === undefined ? playHosts : matchMembers(spec, inventory, lost, diagnostics);
    // A refused override adds its overlay's name to `lost`.
    if (names === undefined || lost.has(spec.name)) continue;
    const hosts = names.map((name) => inventory.hosts.get(name) as Host);
    members.push({ spec, members: hosts });
    // Each is also compared with those before it.
    spendWork(perMember * hosts.length * (1 + before++));
    // Unreadable hosts are further members, so what doesn't fit now won't fit with them either.
    const allocation = allocate(spec, hosts, leases.get(spec.name));
    diagnostics.push(...allocation.diagnostics);
    if (allocation.value === undefined || lost.has('all') || names.some((name) => lost.has(name))) continue;
    after = withLeases(after, spec.name, allocation.value);
    const built = buildOverlay(spec, hosts, allocation.value);
    diagnostics.push(...built.diagnostics);
    if (built.value !== undefined) failed.delete(spec.name);
    for (const [host, overlay] of built.value ?? []) {
      const replaced = after.get(spec.name)?.get(host)?.replaced;
      const known = replaced === undefined ? overlay : { ...overlay, replaced };
      ofHost.set(host, (ofHost.get(host) ?? new Map<string, HostOverlay>()).set(spec.name, known));
    }
  }
  diagnostics.push(...checkOverlays(members));
  return { ofHost, failed, leases: after, leaseChanges: diffLeases(leases, after), diagnostics };
}

function matchMembers(
  spec: OverlaySpec,
  { hosts, groups }: Inventory,
  lost: LostNames,
  diagnostics: Diagnostic[],
): readonly string[] | undefined {
  if (spec.hosts === undefined) return undefined;
  const matched = matchHosts(spec.hosts, { hosts, groups, lost }, { range: spec.at('hosts') });
  diagnostics.push(...matched.diagnostics);
  return matched.value;
}
