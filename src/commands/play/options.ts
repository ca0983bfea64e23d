import type { OnFailure } from '../../model/types.ts';

/** The sources of vault passwords. */
export interface VaultOptions {
  readonly vaultPasswordFile?: readonly string[];
  /** `LABEL@SOURCE` or `SOURCE`, where SOURCE is a file or `prompt`. */
  readonly vaultId?: readonly string[];
  readonly askVaultPass?: boolean;
}

/** Which files may be named by files. */
export interface FileOptions {
  /** Folders besides the files' own projects. */
  readonly allowFiles?: readonly string[];
}

/** The options of every command that reads an inventory and a playbook. */
export interface PlayOptions extends VaultOptions, FileOptions {
  /** Files that are merged into one inventory; leases are beside the first. */
  readonly inventory?: string | readonly string[];
  readonly limit?: string;
  readonly extraVars: readonly string[];
  /** Files of secret variables. */
  readonly secretVars?: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** The options of every command that connects. */
export interface ConnectOptions {
  readonly stateDir: string;
  readonly forks: number;
  readonly become?: boolean;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly acceptNewHostKeys?: boolean;
  /** A file, instead of those that ssh's configuration and the inventory name. */
  readonly knownHosts?: string;
}

/** How a plan of selected hosts treats their unselected peers. */
export interface PeerOptions {
  /** Includes those that need a change, with the steps that make tunnels. */
  readonly includePeers?: boolean;
  /** Ignores them. */
  readonly allowOneSided?: boolean;
}

export interface RunOptions extends ConnectOptions {
  /** Seconds. */
  readonly confirmTimeout: number;
  /** False: hosts stay armed until the user confirms. */
  readonly confirm: boolean;
  readonly onFailure?: OnFailure;
  /** Seconds to wait for hosts that another run has locked. */
  readonly wait?: number;
}

/** The options of `meshbook apply`. */
export interface ApplyOptions extends PlayOptions, PeerOptions, RunOptions {
  readonly yes?: boolean;
  readonly skipUnreachable?: boolean;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly full?: boolean;
  readonly locked?: boolean;
  /** Removes what is left over. */
  readonly prune?: boolean;
}
