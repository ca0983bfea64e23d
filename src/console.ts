import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from './commands/io.ts';
import { exitCodes, RunError } from './diagnostics/errors.ts';
import { terminalOf } from './report/terminal.ts';

/** The process's own console. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreGoneReader);
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  let before: Promise<unknown> = Promise.resolve();
  const asked = (question: string, secret: boolean): Promise<string> => {
    // Several hosts may want to know something at once.
    const answer = before.then(() => ask(question, secret, io.signal));
    before = answer.catch(() => undefined);
    return answer;
  };
  const askAside = async (question: string, secret: boolean): Promise<string> => {
    if (!interactive) throw new RunError('state', `nobody can be asked without a terminal: ${question.trim()}`);
    return io.reporter === undefined ? asked(question, secret) : io.reporter.aside(() => asked(question, secret));
  };
  let signal: AbortSignal | undefined;
  const io: Io = {
    stdout: process.stdout,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: terminalOf(process.stdout, process.env),
    errTerminal: terminalOf(process.stderr, process.env),
    interactive,
    reporter: undefined,
    ask: (question) => askAside(question, false),
    askSecret: (question) => askAside(question, true),
    get signal() {
      signal ??= abortOnInterrupt();
      return signal;
    },
  };
  return io;
}

/** A second Ctrl-C ends the process at once. */
function abortOnInterrupt(): AbortSignal {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
      interrupted.abort(new RunError('state', 'interrupted'));
    });
  }
  return interrupted.signal;
}

/** Whoever reads our output may stop reading (`| head`). A run must not end half-way for that: it goes on unseen. */
function ignoreGoneReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
}

function ask(question: string, secret: boolean, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // readline echoes what is typed to its output: for a secret, one that keeps nothing.
    const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
    if (secret) process.stderr.write(question);
    const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
    const close = () => reader.close();
    let answer: string | undefined;
    signal.addEventListener('abort', close);
    reader.on('SIGINT', () => process.emit('SIGINT'));
    reader.on('close', () => {
      signal.removeEventListener('abort', close);
      // readline ends the line that it shows, when there is one.
      if (secret || answer === undefined) process.stderr.write('\n');
      if (answer !== undefined) resolve(answer);
      else
        reject(
          signal.aborted ? signal.reason : new RunError('state', `no answer was given: ${question.trim()}`),
        );
    });
    reader.question(secret ? '' : question, (line) => {
      answer = line;
      reader.close();
    });
  });
}
