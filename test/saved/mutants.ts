/** Replacements for a node: one of each JSON type. */
const others: readonly unknown[] = [
  ...[undefined, null, 7, -1, 1e300, true, 'x', 'x\0', [], [null]],
  // The last can't be converted to text.
  ...[{}, { x: null }, { x: { toString: 1 } }],
];

/** Copies of a value with one node removed or replaced, for every node and every replacement. */
export function* mutants(value: unknown): Generator<{ readonly at: string; readonly value: unknown }> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const other of others) yield { at: `/${key}`, value: withOther(value, key, other) };
    for (const one of mutants(inner))
      yield { at: `/${key}${one.at}`, value: withOther(value, key, one.value) };
  }
}

function withOther(value: object, key: string, other: unknown): unknown {
  if (Array.isArray(value))
    return value.flatMap((one, i) => (String(i) !== key ? [one] : other === undefined ? [] : [other]));
  const { [key]: _, ...rest } = value as Record<string, unknown>;
  return other === undefined ? rest : { ...value, [key]: other };
}
