import { randomBytes } from 'node:crypto';
import { StringDecoder } from 'node:string_decoder';
import type { ClientChannel } from 'ssh2';
import { RunError } from '../diagnostics/errors.ts';
import { askedAgain } from './become.ts';
import { Bytes } from './bytes.ts';
import { beginMarker, FrameReader, frameScript } from './framing.ts';

export interface ExchangeOptions {
  readonly script: string;
  /** For sudo; nothing else is sent until sudo has let us in. */
  readonly password?: string;
  readonly maxOutputBytes: number;
  /** Gets what is printed, which then isn't kept. */
  readonly onStdout?: (text: string) => void;
}

/** How an exec ended, before anybody judges it. */
export interface Exchange {
  /** The receiver has run: sudo, if any, let us in. */
  readonly ready: boolean;
  /** The script has arrived, or has at least begun to. */
  readonly begun: boolean;
  /** From the end marker. */
  readonly exitCode?: number;
  /** Of the remote process, as sshd reports it; absent when the channel just closed. */
  readonly processExit?: number | null;
  readonly signal?: string;
  readonly noise: string;
  readonly stdout: string;
  /** What came after the begin marker; all of it where there was none. */
  readonly stderr: string;
}

/** How long after the end marker stderr may still come, and how long sudo may take to judge a password. */
const graceMs = 300;
const sudoMs = 30_000;

/**
 * Sends a script through an open channel and collects what comes back. Ends with the end marker, not with the
 * channel: a child that the script left behind may hold it open. Rejects only for too much output, and for an end marker
 * that is none of ours.
 */
export function exchange(channel: ClientChannel, options: ExchangeOptions): Promise<Exchange> {
  return new Promise((done, fail) => {
    const nonce = randomBytes(12).toString('hex');
    const stdout = new Bytes();
    const stderr = new Bytes();
    const decoder = new StringDecoder('utf8');
    let bytes = 0;
    let sent = false;
    let ending = false;
    let processExit: number | null | undefined;
    let signal: string | undefined;
    let timer: NodeJS.Timeout | undefined;

    const reader = new FrameReader(nonce, (part) => {
      if (options.onStdout) report(decoder.write(part));
      else stdout.add(part);
    });
    const report = (text: string) => {
      if (text !== '') options.onStdout?.(text);
    };
    const finish = () => {
      clearTimeout(timer);
      reader.finish();
      report(decoder.end());
      channel.close();
      done({
        ready: reader.ready,
        begun: reader.begun,
        ...(reader.exitCode !== undefined && { exitCode: reader.exitCode }),
        ...(processExit !== undefined && { processExit }),
        ...(signal !== undefined && { signal }),
        noise: reader.noise,
        stdout: stdout.toString(),
        stderr: afterMarker(stderr.toString(), beginMarker(nonce)),
      });
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
    const count = (chunk: Buffer): boolean => {
      bytes += chunk.length;
      if (bytes <= options.maxOutputBytes) return true;
      refuse(new RunError('protocol', `the script printed more than ${options.maxOutputBytes} bytes`));
      return false;
    };
    const send = () => {
      if (sent) return;
      sent = true;
      clearTimeout(timer);
      channel.end(frameScript(options.script, nonce));
    };

    channel.on('data', (chunk: Buffer) => {
      if (!count(chunk)) return;
      try {
        reader.push(chunk);
      } catch (error) {
        return refuse(error);
      }
      if (!sent && reader.ready) send();
      if (reader.exitCode !== undefined && !ending) {
        // Once: what comes after the marker puts nothing off.
        ending = true;
        clearTimeout(timer);
        timer = setTimeout(finish, graceMs);
      }
    });
    channel.stderr.on('data', (chunk: Buffer) => {
      if (!count(chunk)) return;
      stderr.add(chunk);
      // Without a second password: every further attempt counts against the account.
      if (!sent && askedAgain.test(chunk.toString('latin1'))) {
        sent = true;
        channel.end();
      }
    });
    channel.on('exit', (code: number | null, name?: string) => {
      processExit = code;
      signal = name;
    });
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
