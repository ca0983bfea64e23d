import type { Diagnostic } from './diagnostic.ts';

/** The exit code of the process; the worst of a run wins (`inDoubt` > `failed` > `unreachable`). */
export const exitCodes = {
  done: 0,
  invalid: 1,
  changes: 2,
  unreachable: 3,
  failed: 4,
  inDoubt: 5,
  /** A bug of ours: EX_SOFTWARE in sysexits.h. */
  internal: 70,
  interrupted: 130,
} as const;

/** The user's input can't be used. Carries every diagnostic. Exit code 1. */
export class InvalidInput extends Error {
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.message).join('; '));
    this.name = 'InvalidInput';
    this.diagnostics = diagnostics;
  }
}

export type RunErrorCode =
  | 'connect-failed' // no TCP connection, or it broke off before the handshake
  | 'connect-timeout'
  | 'host-key-unknown'
  | 'host-key-changed'
  | 'host-key-revoked'
  | 'auth-failed'
  | 'key-unreadable' // a key file that is missing, unreadable, too permissive, or not a key
  | 'become-failed' // sudo refused, or asked for a password that nobody gave
  | 'connection-lost'
  | 'timeout'
  | 'protocol' // the host's output is not what our program prints
  | 'command-failed'
  | 'locked' // another run has locked the host
  | 'expired' // the host has undone the run itself, or is undoing it
  | 'state'; // the state of a run on this machine, or of a transaction on the host, doesn't allow this

/** A failure of a host, a connection, a file or a command. Shown to the user without a stack trace. */
export class RunError extends Error {
  readonly code: RunErrorCode;
  readonly host: string | undefined;
  /** What the user can do about it, if known. */
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

/** A bug of ours: something that the code assumes to be impossible has happened. */
export class InternalError extends Error {
  override readonly name = 'InternalError';
}
