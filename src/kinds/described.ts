import type { NetworkManagerName } from '../facts/network-managers.ts';

/**
 * A kind's description of its step: the things on a host that it makes, relies on or removes, with what its params
 * alone say about them. Code that looks at a whole play reads these and needs to know no kind.
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
   * - `makes`: the thing exists, as the step describes it; another step with another description contradicts it.
   * - `uses`: the step relies on the thing, or sets something of one that others make.
   * - `removes`: the thing doesn't exist afterwards.
   */
  readonly does: 'makes' | 'uses' | 'removes';
  /** The params for these fields, if they have other names; a text: one param for all. */
  readonly params?: string | Readonly<Record<string, string>>;
}

/** A network interface. An undefined field isn't set by the step; an empty list is empty. */
export interface DescribedLink extends About {
  readonly is: 'link';
  readonly name: string;
  /** For a bridge: its type. Undefined: no bridge, or a bridge of any type. */
  readonly type?: 'linux' | 'ovs' | undefined;
  /** With prefix lengths. */
  readonly address?: readonly string[] | undefined;
  readonly members?: readonly string[] | undefined;
  /** The bridge that the step attaches it to. */
  readonly master?: string;
  /** Bytes. */
  readonly mtu?: number | undefined;
  readonly mac?: string | undefined;
  readonly stp?: boolean | undefined;
  /** Undefined fields have the defaults of `shared/bridge.ts`, so that two such links can be compared. */
  readonly defaults?: 'bridge';
  /** Its state after a boot, not the present one. Undefined: the present state. */
  readonly when?: 'boot';
  /** The network manager that brings it up at boot because of the step. */
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
  /** Undefined: the one without a name of its own. */
  readonly name?: string;
  /** What gives its addresses to containers. */
  readonly by: string;
  /** A bridge that others make. Undefined: it makes one of its own. */
  readonly bridge?: string | undefined;
  /** The part of the bridge's network from which containers get addresses. Undefined: all of it. */
  readonly range?: string | undefined;
  /** Its own bridge, and the default range of that. */
  readonly usual?: { readonly bridge: string; readonly range: string };
  /** Bytes. Undefined: 1500. */
  readonly mtu?: number | undefined;
  /** If `mtu` is undefined: that of the overlay whose range contains it. */
  readonly followsOverlay?: true;
}

/** A host's tunnel ends of an overlay, on an Open vSwitch bridge. */
export interface DescribedTunnels extends About {
  readonly is: 'tunnels';
  readonly overlay: string;
  readonly bridge: string;
}

export interface DescribedFile extends About {
  readonly is: 'file';
  readonly path: string;
  /** Whether its content is secret. */
  readonly secret?: boolean | undefined;
  /** As written. Undefined: the step doesn't set it. */
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

/** A daemon with its configuration. */
export interface DescribedDaemon extends About {
  readonly is: 'daemon';
  readonly name: string;
}
