import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RunError, type RunErrorCode } from '../../src/diagnostics/errors.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { ask, type HostSession, reconnect, withRetry } from '../../src/run/patience.ts';
import type { Connection } from '../../src/transport/transport.ts';

const failure = (code: RunErrorCode) => new RunError(code, code);
const answer = { exitCode: 0, stdout: 'yes', stderr: '', durationMs: 0 };

/** A host whose connections and answers come from a list; the last one repeats. */
function host(connects: readonly (RunErrorCode | 'ok')[], answers: readonly (RunErrorCode | 'ok')[]) {
  const tried: string[] = [];
  const next = (list: readonly (RunErrorCode | 'ok')[], what: string) => {
    const own = tried.filter((one) => one === what).length;
    tried.push(what);
    const code = list[Math.min(own, list.length - 1)] ?? 'ok';
    if (code !== 'ok') throw failure(code);
  };
  const connection: Connection = {
    run: async () => {
      next(answers, 'ask');
      return answer;
    },
    close: () => {},
  };
  const talk: HostSession = {
    target: { name: 'a', address: 'a', become: false, ssh: {} as never },
    transport: {
      connect: async () => {
        next(connects, 'connect');
        return connection;
      },
      close: () => {},
    },
    connection,
  };
  return { talk, tried };
}

describe('a host in conversation', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** The seconds until it ends, and how. */
  async function timed(work: Promise<unknown>): Promise<[number, string]> {
    const start = Date.now();
    let end: [number, string] | undefined;
    const done = (how: string) => {
      end = [Math.round((Date.now() - start) / 1000), how];
    };
    work.then(
      () => done('ok'),
      (error: RunError) => done(error.code),
    );
    while (end === undefined) await vi.advanceTimersByTimeAsync(500);
    return end;
  }

  it('is asked again over a new connection', async () => {
    const { talk, tried } = host(['connect-failed', 'ok'], ['connection-lost', 'ok']);
    expect(await timed(ask(talk, ':'))).toEqual([1, 'ok']);
    expect(tried).toEqual(['ask', 'connect', 'connect', 'ask']);
    expect(talk.silentSince).toBeUndefined();
  });

  it('is given up after 30 s, and then gets one more try for each request', async () => {
    const { talk, tried } = host(['connect-failed'], ['connection-lost']);
    const [seconds, how] = await timed(ask(talk, ':'));
    expect(how).toBe('connection-lost');
    expect(seconds).toBeGreaterThanOrEqual(30);
    expect(seconds).toBeLessThan(33);
    tried.length = 0;
    expect(await timed(ask(talk, ':'))).toEqual([0, 'connection-lost']);
    expect(tried).toEqual(['ask', 'connect']);
  });

  it('gets the full time again once it has answered', async () => {
    const { talk } = host(['ok'], ['connection-lost', 'ok', 'connection-lost', 'ok']);
    await timed(ask(talk, ':'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await timed(ask(talk, ':'))).toEqual([0, 'ok']);
  });

  it('is not asked for ever if it accepts connections and never answers', async () => {
    const { talk } = host(['ok'], ['timeout']);
    let calls = 0;
    talk.connection.run = async () => {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      throw failure('timeout');
    };
    const [seconds, how] = await timed(ask(talk, ':'));
    expect(how).toBe('timeout');
    expect(seconds).toBeLessThanOrEqual(50);
    expect(calls).toBeLessThanOrEqual(5);
  });

  it('is reported as lost, retried, and back, instead of a long silence', async () => {
    const { talk } = host(['connect-failed', 'ok'], ['connection-lost', 'ok']);
    const notices: string[] = [];
    const emit = (event: RunEvent) => notices.push(event.type === 'notice' ? event.message : event.type);
    expect(await timed(ask({ ...talk, emit }, ':'))).toEqual([1, 'ok']);
    expect(notices).toEqual(['connection-lost; trying again, for 30 s', 'connected again']);
  });

  it('is not asked again if the work itself failed', async () => {
    const { talk, tried } = host([], ['state']);
    expect(await timed(withRetry(talk, () => talk.connection.run(':')))).toEqual([0, 'state']);
    expect(tried).toEqual(['ask']);
  });

  it("reports why it can't be reached", async () => {
    const { talk } = host(['auth-failed'], []);
    expect((await timed(reconnect(talk)))[1]).toBe('auth-failed');
  });
});
