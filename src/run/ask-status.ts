import { statusScript } from '../transaction/host-scripts.ts';
import { parseStatus, type TransactionStatus } from '../transaction/status.ts';
import type { HostTarget } from '../transport/transport.ts';
import type { Trouble } from './events.ts';
import type { FleetOptions } from './open-fleet.ts';
import { inParallel } from './parallel.ts';
import { troubleOf } from './trouble.ts';

/** A host's transactions, oldest run first, or why they could not be read. */
export type HostStatus =
  | { readonly transactions: readonly TransactionStatus[] }
  | { readonly trouble: Trouble };

/** Asks every host, with one exec each. */
export async function askStatus(
  hosts: readonly HostTarget[],
  { transport, forks, signal }: Omit<FleetOptions, 'emit'>,
): Promise<Map<string, HostStatus>> {
  const states = await inParallel(hosts, forks, async (target): Promise<[string, HostStatus]> => {
    try {
      const connection = await transport.connect(target, { signal });
      try {
        const { stdout } = await connection.run(statusScript().text, { timeoutMs: 30_000, signal });
        return [target.name, { transactions: parseStatus(stdout) }];
      } finally {
        connection.close();
      }
    } catch (error) {
      return [target.name, { trouble: troubleOf(error) }];
    }
  });
  return new Map(states);
}
