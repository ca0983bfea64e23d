import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Io } from './commands/io.ts';
import { RunError } from './diagnostics/errors.ts';
import { terminalOf } from './report/terminal.ts';

/** The process's own console. A second Ctrl-C ends the process at once. */
export function processIo(): Io {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130));
    interrupted.abort(new RunError('state', 'interrupted'));
  });
  // Whoever reads our output may stop reading (`| head`); that isn't an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    stdout: process.stdout,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    terminal: terminalOf(process.stdout, process.env),
    errTerminal: terminalOf(process.stderr, process.env),
    interactive,
    ask: (question) => ask(question, interactive, false, interrupted.signal),
    askSecret: (question) => ask(question, interactive, true, interrupted.signal),
    signal: interrupted.signal,
    env: process.env,
  };
}

async function ask(question: string, interactive: boolean, secret: boolean, signal: AbortSignal): Promise<string> {
  if (!interactive) throw new RunError('state', `nobody can be asked without a terminal: ${question.trim()}`);
  process.stderr.write(question);
  // readline echoes what is typed to its output: for a secret, one that keeps nothing.
  const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  reader.on('SIGINT', () => process.emit('SIGINT'));
  try {
    return await reader.question('', { signal });
  } finally {
    reader.close();
    if (secret) process.stderr.write('\n');
  }
}
