import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { describePlace } from '../../diagnostics/position.ts';
import type { LostNames } from '../schema/draft.ts';
import type { Inventory, OverlaySpec, Playbook } from '../types.ts';

/**
 * The overlays of a run, the inventory's first. One name in both files is an error (`duplicate-overlay`), and is left
 * out of the value. A host's values for an overlay that neither file has are accepted, since another playbook may have
 * it; but a name similar to one of ours gets a warning (`unknown-overlay`), unless it is in `lost`.
 */
export function mergeOverlays(
  inventory: Pick<Inventory, 'hosts' | 'overlays'>,
  playbook: Pick<Playbook, 'overlays'>,
  lost: LostNames = new Set(),
): { value: ReadonlyMap<string, OverlaySpec>; diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const overlays = new Map(inventory.overlays);
  const duplicates: string[] = [];
  for (const [name, overlay] of playbook.overlays) {
    const other = inventory.overlays.get(name);
    if (other !== undefined) {
      diagnostics.push(duplicate(overlay, other));
      duplicates.push(name);
    }
    overlays.set(name, overlay);
  }
  diagnostics.push(...misspeltOverrides(inventory, overlays, lost));
  for (const name of duplicates) overlays.delete(name);
  return { value: overlays, diagnostics };
}

function duplicate(overlay: OverlaySpec, other: OverlaySpec): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-overlay',
    message: `the overlay '${overlay.name}' is also in the inventory`,
    range: overlay.at(),
    hint: `keep one of them; the other is at ${describePlace(other.at())}`,
  };
}

function misspeltOverrides(
  inventory: Pick<Inventory, 'hosts'>,
  overlays: ReadonlyMap<string, OverlaySpec>,
  lost: LostNames,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const host of inventory.hosts.values()) {
    for (const [name, override] of Object.entries(host.overlays)) {
      const meant = overlays.has(name) || lost.has(name) ? undefined : nearest(name, overlays.keys());
      if (meant === undefined) continue;
      const message = `${host.name} has values for an overlay '${name}', which doesn't exist`;
      diagnostics.push({
        severity: 'warning',
        code: 'unknown-overlay',
        message,
        range: override.at(),
        hint: `did you mean '${meant}'?`,
      });
    }
  }
  return diagnostics;
}
