import type { Diagnostic } from './diagnostic.ts';

/** What the process ends with; the worst of a run wins (`inDoubt` > `failed` > `unreachable`). */
export const exitCodes = {
  done: 0,
  invalid: 1,
  changes: 2,
  unreachable: 3,
  failed: 4,
  inDoubt: 5,
  /** A bug of ours: EX_SOFTWARE of sysexits.h. */
  internal: 70,
  interrupted: 130,
} as const;

/** The user's input can't be used; carries every diagnostic that was found. Exit code 1. */
export class InvalidInput extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('; '));
    this.name = 'InvalidInput';
    this.diagnostics = diagnostics;
  }
}

export type RunErrorCode =
  | 'connect-failed' // no TCP connection, or it ended before the handshake did
  | 'connect-timeout'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'auth-failed'
  | 'key-unreadable' // a key file that is missing, unreadable, too open, or not a key
  | 'become-failed' // sudo refused, or asked for a password that nobody gave
  | 'connection-lost'
  | 'timeout'
  | 'protocol' // the host's output isn't what our program prints
  | 'command-failed'
  | 'locked' // another run holds the host
  | 'expired' // the host has taken the run back by itself, or is at it
  | 'state'; // a run on this machine or a transaction on the host isn't in a state that allows this

/** The world failed: a host, a connection, a command. Shown to the user without a stack trace. */
export class RunError extends Error {
  readonly code: RunErrorCode;
  readonly host: string | undefined;
  /** What the user can do about it, where we know. */
  readonly hint: string | undefined;
  constructor(
    code: RunErrorCode,
    message: string,
    detail: { host?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: detail.cause });
    this.name = 'RunError';
    this.code = code;
    this.host = detail.host;
    this.hint = detail.hint;
  }
}

/** A bug of ours: something that the code holds to be impossible has happened. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
