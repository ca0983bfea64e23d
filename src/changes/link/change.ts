import type { ChangeBase } from '../change.ts';
import type { LinkKind } from './kinds.ts';

/** The settings of a link change. Undefined settings are unchanged. */
export interface LinkSettings {
  readonly mac?: string;
  /** Bytes. */
  readonly mtu?: number;
  /** Whether a bridge uses the spanning tree protocol. */
  readonly stp?: boolean;
  /** The bridge that it is a member of; null: none. */
  readonly master?: string | null;
  readonly up?: boolean;
}

/**
 * A link is made, set, or deleted. Where it is there before and afterwards, `before` and `after` hold the
 * same keys.
 */
export interface LinkChange extends ChangeBase {
  readonly type: 'link';
  readonly link: string;
  /** The container in whose namespace a link is that is there before and afterwards. Left out: the host's own. */
  readonly in?: string;
  /** What is made or deleted. Left out: a bridge. */
  readonly linkKind?: LinkKind;
  readonly before: LinkSettings | null;
  readonly after: LinkSettings | null;
}
