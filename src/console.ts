import { setMaxListeners } from 'node:events';
import { fstatSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from './commands/output/io.ts';
import { exitCodes, RunError } from './diagnostics/errors.ts';
import { hasLogCommands, withoutLogCommands } from './report/text/log-commands.ts';
import { terminalOf } from './report/text/terminal.ts';
import { secrets } from './secrets/masker.ts';

/** The process's own console. */
export function processIo(): Io {
  process.stdout.on('error', outputFailed);
  // There is nowhere else to report it.
  process.stderr.on('error', () => {});
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  let before: Promise<unknown> = Promise.resolve();
  const asked = (question: string, secret: boolean): Promise<string> => {
    // Several hosts may ask at the same time.
    const answer = before.then(() => ask(question, secret, io.signal));
    before = answer.catch(() => undefined);
    return answer;
  };
  const askAside = async (question: string, secret: boolean): Promise<string> => {
    if (!interactive) throw new RunError('state', `there is no terminal to ask on: ${question.trim()}`);
    return io.reporter === undefined
      ? asked(question, secret)
      : io.reporter.aside(() => asked(question, secret));
  };
  let signal: AbortSignal | undefined;
  const interrupted = () => {
    const say = async () => io.err('Interrupted: stopping cleanly. Ctrl-C again ends meshbook at once.\n');
    if (io.reporter !== undefined) void io.reporter.aside(say);
  };
  const interruptedAgain = () => {
    if (io.reporter !== undefined) leave(io);
    process.exit(exitCodes.interrupted);
  };
  const io: Io = {
    stdout: process.stdout,
    out: (text) => void process.stdout.write(shown(text, 1)),
    err: (text) => void process.stderr.write(shown(text, 2)),
    annotate: (text) => void process.stdout.write(secrets.text(text)),
    terminal: terminalOf(process.stdout, process.env),
    errTerminal: terminalOf(process.stderr, process.env),
    interactive,
    reporter: undefined,
    ask: (question) => askAside(question, false),
    askSecret: (question) => askAside(question, true),
    get signal() {
      signal ??= abortOnInterrupt(interrupted, interruptedAgain);
      return signal;
    },
  };
  return io;
}

/**
 * Output was already masked piece by piece before it was laid out; this is the safety net. A file gets exact bytes.
 */
function shown(text: string, fd: number): string {
  const open = secrets.text(text);
  return hasLogCommands(process.env) && !isFile(fd) ? withoutLogCommands(open) : open;
}

function isFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile();
  } catch {
    return false;
  }
}

function abortOnInterrupt(onFirst: () => void, onSecond: () => void): AbortSignal {
  const controller = new AbortController();
  // Every host in progress listens.
  setMaxListeners(0, controller.signal);
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) return onSecond();
      controller.abort(new RunError('state', 'interrupted'));
      onFirst();
    });
  }
  return controller.signal;
}

/** Final output, past a reporter that holds output back; also shows the cursor, which it may have hidden. */
function leave({ terminal }: Io): void {
  const showCursor = terminal.interactive ? '\u001b[?25h\n' : '';
  try {
    writeSync(1, showCursor);
    writeSync(2, 'Ended at once. Hosts finish what they have begun; see `meshbook runs`.\n');
  } catch {
    // There is nobody left to tell.
  }
}

/**
 * A run must not stop half-way because its output can't be written: it continues without output. A reader may stop
 * reading (`| head`), which is no error.
 */
function outputFailed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || error.code === 'EIO' || failedOutput) return;
  failedOutput = true;
  process.stderr.write(`meshbook: can't write the output: ${error.message}\n`);
  process.on('exit', (code) => {
    if (code === exitCodes.done) process.exitCode = exitCodes.invalid;
  });
}

let failedOutput = false;

function ask(question: string, secret: boolean, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // readline echoes input to its output: for a secret, one that discards it.
    const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
    const reader = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
    // Echo is off only now: a user who sees the question may type.
    if (secret) process.stderr.write(question);
    const close = () => reader.close();
    // Ctrl-D gives no answer, which counts as an empty one.
    let answer: string | undefined;
    signal.addEventListener('abort', close);
    reader.on('SIGINT', () => process.emit('SIGINT'));
    reader.on('close', () => {
      signal.removeEventListener('abort', close);
      // readline ends the line that it shows, if there is one.
      if (secret || answer === undefined) process.stderr.write('\n');
      if (signal.aborted) reject(signal.reason);
      else resolve(answer ?? '');
    });
    reader.question(secret ? '' : question, (line) => {
      answer = line;
      reader.close();
    });
  });
}
