import { setImmediate as turn } from 'node:timers/promises';
import { runProgram } from '../../src/run/program-run.ts';
import { createSshTransport } from '../../src/transport/ssh.ts';
import type { HostTarget } from '../../src/transport/transport.ts';

/**
 * Run by `node --expose-gc` with a host and `run` or `follow`: reports to its parent how many bytes more it holds once
 * the host has sent everything. Only the client is in this process, so nothing else counts.
 */
async function held(): Promise<number> {
  // Memory freed outside the heap is counted down one turn later.
  for (let times = 0; times < 3; times++) {
    global.gc?.();
    await turn();
  }
  const { heapUsed, external } = process.memoryUsage();
  // External memory includes array buffers.
  return heapUsed + external;
}

const [target, how] = process.argv.slice(2).map((text) => JSON.parse(text)) as [HostTarget, string];
const transport = createSshTransport();
const connection = await transport.connect(target);
await connection.run('warm up');
const before = await held();
const items = { 1: { step: 0, summary: 'a change' } };
const host = { target, run: 'a-run', transport, emit: () => {}, connection };
const work =
  how === 'follow'
    ? runProgram(host, { name: 'main', items }, 'apply')
    : connection.run('talk', { maxOutputBytes: 2 * 1024 * 1024 });
work.catch((error) => process.send?.({ error: String(error) }));
// Packets arrive in order: with this answer, all earlier ones have arrived.
await connection.run('all said');
process.send?.({ held: (await held()) - before }, () => process.exit());
