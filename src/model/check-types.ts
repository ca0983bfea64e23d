import type { Locate } from '../source/locate.ts';

/** A packet to the target and back. Here and below, `container` is the one whose network the source sends from. */
export interface PingParams {
  readonly address: string;
  /** Bytes of the whole packet. Excludes `size`. */
  readonly mtu?: number;
  /** Bytes of payload. */
  readonly size?: number;
  /** Whether to forbid fragmentation; default: yes if `mtu` is given. */
  readonly df?: boolean;
  readonly count?: number;
  readonly container?: string;
}

export interface TcpParams {
  readonly address: string;
  readonly port: number;
  readonly container?: string;
}

export interface HttpParams {
  readonly url: string;
  readonly status?: number;
  readonly contains?: string;
  readonly container?: string;
}

export interface CommandParams {
  readonly run: string;
}

export interface LoopParams {
  readonly interface: string;
}

interface ParamsOf {
  readonly ping: PingParams;
  readonly tcp: TcpParams;
  readonly http: HttpParams;
  readonly command: CommandParams;
  readonly loop: LoopParams;
}

export type CheckKind = keyof ParamsOf;

/** A kind with its params, rendered and valid. */
export type CheckAction = {
  /** `secret`: the params involve secret variables. */
  [Kind in CheckKind]: { readonly kind: Kind; readonly params: ParamsOf[Kind]; readonly secret?: true };
}[CheckKind];

/** Which hosts check which others; `none`: each host by itself. */
export type Between = 'all_pairs' | 'neighbours' | 'none' | { readonly sample: number };

/** Something that must hold on or between hosts before a run is confirmed. */
export interface Check {
  /** From 0, in the playbook's order. */
  readonly index: number;
  readonly name: string;
  readonly kind: CheckKind;
  /** As written: with templates, not yet validated by the kind's schema. */
  readonly params: Readonly<Record<string, unknown>>;
  /** A host pattern that narrows the playbook's hosts. */
  readonly hosts?: string;
  readonly between: Between;
  /** Time limit of one attempt in seconds. */
  readonly timeout: number;
  /** Seconds during which a failed attempt is repeated. */
  readonly retry: number;
  /** Paths are relative to the check's mapping. */
  readonly locate: Locate;
}
