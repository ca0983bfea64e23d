import { afterEach, describe, expect, it } from 'vitest';
import { createSshTransport } from '../../src/transport/ssh.ts';
import type { RunOptions } from '../../src/transport/transport.ts';
import { type Arrived, type HostileHost, hostileHost } from './hostile-host.ts';

let host: HostileHost | undefined;
afterEach(() => host?.stop());

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** How a script ends on a host with this answer. */
async function end(answer: (arrived: Arrived) => unknown, options: RunOptions = {}): Promise<unknown> {
  host = await hostileHost(answer);
  const transport = createSshTransport();
  const connection = await transport.connect(host.target());
  return connection.run('true', options).finally(() => transport.close());
}

const begin = ({ channel, nonce }: Arrived) => channel.write(`meshbook-begin ${nonce}\n`);

describe('an end marker', () => {
  it.each([
    ['a line without an end', '0'.repeat(100_000)],
    ['a number that is invalid', '1e400\n'],
    ['a status that no shell has', '1234\n'],
    ['no number', '\n'],
    ['words', '0 and more\n'],
  ])('that is followed by %s is refused', async (_, rest) => {
    const answer = end((arrived) => {
      begin(arrived);
      arrived.channel.write(`meshbook-end ${arrived.nonce} ${rest}`);
    });
    await expect(answer).rejects.toMatchObject({
      code: 'protocol',
      message: 'the host ends the script with an invalid exit status',
    });
  });

  it('is the end, whatever a host sends after it', async () => {
    const answer = end((arrived) => {
      begin(arrived);
      arrived.channel.write(`meshbook-end ${arrived.nonce} 0\n`);
      const timer = setInterval(() => arrived.channel.write('x'), 10);
      arrived.channel.on('close', () => clearInterval(timer));
    });
    expect(await answer).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

describe("a host's output", () => {
  it.each(['stdout', 'stderr'] as const)('is refused if it is too long (%s)', async (name) => {
    const answer = end(
      async (arrived) => {
        begin(arrived);
        const stream = name === 'stdout' ? arrived.channel : arrived.channel.stderr;
        const block = 'x'.repeat(65_536);
        for (let open = true; open; ) open = stream.write(block) || (await arrived.drained());
      },
      { maxOutputBytes: 1_000_000 },
    );
    await expect(answer).rejects.toMatchObject({
      code: 'protocol',
      message: 'the script printed more than 1000000 bytes',
    });
  });
});

describe('a closed transport', () => {
  it('leaves no connection open, whatever was running', async () => {
    let arrived = 0;
    host = await hostileHost(() => {
      arrived += 1;
    });
    const transport = createSshTransport();
    const connections = [await transport.connect(host.target()), await transport.connect(host.target())];
    const runs = connections.map((connection) => connection.run('sleep 600'));
    const ends = Promise.allSettled(runs);
    await until(() => arrived === 2);
    transport.close();
    expect(await ends).toMatchObject(
      runs.map(() => ({ status: 'rejected', reason: { code: 'connection-lost' } })),
    );
    await until(() => host?.open() === 0);
  });
});
