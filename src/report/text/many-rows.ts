/** The maximum number of rows that are shown. */
export const mostRows = 100;
const few = 40;

/** How to see what a text leaves out. */
export const listing = '--full shows them';

/** Limits the long lists of one text, and remembers whether any was cut. */
export class Lists {
  /** Whether anything was left out. */
  isCut = false;
  /** Whether lists are never cut. */
  readonly full: boolean;

  constructor(full: boolean) {
    this.full = full;
  }

  /** The rows to show, and a note about the others; undefined if there are none. */
  first<T>(rows: readonly T[]): { shown: readonly T[]; more?: string } {
    if (this.full || rows.length <= mostRows) return { shown: rows };
    this.isCut = true;
    return { shown: rows.slice(0, few), more: `and ${rows.length - few} more (${listing})` };
  }
}
