import type { OnFailure } from '../../model/types.ts';

/** Where passwords for what `ansible-vault` has encrypted come from. */
export interface VaultOptions {
  readonly vaultPasswordFile?: readonly string[];
  /** `LABEL@SOURCE` or `SOURCE`, where SOURCE is a file or `prompt`. */
  readonly vaultId?: readonly string[];
  readonly askVaultPass?: boolean;
}

/** What files may name. */
export interface FileOptions {
  /** Folders besides the files' own projects. */
  readonly allowFiles?: readonly string[];
}

/** What every command that reads an inventory and a playbook takes. */
export interface PlayOptions extends VaultOptions, FileOptions {
  /** Files that are one inventory together; leases stand beside the first. */
  readonly inventory?: string | readonly string[];
  readonly limit?: string;
  readonly extraVars: readonly string[];
  /** Files of variables that are secret. */
  readonly secretVars?: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** What every command that connects takes. */
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

/** What a plan of some hosts only does about the others at the ends of their tunnels. */
export interface PeerOptions {
  /** Those that would have to change are part of it, with the steps that make tunnels. */
  readonly includePeers?: boolean;
  /** They aren't even looked at. */
  readonly allowOneSided?: boolean;
}

export interface RunOptions extends ConnectOptions {
  /** Seconds. */
  readonly confirmTimeout: number;
  /** False: hosts stay armed, for a person to look and confirm. */
  readonly confirm: boolean;
  readonly onFailure?: OnFailure;
  /** Seconds for which hosts that another run holds are waited for. */
  readonly wait?: number;
}

/** What `meshbook apply` takes. */
export interface ApplyOptions extends PlayOptions, PeerOptions, RunOptions {
  readonly yes?: boolean;
  readonly skipUnreachable?: boolean;
  readonly json?: boolean;
  readonly diff?: boolean;
  readonly full?: boolean;
  readonly locked?: boolean;
  /** What is left over is taken away. */
  readonly prune?: boolean;
}
