import type { SshSettings } from '../model/types.ts';

/** What a transport needs to know of a host; `Host` of the model fits. */
export interface HostTarget {
  /** The inventory's name; errors carry it. */
  readonly name: string;
  readonly address: string;
  readonly ssh: SshSettings;
  /** Scripts run as root through sudo; without effect when the login user is root already. */
  readonly become: boolean;
}

export interface ScriptResult {
  /** `null` exactly when a signal ended the script's shell. */
  readonly exitCode: number | null;
  readonly signal?: string;
  /** What the script printed and nothing else: no banner, no output of the login shell's start files. */
  readonly stdout: string;
  readonly stderr: string;
  /** From the request to the end of the output. */
  readonly durationMs: number;
}

export interface RunOptions {
  /** Default: no limit. A timeout ends the wait, not the script: what must stop on the host stops itself. */
  readonly timeoutMs?: number;
  /**
   * Called with the script's stdout as it comes, which is then not kept: the result has none. A character is never cut
   * in two.
   */
  readonly onStdout?: (text: string) => void;
  /** Ends the wait, not the script; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Of stdout and stderr together; default 2 MiB. At most twice as much memory is taken for them. */
  readonly maxOutputBytes?: number;
}

export interface Connection {
  /**
   * Runs a POSIX sh script as root (where the target says `become`) or as the login user, in its own shell, in the
   * environment that `sh/environment.ts` says and with /dev/null as stdin. The script travels by stdin, never in an
   * argv, and starts only once it has arrived whole.
   *
   * An exit status other than 0 is a result. Rejects with RunError `become-failed`, `connection-lost`,
   * `timeout`, or `protocol` (the output isn't framed as our program frames it, or is too long).
   */
  run(script: string, options?: RunOptions): Promise<ScriptResult>;
  /**
   * Seconds since the host was heard, keepalives included, where that is longer than it should be; else 0. Of a
   * connection without keepalives nothing can be said: 0.
   */
  silentSeconds?(): number;
  /** Ends what still runs here with `connection-lost`; may be called twice. */
  close(): void;
}

export interface Transport {
  /**
   * A new connection, authenticated and with its host key verified. Rejects with RunError `connect-failed`,
   * `connect-timeout`, `host-key-*`, `auth-failed` or `key-unreadable`, or with the signal's reason.
   */
  connect(target: HostTarget, options?: { readonly signal?: AbortSignal }): Promise<Connection>;
  /** Closes what connections share (jump hosts), and every connection that is still open, so that none outlives its work. */
  close(): void;
}
