import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Arrived, type HostileHost, hostileHost } from './hostile-host.ts';

let host: HostileHost | undefined;
afterEach(() => host?.stop());

const packets = 60_000;

/** How many bytes a client holds for output in packets of one byte, on a stream that goes on. */
async function heldFor(how: 'run' | 'follow', stream: 'stdout' | 'stderr', line: string): Promise<unknown> {
  let saidAll = () => {};
  const allSaid = new Promise<void>((resolve) => {
    saidAll = resolve;
  });
  host = await hostileHost(async (arrived) => {
    const { channel, nonce, input } = arrived;
    channel.write(`meshbook-begin ${nonce}\n`);
    if (!input.includes('warm up') && !input.includes('all said')) {
      await say(arrived, stream, line);
      return saidAll();
    }
    if (input.includes('all said')) await allSaid;
    channel.write(`meshbook-end ${nonce} 0\n`);
  });
  const client = fork(
    join(import.meta.dirname, 'measured-client.ts'),
    [JSON.stringify(host.target()), JSON.stringify(how)],
    { execArgv: ['--import', 'tsx', '--expose-gc'] },
  );
  const answer = await new Promise<unknown>((resolve, reject) => {
    client.once('message', resolve);
    client.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
  });
  return (answer as { held?: number }).held ?? answer;
}

async function say({ channel, drained }: Arrived, name: 'stdout' | 'stderr', line: string): Promise<void> {
  const stream = name === 'stdout' ? channel : channel.stderr;
  if (name === 'stdout' && line.startsWith('notice')) channel.write('begin 1\n');
  for (let sent = 0; sent < packets; sent++) {
    if (!stream.write(line[sent % line.length])) {
      await (stream === channel ? drained() : new Promise((resolve) => stream.once('drain', resolve)));
    }
  }
}

const notice = `notice 1 ${'eHh4'.repeat(300)}\n`;

describe('the memory that a client holds for a host that sends one byte per packet', () => {
  it.each([
    ['run', 'stdout', 'x'],
    ['run', 'stderr', 'x'],
    ['follow', 'stdout', notice],
    ['follow', 'stderr', 'x'],
  ] as const)(
    'is little more than what is needed (%s, %s)',
    { timeout: 120_000 },
    async (how, stream, line) => {
      const held = await heldFor(how, stream, line);
      expect(held).toBeTypeOf('number');
      expect(held).toBeLessThan(1024 * 1024 + 2 * packets);
    },
  );
});
