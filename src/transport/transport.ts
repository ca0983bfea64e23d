import type { SshSettings } from '../model/types.ts';

/** What a transport needs to know about a host; the model's `Host` fits. */
export interface HostTarget {
  /** The inventory's name; errors include it. */
  readonly name: string;
  readonly address: string;
  readonly ssh: SshSettings;
  /** Whether scripts run as root through sudo; no effect if the login user is root. */
  readonly become: boolean;
}

export interface ScriptResult {
  /** `null` exactly if a signal ended the script's shell. */
  readonly exitCode: number | null;
  readonly signal?: string;
  /** The script's output and nothing else: no banner, no output of the login shell's start files. */
  readonly stdout: string;
  readonly stderr: string;
  /** From the request to the end of the output. */
  readonly durationMs: number;
}

export interface RunOptions {
  /** Default: no limit. A timeout ends the wait, not the script: what must stop on the host stops itself. */
  readonly timeoutMs?: number;
  /**
   * Called with the script's stdout as it arrives, which is then not kept: the result has none. A character is never
   * split.
   */
  readonly onStdout?: (text: string) => void;
  /** Ends the wait, not the script; `run` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** For stdout and stderr together; default 2 MiB. At most twice as much memory is used for them. */
  readonly maxOutputBytes?: number;
}

export interface Connection {
  /**
   * Runs a POSIX sh script as root (if the target has `become`) or as the login user, in its own shell, with the
   * environment of `sh/environment.ts` and /dev/null as stdin. The script is sent on stdin, never in an argument list,
   * and starts only once it has arrived whole.
   *
   * An exit status other than 0 is a result. Rejects with RunError `become-failed`, `connection-lost`, `timeout`, or
   * `protocol` (the output isn't framed as our program frames it, or is too long).
   */
  run(script: string, options?: RunOptions): Promise<ScriptResult>;
  /**
   * Seconds since the host was last heard, including keepalives, if that is longer than it should be; otherwise 0.
   * Always 0 without keepalives.
   */
  silentSeconds?(): number;
  /** Ends everything still running here with `connection-lost`; may be called twice. */
  close(): void;
}

export interface Transport {
  /**
   * A new connection, authenticated and with its host key verified. Rejects with RunError `connect-failed`,
   * `connect-timeout`, `host-key-*`, `auth-failed` or `key-unreadable`, or with the signal's reason.
   */
  connect(target: HostTarget, options?: { readonly signal?: AbortSignal }): Promise<Connection>;
  /**
   * Closes what connections share (jump hosts), and every connection that is still open, so that none outlives its
   * work.
   */
  close(): void;
}
