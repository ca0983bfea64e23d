import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { InvalidInput, RunError } from '../../diagnostics/errors.ts';
import type { Leases } from '../../ipam/leases.ts';
import { leasesPath, readLeases, writeLeases } from '../../ipam/leases-file.ts';
import { leaseLines } from '../../saved/restore-plan.ts';
import type { SavedPlan } from '../../saved/saved-plan.ts';

interface Options {
  readonly inventory?: string | readonly string[];
  readonly locked?: boolean;
}

/**
 * How to write the leases of a saved plan. The overlays that it changes must have the leases that they had when it was
 * made, or already the new ones.
 * @throws RunError if they don't, if `--locked` is given, or if the inventory isn't there to write them beside.
 */
export async function keepSavedLeases({ head }: SavedPlan, options: Options): Promise<() => Promise<void>> {
  const changed = Object.entries(head.leases);
  if (changed.length === 0) return async () => {};
  if (options.locked) {
    throw new RunError('state', `--locked refuses new leases (${leaseLines(head).join('; ')})`, {
      hint: 'commit the leases file first, then make the plan again',
    });
  }
  const [inventory = head.inventory] = [options.inventory ?? []].flat();
  if (!existsSync(inventory)) {
    throw new RunError(
      'state',
      `the plan gives out addresses, kept beside the inventory ${inventory}, which isn't here`,
      {
        hint: 'apply it where the inventory is, or name that with -i',
      },
    );
  }
  const path = leasesPath(inventory);
  const { value: now, diagnostics } = await readLeases(path);
  if (now === undefined) throw new InvalidInput(diagnostics);
  const stale = changed.filter(([overlay, { before, after }]) => {
    const current = Object.fromEntries(now.get(overlay) ?? []);
    return !isDeepStrictEqual(current, before) && !isDeepStrictEqual(current, after);
  });
  if (stale.length > 0) {
    const overlays = stale.map(([overlay]) => overlay).join(', ');
    throw new RunError('state', `the leases in ${path} have changed since the plan was made (${overlays})`, {
      hint: 'make the plan again and review it',
    });
  }
  const after: Leases = new Map([
    ...now,
    ...changed.map(([overlay, leases]) => [overlay, new Map(Object.entries(leases.after))] as const),
  ]);
  return () => writeLeases(path, after);
}
