import { extendScript } from '../transaction/host-scripts.ts';
import type { Connection } from '../transport/transport.ts';

interface Waiting {
  readonly run: string;
  readonly connection: Connection;
}

/**
 * Puts the deadlines of armed hosts off for as long as the controller lives, so that those that are done can wait
 * for the others. A host that can't be told simply expires. Returns what ends it.
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
