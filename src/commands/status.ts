import { exitCodes } from '../diagnostics/errors.ts';
import { type ExpiredRun, expire } from '../journal/expire.ts';
import { Journal } from '../journal/journal.ts';
import { statusText } from '../report/run/status-text.ts';
import { jsonText } from '../report/text/json-text.ts';
import { askStatus, type HostStatus } from '../run/ask-status.ts';
import { parseReport } from '../transaction/status.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { Io } from './output/io.ts';
import { hostsOfInventory } from './play/hosts-of-inventory.ts';
import { transportFor } from './play/open-play.ts';
import type { ConnectOptions } from './play/options.ts';

export interface StatusOptions extends ConnectOptions {
  readonly inventory?: string | readonly string[];
  readonly limit?: string;
  readonly json?: boolean;
}

/**
 * `meshbook status`: the state of meshbook's transactions on every host. Updates the records of runs that hosts have
 * undone themselves.
 */
export async function status(options: StatusOptions, io: Io): Promise<number> {
  const hosts = hostsOfInventory(options);
  const transport = transportFor(options, io);
  try {
    const states = await askStatus(hosts, { transport, forks: options.forks, signal: io.signal });
    note(hosts, states, new Journal(options.stateDir));
    io.out(options.json ? `${jsonText(Object.fromEntries(states), 2)}\n` : statusText(states, io.terminal));
    if ([...states.values()].some((state) => 'trouble' in state)) return exitCodes.unreachable;
    return exitCodes.done;
  } finally {
    transport.close();
  }
}

function note(hosts: readonly HostTarget[], states: ReadonlyMap<string, HostStatus>, journal: Journal): void {
  const found = hosts.flatMap((target) => {
    const state = states.get(target.name);
    if (state === undefined || 'trouble' in state) return [];
    return state.transactions.flatMap(({ run, report }): ExpiredRun[] => {
      const undo = parseReport(report);
      return undo === undefined ? [] : [{ run, target, undo }];
    });
  });
  expire(journal, found);
}
