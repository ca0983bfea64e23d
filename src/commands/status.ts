import { exitCodes, InvalidInput } from '../diagnostics/errors.ts';
import { loadInventory } from '../model/inventory.ts';
import { limitHosts } from '../model/limit.ts';
import type { Host } from '../model/types.ts';
import { jsonText } from '../report/json-text.ts';
import { statusText } from '../report/status-text.ts';
import { askStatus } from '../run/ask-status.ts';
import type { Io } from './io.ts';
import { transportFor } from './open-play.ts';
import type { ConnectOptions } from './options.ts';

export interface StatusOptions extends ConnectOptions {
  readonly inventory?: string;
  readonly limit?: string;
  readonly json?: boolean;
}

/** `meshbook status`: what every host holds of meshbook's transactions. */
export async function status(options: StatusOptions, io: Io): Promise<number> {
  const hosts = hostsOf(options);
  const transport = transportFor(options, io);
  try {
    const states = await askStatus(hosts, { transport, forks: options.forks, signal: io.signal });
    io.out(options.json ? `${jsonText(Object.fromEntries(states), 2)}\n` : statusText(states, io.terminal));
    if ([...states.values()].some((state) => 'trouble' in state)) return exitCodes.unreachable;
    return exitCodes.done;
  } finally {
    transport.close();
  }
}

function hostsOf({ inventory: file, limit, become }: StatusOptions): Host[] {
  if (file === undefined) {
    const hint = 'use -i FILE, or set MESHBOOK_INVENTORY';
    throw new InvalidInput([
      { severity: 'error', code: 'no-inventory', message: 'no inventory given', hint },
    ]);
  }
  const inventory = loadInventory(file);
  if (inventory.value === undefined) throw new InvalidInput(inventory.diagnostics);
  const all = [...inventory.value.hosts.values()].map((host) => (become ? { ...host, become } : host));
  if (limit === undefined) return all;
  const limited = limitHosts(limit, inventory.value);
  if (limited.value === undefined) throw new InvalidInput(limited.diagnostics);
  return all.filter(({ name }) => limited.value?.includes(name));
}
