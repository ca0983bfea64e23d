import type { NetworkManagerName } from '../facts/network-managers.ts';

/**
 * What a step's kind says of the step: the things on a host that it makes, counts on or takes away, with what is known
 * of them from its params alone. Whoever looks at a whole play reads these and needs to know no kind.
 */
export type Described =
  | DescribedLink
  | DescribedContainerLink
  | DescribedNetwork
  | DescribedTunnels
  | DescribedFile
  | DescribedUnit
  | DescribedParameter
  | DescribedPackage
  | DescribedDaemon;

interface About {
  /**
   * - `makes`: the thing is there, and as the step says; another step that says otherwise contradicts it.
   * - `uses`: the step counts on the thing, or sets something of one that others make.
   * - `removes`: the thing isn't there afterwards.
   */
  readonly does: 'makes' | 'uses' | 'removes';
  /** The params that say the fields, where they are called otherwise; a text: one param says them all. */
  readonly params?: string | Readonly<Record<string, string>>;
}

/** A network interface. What is left out, the step doesn't say; an empty list: there are none. */
export interface DescribedLink extends About {
  readonly is: 'link';
  readonly name: string;
  /** Of a bridge: whose it is. Left out: no bridge, or of any type. */
  readonly type?: 'linux' | 'ovs' | undefined;
  /** With prefix lengths. */
  readonly address?: readonly string[] | undefined;
  readonly members?: readonly string[] | undefined;
  /** The bridge that the step puts it into. */
  readonly master?: string;
  /** Bytes. */
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
  readonly stp?: boolean | undefined;
  /** What is left out has the defaults of `shared/bridge.ts`, so that two such links can be compared in it. */
  readonly defaults?: 'bridge';
  /** It is so after a boot, and nothing is said of now. Left out: now. */
  readonly when?: 'boot';
  /** Who brings it up at boot, because of the step. */
  readonly manager?: NetworkManagerName;
}

/** An interface in a container's network namespace, whose other end is in a bridge of the host. */
export interface DescribedContainerLink extends About {
  readonly is: 'container-link';
  readonly container: string;
  readonly name: string;
  /** The host's interface that is its other end. */
  readonly otherEnd: string;
  readonly bridge: string;
  /** With its prefix length. Left out: the step removes the interface. */
  readonly address?: string | undefined;
  /** Bytes. */
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
}

/** A network of containers on a host. */
export interface DescribedNetwork extends About {
  readonly is: 'network';
  /** Who gives its addresses to containers. */
  readonly by: string;
  /** A bridge that others make. Left out: it makes one of its own. */
  readonly bridge?: string | undefined;
  /** The part of the bridge's network that containers get addresses from. Left out: all of it. */
  readonly range?: string | undefined;
  /** The bridge of its own, with the range that it takes where nobody says one. */
  readonly usual?: { readonly bridge: string; readonly range: string };
  /** Bytes. Left out: 1500. */
  readonly mtu?: number | undefined;
}

/** A host's ends of the tunnels of an overlay, on a bridge of Open vSwitch. */
export interface DescribedTunnels extends About {
  readonly is: 'tunnels';
  readonly overlay: string;
  readonly bridge: string;
}

export interface DescribedFile extends About {
  readonly is: 'file';
  readonly path: string;
  /** Whether nobody may see what is in it. */
  readonly secret?: boolean | undefined;
  /** As it is written. Left out: the step doesn't say it. */
  readonly mode?: string | undefined;
  /** It belongs to something else that the step describes. */
  readonly part?: true;
}

/** A systemd unit, with its suffix. */
export interface DescribedUnit extends About {
  readonly is: 'unit';
  readonly name: string;
}

/** A kernel parameter. */
export interface DescribedParameter extends About {
  readonly is: 'parameter';
  readonly name: string;
}

/** A package of the host's distribution. */
export interface DescribedPackage extends About {
  readonly is: 'package';
  readonly name: string;
}

/** A daemon, as far as its configuration is concerned. */
export interface DescribedDaemon extends About {
  readonly is: 'daemon';
  readonly name: string;
}
