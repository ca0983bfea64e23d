import { type Alias, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { SourceFile, SourceRange } from '../diagnostics/diagnostic.ts';

/**
 * The place of the value (or the key) at a path in a document; a missing path has the place of its nearest parent.
 */
export type Locate = (path: readonly (string | number)[], part?: 'key' | 'value') => SourceRange;

interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/**
 * Finds places in a document on demand: nothing is computed before the first call, and a mapping's keys are indexed
 * once. A value behind an alias is at its anchor.
 *
 * The key of a list's element is the element; an empty value (`key:`) is at its key.
 */
export function locateIn(source: SourceFile, root: Node | null, aliases: ReadonlyMap<Alias, Node>): Locate {
  const indexes = new WeakMap<YAMLMap, Map<string, Pair>>();

  function step(node: Node | undefined, name: string | number): Place | undefined {
    const content = isAlias(node) ? aliases.get(node) : node;
    if (isSeq(content)) {
      const item = content.items[Number(name)] as Node | undefined;
      return item === undefined ? undefined : { key: item, value: item };
    }
    if (!isMap(content)) return undefined;
    let index = indexes.get(content);
    if (index === undefined) {
      index = indexKeys(content);
      indexes.set(content, index);
    }
    const pair = index.get(String(name));
    return pair === undefined
      ? undefined
      : { key: pair.key as Node, value: (pair.value ?? undefined) as Node | undefined };
  }

  return (path, part = 'value') => {
    let place: Place = { key: undefined, value: root ?? undefined };
    for (const name of path) {
      const next = step(place.value, name);
      if (next === undefined) break;
      place = next;
    }
    const { key, value } = place;
    return rangeOf(source, part === 'key' || isEmpty(value) ? (key ?? value) : value);
  };
}

function indexKeys(map: YAMLMap): Map<string, Pair> {
  const index = new Map<string, Pair>();
  for (const pair of map.items) {
    // The first of duplicate keys counts.
    if (isScalar(pair.key) && typeof pair.key.value === 'string' && !index.has(pair.key.value))
      index.set(pair.key.value, pair);
  }
  return index;
}

function isEmpty(node: Node | undefined): boolean {
  return node?.range == null || (isScalar(node) && node.range[0] === node.range[1]);
}

function rangeOf(source: SourceFile, node: Node | undefined): SourceRange {
  if (node?.range == null) return { source, start: 0, end: 0 };
  return { source, start: node.range[0], end: node.range[1] };
}
