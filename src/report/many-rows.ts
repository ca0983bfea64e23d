/** As many rows as somebody may read; of more, the first of them are shown. */
export const mostRows = 100;
const few = 40;

/** Rows to show, and how many are left. */
export function firstOf<T>(rows: readonly T[]): { shown: readonly T[]; left: number } {
  return rows.length <= mostRows
    ? { shown: rows, left: 0 }
    : { shown: rows.slice(0, few), left: rows.length - few };
}

/** Where everything is listed that a text leaves out. */
export const listing = '--format json lists them';

export function andMore(left: number): string {
  return `and ${left} more (${listing})`;
}
