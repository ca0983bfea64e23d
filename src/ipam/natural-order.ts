/**
 * The names sorted as people count: `docker2` before `docker10`. Depends on the names alone, not
 * on a locale; names that differ only in leading zeros are ordered by their characters.
 */
export function naturalOrder(names: Iterable<string>): string[] {
  return Array.from(names, (name) => ({ name, parts: name.split(/(\d+)/) }))
    .sort((a, b) => compareParts(a.parts, b.parts) || compareText(a.name, b.name))
    .map(({ name }) => name);
}

/** Splitting by digits with a capture puts text at even places and digits at odd ones. */
function compareParts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] as string;
    const right = b[i] as string;
    const order = i % 2 === 0 ? compareText(left, right) : compareDigits(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Of any length: more digits after the leading zeros are a greater number. */
function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || compareText(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
