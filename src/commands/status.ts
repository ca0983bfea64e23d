import { exitCodes } from '../diagnostics/errors.ts';
import { jsonText } from '../report/json-text.ts';
import { statusText } from '../report/status-text.ts';
import { askStatus } from '../run/ask-status.ts';
import { hostsOfInventory } from './hosts-of-inventory.ts';
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
  const hosts = hostsOfInventory(options);
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
