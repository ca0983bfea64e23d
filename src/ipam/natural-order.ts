/**
 * Names in natural order: `docker2` before `docker10`. Depends on the names alone, not on a locale; names that differ
 * only in leading zeros are ordered by their characters.
 */
export function naturalOrder(names: Iterable<string>): string[] {
  const all = [...names];
  if (all.length < 2) return all;
  return all
    .map((name) => ({ name, parts: partsOf(name) }))
    .sort((a, b) => compareParts(a.parts, b.parts) || compareText(a.name, b.name))
    .map(({ name }) => name);
}

/** Text at even indexes; digits without leading zeros at odd ones. */
function partsOf(name: string): string[] {
  return name.split(/(\d+)/).map((part, i) => (i % 2 === 0 ? part : part.replace(/^0+/, '')));
}

function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] as string;
    const right = b[i] as string;
    // A number with more digits is greater.
    const longer = i % 2 === 0 ? 0 : left.length - right.length;
    const order = longer || compareText(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
