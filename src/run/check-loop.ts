import { randomBytes } from 'node:crypto';
import { type LoopCount, loopResults } from '../checks/loop-results.ts';
import {
  type LoopAnswer,
  listenFor,
  listenScript,
  readLoopAnswer,
  sendScript,
  stopScript,
} from '../checks/loop-script.ts';
import type { CheckResult } from '../checks/result.ts';
import { type CheckTask, loopLinks } from '../checks/tasks.ts';
import { RunError } from '../diagnostics/errors.ts';
import type { Connection } from '../transport/transport.ts';

const answerMs = 10_000;

/** Ends a host's part in the check, with the reason. */
type GiveUp = (host: string, error: unknown) => void;

/**
 * Runs one `loop` check: every host listens before any sends, each source sends one broadcast, and what arrives is
 * counted. If broadcasts were lost it is repeated, as long as the check retries.
 */
export async function checkLoop(
  tasks: readonly CheckTask[],
  connections: ReadonlyMap<string, Connection>,
  giveUp: GiveUp,
): Promise<CheckResult[]> {
  const [first] = tasks;
  if (first === undefined) return [];
  const end = performance.now() + first.retry * 1000;
  while (true) {
    const results = loopResults(tasks, await round(tasks, connections, giveUp));
    const settled =
      results.some(({ state }) => state === 'failed') || results.every(({ state }) => state === 'ok');
    if (settled || performance.now() >= end) return results;
  }
}

async function round(
  tasks: readonly CheckTask[],
  connections: ReadonlyMap<string, Connection>,
  giveUp: GiveUp,
): Promise<Map<string, LoopCount>> {
  const mark = randomBytes(12).toString('hex');
  const links = loopLinks(tasks);
  const names = [...links.keys()];
  const ears = new Map<string, LoopCount>();
  const listeners = new Map<string, Listener>();
  await each(names, async (host) => {
    const listener = listen(connections.get(host) as Connection, links.get(host) as string, mark);
    listeners.set(host, listener);
    await listener.ready;
  });
  const sources = new Set(tasks.map(({ source }) => source));
  const failures = new Map<string, string>();
  await each(
    [...listeners.keys()].filter((host) => sources.has(host)),
    async (host) => {
      const script = sendScript(links.get(host) as string, mark, names.indexOf(host));
      const { stdout } = await (connections.get(host) as Connection).run(script.text, {
        timeoutMs: answerMs,
      });
      const { sent, cannot } = readLoopAnswer(stdout, mark);
      if (!sent) failures.set(host, cannot ?? 'it was not sent');
    },
  );
  // A looping frame returns long before this.
  await new Promise((resolve) => setTimeout(resolve, (tasks[0]?.timeout ?? 1) * 1000));
  await each([...listeners.keys()], async (host) => {
    const listener = listeners.get(host) as Listener;
    const { pid } = await listener.ready;
    if (pid !== undefined) {
      await (connections.get(host) as Connection).run(stopScript(pid).text, { timeoutMs: answerMs });
    }
    const { heard, ended, cannot } = await listener.done;
    if (!ended && cannot === undefined)
      throw new RunError('protocol', 'a listener ended without an answer', { host });
    const why = cannot ?? failures.get(host);
    const byName = [...heard].flatMap(([number, times]): [string, number][] => {
      const name = names[number];
      return name === undefined ? [] : [[name, times]];
    });
    ears.set(host, { heard: new Map(byName), ...(why === undefined ? {} : { cannot: why }) });
  });
  return ears;

  // A host that fails takes no further part; the others go on.
  async function each(hosts: readonly string[], work: (host: string) => Promise<void>): Promise<void> {
    await Promise.all(
      hosts.map((host) =>
        work(host).catch((error: unknown) => {
          listeners.delete(host);
          giveUp(host, error);
        }),
      ),
    );
  }
}

interface Listener {
  /** Resolves when it listens, or has reported that it can't. */
  readonly ready: Promise<LoopAnswer>;
  readonly done: Promise<LoopAnswer>;
}

function listen(connection: Connection, link: string, mark: string): Listener {
  let output = '';
  let isReady: (answer: LoopAnswer) => void;
  let isNotReady: (error: unknown) => void;
  const ready = new Promise<LoopAnswer>((resolve, reject) => {
    isReady = resolve;
    isNotReady = reject;
  });
  const read = () => {
    try {
      const answer = readLoopAnswer(output, mark);
      if (answer.pid !== undefined || answer.cannot !== undefined) isReady(answer);
    } catch (error) {
      isNotReady(error);
    }
  };
  const script = listenScript(link, mark, listenFor);
  const done = connection
    .run(script.text, {
      timeoutMs: (listenFor + 10) * 1000,
      maxOutputBytes: 256 * 1024,
      onStdout: (text) => {
        output += text;
        if (text.includes('\n')) read();
      },
    })
    .then(() => {
      const answer = readLoopAnswer(output, mark);
      isReady(answer);
      return answer;
    });
  done.catch((error: unknown) => isNotReady(error));
  return { ready, done };
}
