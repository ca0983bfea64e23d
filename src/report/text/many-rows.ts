/** As many rows as somebody may read; of more, the first of them are shown. */
export const mostRows = 100;
const few = 40;

/** Where everything stands that a text leaves out. */
export const listing = '--full shows them';

/** How much of one text's long lists is shown, and whether that is all of it. */
export class Lists {
  /** Whether anything was left out. */
  isCut = false;
  /** Nothing is left out, however long the lists are. */
  readonly full: boolean;

  constructor(full: boolean) {
    this.full = full;
  }

  /** Rows to show, and what to say of those that are left out: undefined where none is. */
  first<T>(rows: readonly T[]): { shown: readonly T[]; more?: string } {
    if (this.full || rows.length <= mostRows) return { shown: rows };
    this.isCut = true;
    return { shown: rows.slice(0, few), more: `and ${rows.length - few} more (${listing})` };
  }
}
