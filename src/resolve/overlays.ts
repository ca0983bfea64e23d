import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { allocate } from '../ipam/allocate.ts';
import { diffLeases, type LeaseChange, type Leases, withLeases } from '../ipam/leases.ts';
import { mergeOverlays } from '../model/merge-overlays.ts';
import { matchHosts } from '../model/pattern.ts';
import type { Host, Inventory, OverlaySpec, Playbook } from '../model/types.ts';
import { buildOverlay } from '../topology/build.ts';
import { checkOverlays } from '../topology/check-overlays.ts';
import type { HostOverlay } from '../topology/types.ts';

export interface ResolvedOverlays {
  /** By host, then by overlay. */
  readonly ofHost: ReadonlyMap<string, ReadonlyMap<string, HostOverlay>>;
  readonly leases: Leases;
  readonly leaseChanges: readonly LeaseChange[];
}

/**
 * Allocates and builds every overlay for its members: its own `hosts`, or the playbook's. `--limit` has no
 * part in it, so that a host's addresses don't depend on what else is looked at.
 */
export function resolveOverlays(
  inventory: Inventory,
  playbook: Playbook,
  playHosts: readonly string[],
  leases: Leases,
): Checked<ResolvedOverlays> {
  const merged = mergeOverlays(inventory, playbook);
  const diagnostics: Diagnostic[] = [...merged.diagnostics];
  const ofHost = new Map<string, Map<string, HostOverlay>>();
  const members: { spec: OverlaySpec; members: Host[] }[] = [];
  let after = leases;
  for (const spec of merged.value?.values() ?? []) {
    const names = membersOf(spec, inventory, playHosts, diagnostics);
    const hosts = names.map((name) => inventory.hosts.get(name) as Host);
    members.push({ spec, members: hosts });
    const allocation = allocate(spec, hosts, leases.get(spec.name));
    diagnostics.push(...allocation.diagnostics);
    if (allocation.value === undefined) continue;
    after = withLeases(after, spec.name, allocation.value);
    const built = buildOverlay(spec, hosts, allocation.value);
    diagnostics.push(...built.diagnostics);
    for (const [host, overlay] of built.value ?? []) {
      ofHost.set(host, (ofHost.get(host) ?? new Map<string, HostOverlay>()).set(spec.name, overlay));
    }
  }
  diagnostics.push(...checkOverlays(members));
  return { value: { ofHost, leases: after, leaseChanges: diffLeases(leases, after) }, diagnostics };
}

function membersOf(
  spec: OverlaySpec,
  inventory: Inventory,
  playHosts: readonly string[],
  diagnostics: Diagnostic[],
): readonly string[] {
  if (spec.hosts === undefined) return playHosts;
  const matched = matchHosts(spec.hosts, inventory, { range: spec.at('hosts') });
  diagnostics.push(...matched.diagnostics);
  return matched.value ?? [];
}
