import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { nearest } from '../diagnostics/nearest.ts';
import { describePlace } from '../diagnostics/position.ts';
import type { Inventory, OverlaySpec, Playbook } from './types.ts';

/**
 * The overlays of a run, the inventory's first. One name in both files is an error (`duplicate-overlay`).
 * A host's values for an overlay that neither file has are let be, since another playbook may have it;
 * but a name that is nearly one of ours gets a warning (`unknown-overlay`).
 */
export function mergeOverlays(
  inventory: Inventory,
  playbook: Playbook,
): Checked<ReadonlyMap<string, OverlaySpec>> {
  const diagnostics: Diagnostic[] = [];
  const overlays = new Map(inventory.overlays);
  for (const [name, overlay] of playbook.overlays) {
    const other = inventory.overlays.get(name);
    if (other !== undefined) diagnostics.push(duplicate(overlay, other));
    overlays.set(name, overlay);
  }
  const failed = diagnostics.length > 0;
  diagnostics.push(...misspeltOverrides(inventory, overlays));
  return failed ? { diagnostics } : { value: overlays, diagnostics };
}

function duplicate(overlay: OverlaySpec, other: OverlaySpec): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-overlay',
    message: `the overlay '${overlay.name}' stands in the inventory too`,
    range: overlay.at(),
    hint: `keep one of them; the other is at ${describePlace(other.at())}`,
  };
}

function misspeltOverrides(inventory: Inventory, overlays: ReadonlyMap<string, OverlaySpec>): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const host of inventory.hosts.values()) {
    for (const [name, override] of Object.entries(host.overlays)) {
      const meant = overlays.has(name) ? undefined : nearest(name, overlays.keys());
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
