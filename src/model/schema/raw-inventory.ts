/** The content of an inventory file after the schemas have accepted it. */

export type Path = readonly (string | number)[];
export type Mapping = Readonly<Record<string, unknown>>;

export interface RawSsh {
  readonly user?: string;
  readonly port?: number;
  readonly identity_file?: string | readonly string[];
  readonly known_hosts?: string | readonly string[];
  readonly proxy_jump?: string;
  readonly connect_timeout?: number | string;
  readonly keepalive?: number | string;
}

/** Settings that an inventory, a group and a host share. */
export interface RawSettings {
  readonly vars?: Mapping | null;
  readonly ssh?: RawSsh | null;
  readonly become?: boolean;
}

export interface RawHost extends RawSettings {
  readonly address?: string;
  readonly underlay_address?: string;
  readonly overlays?: Readonly<Record<string, RawHostOverlay>> | null;
}

export interface RawHostOverlay {
  readonly fixed_cidr?: string;
  readonly bridge_address?: string;
}

/** One definition; paths in inventories begin with the number of the file. */
export interface Body {
  readonly settings: RawSettings;
  readonly path: Path;
}

/** One mention of a host: a key under some `hosts`. */
export interface Mention {
  /** The path of the host's key, after the number of the file. */
  readonly path: Path;
  /** Undefined for a host outside groups. */
  readonly group?: string;
  readonly data: RawHost;
}

export function asMapping(value: unknown): Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Mapping) : {};
}
