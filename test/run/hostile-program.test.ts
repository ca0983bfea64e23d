import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/run/events.ts';
import { type HostRun, runProgram } from '../../src/run/program-run.ts';
import type { StageIndex } from '../../src/run/stage-item.ts';
import { createSshTransport } from '../../src/transport/ssh.ts';
import { type Arrived, type HostileHost, hostileHost } from '../transport/hostile-host.ts';

let host: HostileHost | undefined;
const transport = createSshTransport();
afterEach(async () => {
  transport.close();
  await host?.stop();
});

function stage(changes: number): StageIndex {
  const ids = Array.from(
    { length: changes },
    (_, i) => [`${i + 1}`, { step: i, summary: `change ${i}` }] as const,
  );
  return { name: 'main', items: Object.fromEntries(ids) };
}

/** The end of an apply, and its result, on a host with these answers once it is connected. */
async function apply(changes: number, answer: (arrived: Arrived) => unknown) {
  host = await hostileHost(answer);
  const events: RunEvent[] = [];
  const target = host.target();
  const connection = await transport.connect(target);
  const run: HostRun = { target, run: 'a-run', transport, emit: (event) => events.push(event), connection };
  try {
    return { result: await runProgram(run, stage(changes), 'apply'), events };
  } catch (error) {
    return { error, events };
  } finally {
    run.connection.close();
  }
}

/** Repeats a line as long as someone reads. */
async function flood({ channel, nonce, drained }: Arrived, first: string, again: string): Promise<void> {
  channel.write(`meshbook-begin ${nonce}\n${first}`);
  const block = again.repeat(Math.ceil(65_536 / again.length));
  for (let open = true; open; ) open = channel.write(block) || (await drained());
}

describe('a host that reports endlessly about a program', () => {
  it.each([
    ['the same change', 'begin 1\n', 'ok 1\n', 'reports what no program of ours does next: ok 1'],
    ['notices', 'begin 1\n', 'notice 1 eA==\n', 'prints more than any program of ours'],
    ['a line', 'failed 1 1 ', 'eHh4', 'prints more than any program of ours'],
    ['blank lines', '', '\n', 'reported what no program of ours prints: ""'],
  ])('(%s) is cut off, and little of it is kept', async (_, first, again, message) => {
    const { error, events } = await apply(3, (arrived) => flood(arrived, first, again));
    expect(error).toMatchObject({ code: 'protocol', message: expect.stringContaining(message) });
    expect(events.length).toBeLessThanOrEqual(1002);
  });

  it('is ignored once it has reported the end', async () => {
    const { result, events } = await apply(1, (arrived) =>
      flood(arrived, 'begin 1\nok 1\nend ok\n', 'ok 1\n'),
    );
    expect(result).toMatchObject({ outcome: 'ok', completed: 1 });
    expect(events.map(({ type }) => type)).toEqual(['change', 'change']);
  });

  it('and loses its connection each time is given up', { timeout: 300_000 }, async () => {
    let told = 0;
    const { error, events } = await apply(1000, ({ channel, nonce, connection }) => {
      told += 1;
      const line = told % 2 === 1 ? `begin ${(told + 1) / 2}\n` : `ok ${told / 2}\n`;
      channel.write(`meshbook-begin ${nonce}\n${line}`, () => connection.end());
    });
    expect(error).toMatchObject({
      code: 'connection-lost',
      message: 'the connection was lost 100 times in this run',
    });
    expect(told).toBeLessThanOrEqual(101);
    expect(events.length).toBeLessThanOrEqual(3 * 101);
  });
});
