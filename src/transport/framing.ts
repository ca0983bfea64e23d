import { RunError } from '../diagnostics/errors.ts';
import { environment } from '../sh/environment.ts';

/**
 * How a script and its output travel. The login shell, whatever it is, runs one fixed line without user data: a sh
 * that discards its stdin up to a marker line (the password that sudo did not ask for; what a start file left) and
 * then becomes the sh that reads the script. Script and output are framed: anything before the begin marker is noise,
 * and the end marker carries the exit status.
 */

/** The receiver prints it before it reads stdin: sudo, if any, has accepted. */
const readyMarker = 'meshbook-ready\n';

const scriptMarker = 'meshbook-script';

/** Quoted so that bash, dash, zsh, fish and csh read it alike: single quotes without a quote, `!` or `\` inside. */
const receiver =
  `sh -c 'echo meshbook-ready; if [ -n "$1" ]; then SSH_CONNECTION=$1; export SSH_CONNECTION; fi; ` +
  `while IFS= read -r l; do if [ "$l" = ${scriptMarker} ]; then exec sh -s; fi; done; exit 90'`;

/**
 * sudo strips the environment, and accepts variables as arguments only with SETENV: the session is passed as data.
 */
const receiverWithSession = `${receiver} meshbook "$SSH_CONNECTION"`;

/**
 * The command line for the login shell. `LC_ALL=C` makes sudo's refusals readable to us. Without a password sudo must
 * not ask (`-n`); with one it reads it from stdin (`-S`) with an empty prompt (`-p ''`). Scripts have SSH_CONNECTION
 * in their environment, as sshd has set it.
 */
export const commandLines = {
  plain: `exec ${receiver}`,
  sudo: `exec env LC_ALL=C sudo -n -H -- ${receiverWithSession}`,
  sudoWithPassword: `exec env LC_ALL=C sudo -S -H -p '' -- ${receiverWithSession}`,
} as const;

export type CommandLine = keyof typeof commandLines;

export function beginMarker(nonce: string): string {
  return `meshbook-begin ${nonce}\n`;
}

function endMarker(nonce: string): string {
  return `meshbook-end ${nonce} `;
}

/**
 * The receiver's stdin. The script becomes the body of a function that only the last line calls, so that sh runs
 * nothing of a truncated script; its commands read /dev/null, not the rest of the script; it runs in a subshell, so
 * that `exit` and `set -e` in it don't end the framing. `nonce` must not occur in the script's output: random, per
 * call.
 */
export function frameScript(script: string, nonce: string): string {
  return `${scriptMarker}
printf 'meshbook-begin %s\\n' ${nonce}
printf 'meshbook-begin %s\\n' ${nonce} >&2
meshbook_script() {
${environment.text}
${script}

}
meshbook_main() {
( meshbook_script ) </dev/null
printf 'meshbook-end %s %d\\n' ${nonce} "$?"
}
meshbook_main
`;
}

/** Parses a framed stdout as it arrives; `onOutput` receives the script's output. */
export class FrameReader {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #onOutput: (part: Buffer) => void;
  /** Data that may still be part of a marker. */
  #held: Buffer = Buffer.alloc(0);
  #state: 'noise' | 'output' | 'done' = 'noise';
  #ready = false;
  #noise = '';
  #exitCode: number | undefined;

  constructor(nonce: string, onOutput: (part: Buffer) => void) {
    this.#begin = Buffer.from(beginMarker(nonce));
    this.#end = Buffer.from(endMarker(nonce));
    this.#onOutput = onOutput;
  }

  /** Whether the begin marker has arrived. */
  get begun(): boolean {
    return this.#state !== 'noise';
  }

  /** Whether the receiver runs: sudo, if any, has accepted. */
  get ready(): boolean {
    return this.#ready || this.begun;
  }

  /** From the end marker; undefined until it has arrived. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** The start of what came before the begin marker, or instead of it. */
  get noise(): string {
    return this.begun ? this.#noise : `${this.#noise}${this.#held.toString('latin1')}`;
  }

  /** @throws RunError `protocol` for an end marker without an exit status. */
  push(chunk: Buffer): void {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#state === 'noise') this.#findBegin();
    if (this.#state === 'output') this.#findEnd();
    if (this.#state === 'done') this.#held = Buffer.alloc(0);
  }

  /** Emits what was held back for an end marker that never came. */
  finish(): void {
    if (this.#state === 'output') this.#emit(this.#held.length);
  }

  #findBegin(): void {
    // Shorter than the begin marker, so what is held back for that is enough for this one.
    this.#ready ||= this.#held.includes(readyMarker);
    const at = this.#held.indexOf(this.#begin);
    const cut = at >= 0 ? at : Math.max(0, this.#held.length - this.#begin.length + 1);
    if (this.#noise.length < 2000) this.#noise += this.#held.toString('latin1', 0, cut);
    this.#held = this.#held.subarray(at >= 0 ? at + this.#begin.length : cut);
    if (at >= 0) this.#state = 'output';
  }

  #findEnd(): void {
    const at = this.#held.indexOf(this.#end);
    if (at < 0) {
      // Holds back only what may be the start of the marker: a line must not wait for the next one.
      this.#emit(this.#held.length - overlap(this.#held, this.#end));
      return;
    }
    this.#emit(at);
    // `$?`, 0 to 255.
    const line = this.#held.toString('latin1', this.#end.length, this.#end.length + 4);
    const [, status, rest = ''] = /^(\d{0,3})(.*)/s.exec(line) ?? [];
    if (rest === '' && line.length < 4) return;
    if (status === '' || !rest.startsWith('\n'))
      throw new RunError('protocol', 'the host ends the script with an invalid exit status');
    this.#exitCode = Number(status);
    this.#state = 'done';
  }

  #emit(length: number): void {
    if (length <= 0) return;
    this.#onOutput(this.#held.subarray(0, length));
    this.#held = this.#held.subarray(length);
  }
}

/** How many bytes at the end of `data` are the beginning of `marker`. */
function overlap(data: Buffer, marker: Buffer): number {
  for (let length = Math.min(data.length, marker.length - 1); length > 0; length -= 1) {
    if (data.subarray(data.length - length).equals(marker.subarray(0, length))) return length;
  }
  return 0;
}
