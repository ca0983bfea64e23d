import { extendScript } from '../transaction/host-scripts.ts';
import type { Connection } from '../transport/transport.ts';

interface Waiting {
  readonly run: string;
  readonly connection: Connection;
}

/**
 * Extends the deadlines of armed hosts while the controller lives, so that hosts that are done can wait for the
 * others. The deadline of a host that can't be reached simply passes. Returns a function that ends it.
 */
export function startHeartbeat(hosts: () => readonly Waiting[], confirmTimeout: number): () => void {
  const beat = () => {
    for (const { run, connection } of hosts()) {
      connection.run(extendScript(run).text, { timeoutMs: confirmTimeout * 1000 }).catch(() => {});
    }
  };
  const timer = setInterval(beat, (confirmTimeout * 1000) / 3);
  return () => clearInterval(timer);
}
