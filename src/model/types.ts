import type { SourceRange } from '../diagnostics/diagnostic.ts';
import type { Locate } from '../source/locate.ts';
import type { Check } from './check-types.ts';
import type { SecretName } from './secret-names.ts';

/** How to connect to a host. Missing values come from `ssh -G`, then from defaults. */
export interface SshSettings {
  readonly user?: string;
  readonly port?: number;
  /** Absolute paths. */
  readonly identityFiles?: readonly string[];
  /** Absolute paths. */
  readonly knownHosts?: readonly string[];
  readonly proxyJump?: string;
  /** Seconds. */
  readonly connectTimeout?: number;
  /** Seconds between keepalives; 0 turns them off. */
  readonly keepalive?: number;
}

export interface Host {
  readonly name: string;
  /** The host's key in the inventory. */
  readonly at: SourceRange;
  /** Every group that contains it, directly or through children, `all` first. */
  readonly groups: readonly string[];
  /** The name or address that SSH connects to. */
  readonly address: string;
  /** The address that tunnels connect to. */
  readonly underlayAddress: string;
  readonly underlayAt: SourceRange;
  readonly ssh: SshSettings;
  readonly become: boolean;
  readonly vars: Readonly<Record<string, unknown>>;
  /** Where the value of a variable in `vars` is written (in a group or the host); `path` leads into the value. */
  readonly varsAt: Locate;
  /** The host's own values instead of its allocation, by overlay. */
  readonly overlays: Readonly<Record<string, HostOverlayOverride>>;
}

export interface HostOverlayOverride {
  readonly fixedCidr?: string;
  /** With or without a prefix length. */
  readonly bridgeAddress?: string;
  /** The place of a key in the override, or of the override itself. */
  readonly at: (key?: 'fixed_cidr' | 'bridge_address') => SourceRange;
}

export interface Group {
  readonly name: string;
  /** Names in file order, including hosts of children. */
  readonly hosts: readonly string[];
}

export interface Inventory {
  /** The path of its file; of several, the first, beside which leases are saved. */
  readonly path: string;
  /** The paths of further files. */
  readonly morePaths?: readonly string[];
  /** In the order of the files. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** `all` contains every host. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly overlays: ReadonlyMap<string, OverlaySpec>;
  /** Secret variables. */
  readonly secret: readonly SecretName[];
}

export type TunnelType = 'gre' | 'vxlan' | 'geneve';

/** How an overlay's members are linked. */
export type OverlayShape = 'full_mesh' | 'hub' | 'chain' | 'ring' | 'links';

/** An overlay as the user wrote it, validated by its schema but not yet against its hosts. */
export interface OverlaySpec {
  readonly name: string;
  /** The range that bridges and containers share, for example `10.11.12.0/24`. */
  readonly cidr: string;
  readonly tunnel: TunnelType;
  readonly shape: OverlayShape;
  /** For the shape `hub`: the host linked with all others. */
  readonly hub?: string;
  /** For the shape `links`: the linked pairs. */
  readonly links?: readonly (readonly [string, string])[];
  /** Prefix length of each host's range for containers. */
  readonly subnetPrefix: number;
  readonly key?: number;
  /** UDP port of vxlan and geneve; default: the type's. */
  readonly dstPort?: number;
  /** Bytes that the underlay carries without fragmenting. */
  readonly underlayMtu: number;
  /** The source of bridge addresses; default: the first range of `subnetPrefix` in `cidr`. */
  readonly bridgeRange?: string;
  /** A host pattern; default: the playbook's hosts. */
  readonly hosts?: string;
  /** The place of a key, or of the overlay itself; `path` leads into the key's value. */
  readonly at: (key?: string, ...path: readonly number[]) => SourceRange;
}

export type OnFailure = 'undo_all' | 'undo_host' | 'keep';

export interface Step {
  /** From 0, in the playbook's order. */
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  /** As written: with templates, not yet validated by the kind's schema. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly hosts?: string;
  /** A template expression without braces. */
  readonly when?: string;
  /** A list, or a template that gives one; each element is `item` in the step's templates. */
  readonly forEach?: unknown;
  readonly tags: readonly string[];
  /** Time limit of each of the step's commands in seconds. */
  readonly timeout?: number;
  readonly vars: Readonly<Record<string, unknown>>;
  /** It is in no file: it removes what is left over. */
  readonly prune?: true;
  /** Paths are relative to the step's mapping. */
  readonly locate: Locate;
}

export interface Playbook {
  readonly path: string;
  readonly name: string;
  /** A host pattern. */
  readonly hosts: string;
  readonly hostsAt: SourceRange;
  readonly vars: Readonly<Record<string, unknown>>;
  /** Paths start with a variable's name. */
  readonly varsAt: Locate;
  /** Secret variables. */
  readonly secret: readonly SecretName[];
  readonly overlays: ReadonlyMap<string, OverlaySpec>;
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
  readonly onFailure: OnFailure;
}
