import { Writable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { liveReporter } from '../../../src/report/run/live-reporter.ts';
import type { Phase, RunEvent } from '../../../src/run/events.ts';

/** A stream like a terminal's, and everything that was written to it. */
function terminal() {
  const writes: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      writes.push(String(chunk));
      done();
    },
  }) as unknown as NodeJS.WriteStream;
  Object.assign(stream, { isTTY: true, columns: 80, rows: 40 });
  return { stream, writes };
}

const steps = ['Packages', 'OVS bridge', 'Linux bridge', 'Tunnels', 'Docker', 'Reboot'];

function eventsOf(host: string): RunEvent[] {
  const phase = (name: Phase, inside: RunEvent[] = []): RunEvent[] => [
    { type: 'phase', host, phase: name, state: 'begin' },
    ...inside,
    { type: 'phase', host, phase: name, state: 'end' },
  ];
  const changes = steps.flatMap((_, step): RunEvent[] => {
    const change = {
      type: 'change',
      host,
      verb: 'apply',
      stage: 'main',
      id: `${step + 1}`,
      step,
      summary: 'x',
    } as const;
    return [
      { ...change, state: 'begin' },
      { ...change, state: 'ok' },
    ];
  });
  return [
    ...phase('connect'),
    ...phase('probe'),
    ...phase('prepare'),
    ...phase('apply', changes),
    ...phase('verify'),
  ];
}

afterEach(() => void vi.useRealTimers());

describe('liveReporter', () => {
  it('writes nothing if nothing happens', async () => {
    const { stream, writes } = terminal();
    await liveReporter(stream, { color: false, steps }).close();
    expect(writes).toEqual([]);
  });

  it("shows the run's id when it begins", async () => {
    const { stream, writes } = terminal();
    const reporter = liveReporter(stream, { color: false, steps });
    reporter.handle({ type: 'run-started', run: '20261121-031350-b4220f', verb: 'apply', hosts: ['a'] });
    for (const event of eventsOf('a')) reporter.handle(event);
    await reporter.close();
    expect(writes[0]).toBe('Run 20261121-031350-b4220f\n');
  });

  it('leaves its last picture and a visible cursor', async () => {
    const { stream, writes } = terminal();
    const reporter = liveReporter(stream, { color: false, steps });
    for (const event of eventsOf('a')) reporter.handle(event);
    await reporter.close();
    expect(writes.join('')).toContain('✔ Packages            1/1\n✔ OVS bridge          1/1\n');
    expect(writes.join('').lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      writes.join('').lastIndexOf('\u001b[?25l'),
    );
  });

  it('gives up the terminal for a question, and takes it back', async () => {
    const { stream, writes } = terminal();
    const reporter = liveReporter(stream, { color: false, steps });
    const [first, ...more] = eventsOf('a');
    reporter.handle(first as RunEvent);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const answer = await reporter.aside(async () => {
      stream.write('Password: ');
      const shown = writes.length;
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect(writes.slice(shown)).toEqual([]);
      expect(writes.at(-1)).toBe('Password: ');
      return 'secret';
    });
    expect(answer).toBe('secret');
    for (const event of more) reporter.handle(event);
    await reporter.close();
    expect(writes.join('')).toContain('✔ Verify');
  });

  it('redraws at most every 150 ms, and writes no more for 300 hosts than for three', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const shown = async (hosts: number) => {
      const { stream, writes } = terminal();
      const reporter = liveReporter(stream, { color: true, steps });
      const events = Array.from({ length: hosts }, (_, i) => eventsOf(`docker${i}`));
      let ms = 0;
      for (let i = 0; i < (events[0]?.length ?? 0); i++) {
        for (const ofHost of events) reporter.handle(ofHost[i] as RunEvent);
        // The view opens in its own turn of the event loop.
        await new Promise((resolve) => setImmediate(resolve));
        vi.advanceTimersByTime(40);
        ms += 40;
      }
      const draws = writes.filter((text) => text.includes('Connect')).length;
      expect(draws).toBe(Math.floor(ms / 150));
      await reporter.close();
      const text = writes.join('');
      expect(text).toContain(`${hosts}/${hosts}`);
      return text.length;
    };
    const [few, many] = [await shown(3), await shown(300)];
    // `300` has two digits more than `3`, and more names fill a line.
    expect(many).toBeLessThan(2 * few);
  });
});
