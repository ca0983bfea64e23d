import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { ClientChannel } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import { tidy } from '../json/records.ts';
import { askedAgain } from './become.ts';
import { Bytes } from './bytes.ts';
import { beginMarker, FrameReader, frameScript } from './framing.ts';

export interface ExchangeOptions {
  readonly script: string;
  /** For sudo; nothing else is sent until sudo has accepted it. */
  readonly password?: string;
  readonly maxOutputBytes: number;
  /** Receives the output, which then isn't kept. */
  readonly onStdout?: (text: string) => void;
}

/** The raw result of an exec. */
export interface Exchange {
  /** The receiver has run: sudo, if any, has accepted. */
  readonly ready: boolean;
  /** The script has arrived, or has begun to arrive. */
  readonly begun: boolean;
  /** From the end marker. */
  readonly exitCode?: number;
  /** The remote process's, as sshd reports it; undefined if the channel just closed. */
  readonly processExit?: number | null;
  readonly signal?: string;
  readonly noise: string;
  readonly stdout: string;
  /** The text after the begin marker; all of it if there was none. */
  readonly stderr: string;
}

/** How long stderr may still arrive after the end marker, and how long sudo may take to check a password. */
const graceMs = 300;
const sudoMs = 30_000;

/** What has come back so far. */
class Answer {
  readonly #options: ExchangeOptions;
  readonly #nonce: string;
  readonly #reader: FrameReader;
  readonly #stdout = new Bytes();
  readonly #stderr = new Bytes();
  readonly #decoder = new StringDecoder('utf8');
  #bytes = 0;
  #exit: Pick<Exchange, 'processExit' | 'signal'> = {};

  constructor(nonce: string, options: ExchangeOptions) {
    this.#options = options;
    this.#nonce = nonce;
    this.#reader = new FrameReader(nonce, (part) => {
      if (options.onStdout) this.#report(this.#decoder.write(part));
      else this.#stdout.add(part);
    });
  }

  /** Sudo, if any, has let us in. */
  get isReady(): boolean {
    return this.#reader.ready;
  }

  /** The end marker is there. */
  get isComplete(): boolean {
    return this.#reader.exitCode !== undefined;
  }

  /** @throws RunError for too much output, and for an invalid end marker */
  addStdout(chunk: Buffer): void {
    this.#count(chunk);
    this.#reader.push(chunk);
  }

  /** @throws RunError for too much output */
  addStderr(chunk: Buffer): void {
    this.#count(chunk);
    this.#stderr.add(chunk);
  }

  /** How the remote process ended. */
  exited(processExit: number | null, signal: string | undefined): void {
    this.#exit = tidy({ processExit, signal });
  }

  finish(): Exchange {
    this.#reader.finish();
    this.#report(this.#decoder.end());
    const { ready, begun, exitCode, noise } = this.#reader;
    return tidy({
      ready,
      begun,
      exitCode,
      ...this.#exit,
      noise,
      stdout: this.#stdout.toString(),
      stderr: afterMarker(this.#stderr.toString(), beginMarker(this.#nonce)),
    });
  }

  #count(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const { maxOutputBytes } = this.#options;
    if (this.#bytes > maxOutputBytes)
      throw new RunError('protocol', `the script printed more than ${maxOutputBytes} bytes`);
  }

  #report(text: string): void {
    if (text !== '') this.#options.onStdout?.(text);
  }
}

/**
 * Sends a script through an open channel and collects the output. Ends with the end marker, not with the channel: a
 * child left behind by the script may hold it open. Rejects only for too much output, and for an invalid end marker.
 */
export function exchange(channel: ClientChannel, options: ExchangeOptions): Promise<Exchange> {
  return new Promise((done, fail) => {
    const nonce = randomBytes(12).toString('hex');
    const answer = new Answer(nonce, options);
    let sent = false;
    let ending = false;
    let timer: NodeJS.Timeout | undefined;

    const finish = () => {
      clearTimeout(timer);
      const exchanged = answer.finish();
      channel.close();
      done(exchanged);
    };
    const refuse = (error: unknown) => {
      clearTimeout(timer);
      for (const stream of [channel, channel.stderr]) {
        stream.removeAllListeners('data');
        stream.resume();
      }
      channel.close();
      fail(error);
    };
    const send = () => {
      sent = true;
      clearTimeout(timer);
      channel.end(frameScript(options.script, nonce));
    };
    /** Listens to a stream until what it says is refused. */
    const listen = (stream: Readable, heard: (chunk: Buffer) => void) => {
      stream.on('data', (chunk: Buffer) => {
        try {
          heard(chunk);
        } catch (error) {
          refuse(error);
        }
      });
    };

    listen(channel, (chunk) => {
      answer.addStdout(chunk);
      if (!sent && answer.isReady) send();
      if (answer.isComplete && !ending) {
        // Only once: later output doesn't delay the end.
        ending = true;
        clearTimeout(timer);
        timer = setTimeout(finish, graceMs);
      }
    });
    listen(channel.stderr, (chunk) => {
      answer.addStderr(chunk);
      // No second password: every further attempt counts against the account.
      if (!sent && askedAgain.test(chunk.toString('latin1'))) {
        sent = true;
        channel.end();
      }
    });
    channel.on('exit', (code: number | null, name?: string) => answer.exited(code, name));
    channel.once('close', finish);

    if (options.password === undefined) {
      send();
    } else {
      channel.write(`${options.password}\n`);
      timer = setTimeout(finish, sudoMs);
    }
  });
}

function afterMarker(text: string, marker: string): string {
  const at = text.indexOf(marker);
  return at < 0 ? text : text.slice(at + marker.length);
}
