import type { FileChange } from '../changes/file/file.ts';
import type { Code } from '../diagnostics/codes/registry.ts';
import type { FactQuery, Facts } from '../facts/fact.ts';
import type { NetworkManagerName } from '../facts/network-managers.ts';
import type { BridgeConfig, LinkConfig } from './link-config.ts';

/** Why a backend can't write what it is asked for. It knows no step: a kind makes a problem of it. */
export interface Obstacle {
  readonly code: Code;
  readonly message: string;
  readonly hint?: string;
  /** What would have to differ: the configuration of this link, or the host as a whole. */
  readonly about: 'link' | 'host';
}

/** The changes of files, or all obstacles. */
export type Edit = { readonly changes: readonly FileChange[] } | { readonly obstacles: readonly Obstacle[] };

/** A link that moves into a bridge with all its addresses, or out of it. */
export interface Uplink {
  readonly link: string;
  readonly bridge: string;
  /** The type of the bridge. */
  readonly type: 'linux' | 'ovs';
}

/** Moves an uplink's configuration onto its bridge, and back. */
export interface UplinkBackend {
  /** The packages that the manager needs for bridges of this type. */
  packages(type: Uplink['type']): readonly string[];
  /** The facts that the moves need. */
  facts(link: string): readonly FactQuery<unknown>[];
  /**
   * The bridge comes up with what the link had, and with this MAC; the link comes up as its member. No change if that
   * is already so.
   */
  into(uplink: Uplink & { readonly mac: string }, facts: Facts): Edit;
  /** The link comes up with what the bridge had, and the bridge doesn't come up. No change if none is declared. */
  outOf(uplink: Uplink, facts: Facts): Edit;
}

/**
 * A network manager's files: how to read and write them. Everything is pure, and throws UnknownFact if a fact is
 * missing.
 */
export interface NetworkBackend {
  readonly name: NetworkManagerName;
  /** The packages that it needs for the output of `write`. */
  readonly packages: readonly string[];
  /** The files with a link's configuration, if the manager lets each link have its own. */
  files(link: string): readonly string[];
  /** The facts that `read`, `write` and `remove` need. */
  facts(link: string): readonly FactQuery<unknown>[];
  /** The links that a file with this text declares; none if the manager doesn't read files at this path. */
  declares(path: string, text: string): readonly LinkConfig[];
  /** The link as it comes up at boot; undefined if nothing declares it. */
  read(link: string, facts: Facts): LinkConfig | undefined;
  /** Makes the bridge come up like this; other declarations are kept. */
  write(bridge: BridgeConfig, facts: Facts): Edit;
  /** Removes what `write` has written. */
  remove(link: string, facts: Facts): Edit;
  /**
   * Not composed of `read` and `write`: the user has written the link's configuration, and everything in it must be
   * kept, even what this model can't express (DNS options, metrics, commands, comments).
   */
  readonly uplink: UplinkBackend;
}
