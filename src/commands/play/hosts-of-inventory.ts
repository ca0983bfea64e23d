import { InvalidInput } from '../../diagnostics/errors.ts';
import { loadInventory } from '../../model/inventory/inventory.ts';
import { limitHosts } from '../../model/inventory/limit.ts';
import type { Host } from '../../model/types.ts';

export interface InventoryOptions {
  readonly inventory?: string | readonly string[];
  readonly limit?: string;
  readonly become?: boolean;
}

/** The inventory's hosts, or those that `--limit` selects. @throws InvalidInput */
export function hostsOfInventory({ inventory: files, limit, become }: InventoryOptions): Host[] {
  if (files === undefined) {
    const hint = 'use -i FILE, or set MESHBOOK_INVENTORY';
    throw new InvalidInput([
      { severity: 'error', code: 'no-inventory', message: 'no inventory given', hint },
    ]);
  }
  const inventory = loadInventory(...[files].flat());
  if (inventory.value === undefined) throw new InvalidInput(inventory.diagnostics);
  const all = [...inventory.value.hosts.values()].map((host) => (become ? { ...host, become } : host));
  if (limit === undefined) return all;
  const limited = limitHosts(limit, inventory.value);
  if (limited.value === undefined) throw new InvalidInput(limited.diagnostics);
  return all.filter(({ name }) => limited.value?.includes(name));
}
