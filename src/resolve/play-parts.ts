import type { Leases } from '../ipam/leases.ts';
import type { PlaybookParts } from '../model/playbook/playbook.ts';
import type { LostNames } from '../model/schema/draft.ts';
import type { Inventory } from '../model/types.ts';
import type { Scope } from '../template/render.ts';
import type { TagChoice } from './chosen-steps.ts';

/** What decides each host's steps, as far as it could be read. */
export interface PlayParts extends TagChoice {
  readonly inventory: Inventory | undefined;
  readonly playbook: PlaybookParts;
  readonly leases: Leases;
  readonly limit?: string;
  /** Only these of the playbook's hosts. */
  readonly only?: ReadonlySet<string>;
  readonly extraVars: Scope | undefined;
  /** From both files. */
  readonly lost: LostNames;
}
