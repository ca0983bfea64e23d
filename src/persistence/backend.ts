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
  /** What would have to be otherwise: how this link is configured, or the host as a whole. */
  readonly about: 'link' | 'host';
}

/** The changes of files, or everything that stands in their way. */
export type Edit = { readonly changes: readonly FileChange[] } | { readonly obstacles: readonly Obstacle[] };

/** A link that goes into a bridge with all its addresses, or comes back out. */
export interface Uplink {
  readonly link: string;
  readonly bridge: string;
  /** Of the bridge. */
  readonly type: 'linux' | 'ovs';
}

/** Moving an uplink's configuration onto its bridge, and back. */
export interface UplinkBackend {
  /** The packages that the manager needs for bridges of this type. */
  packages(type: Uplink['type']): readonly string[];
  /** What the moves need to be told. */
  facts(link: string): readonly FactQuery<unknown>[];
  /** The bridge comes up with what the link had, and with this MAC; the link comes up as its member. No change where that is so. */
  into(uplink: Uplink & { readonly mac: string }, facts: Facts): Edit;
  /** The link comes up with what the bridge had, and no bridge does. No change where none is declared. */
  outOf(uplink: Uplink, facts: Facts): Edit;
}

/** A network manager's files: how they are read and written. Everything is pure, and throws UnknownFact where a fact is missing. */
export interface NetworkBackend {
  readonly name: NetworkManagerName;
  /** The packages that it needs for what `write` writes. */
  readonly packages: readonly string[];
  /** The files that hold a link's configuration where the manager lets each link have its own. */
  files(link: string): readonly string[];
  /** What `read`, `write` and `remove` need to be told. */
  facts(link: string): readonly FactQuery<unknown>[];
  /** The links that a file with this text declares; none where the manager reads no file at the path. */
  declares(path: string, text: string): readonly LinkConfig[];
  /** The link as it comes up at boot; undefined where nothing declares it. */
  read(link: string, facts: Facts): LinkConfig | undefined;
  /** Makes the bridge come up like this; what else is declared stays. */
  write(bridge: BridgeConfig, facts: Facts): Edit;
  /** Takes away what `write` has written. */
  remove(link: string, facts: Facts): Edit;
  /**
   * Not made of `read` and `write`: the user has written the link's configuration, and everything in it must be kept,
   * also what this model has no words for (DNS options, metrics, commands, comments).
   */
  readonly uplink: UplinkBackend;
}
