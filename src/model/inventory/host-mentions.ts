import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { describePlace } from '../../diagnostics/position.ts';
import type { Locate } from '../../source/locate.ts';
import type { Mention, Path, RawHost } from '../schema/raw-inventory.ts';

/** Everything that the files say about one host. */
export interface MergedHost {
  readonly data: RawHost;
  /** The place in the document of one of the host's values, or of its key. */
  readonly placeOf: (keys: Path) => Path;
}

/**
 * Merges all mentions of a host. If two values for one key differ, the later file wins; within one file they are an
 * error (`conflicting-values`) that names both places.
 */
export function mergeMentions(
  name: string,
  mentions: readonly [Mention, ...Mention[]],
  locate: Locate,
): { value: MergedHost; diagnostics: readonly Diagnostic[] } {
  const [first] = mentions;
  if (mentions.length === 1) {
    return { value: { data: first.data, placeOf: (keys) => [...first.path, ...keys] }, diagnostics: [] };
  }
  const leaves = new Map<string, { keys: Path; value: unknown; path: Path }>();
  const diagnostics: Diagnostic[] = [];
  for (const mention of mentions) {
    for (const { keys, value } of leavesOf(mention.data)) {
      const path = [...mention.path, ...keys];
      const id = JSON.stringify(keys);
      const other = leaves.get(id);
      // Paths begin with the number of the file.
      if (other === undefined || other.path[0] !== path[0]) leaves.set(id, { keys, value, path });
      else if (!isDeepStrictEqual(other.value, value)) {
        diagnostics.push({
          severity: 'error',
          code: 'conflicting-values',
          message: `${name} has two values for ${keys.join('.')}`,
          range: locate(path),
          hint: `the other is at ${describePlace(locate(other.path))}`,
        });
      }
    }
  }
  const all = [...leaves.values()];
  const placeOf = (keys: Path) => {
    const leaf = all.find((candidate) => keys.every((key, i) => candidate.keys[i] === key));
    return leaf === undefined || keys.length === 0
      ? [...first.path, ...keys]
      : leaf.path.slice(0, leaf.path.length - leaf.keys.length + keys.length);
  };
  return { value: { data: assemble(all), placeOf }, diagnostics };
}

/** The depth to which each key of a host is merged; deeper values are replaced whole. */
const depths: Record<string, number> = { vars: 2, ssh: 2, overlays: 3 };

function* leavesOf(data: RawHost): Generator<{ keys: Path; value: unknown }> {
  for (const [key, value] of Object.entries(data)) yield* descend([key], value, depths[key] ?? 1);
}

function* descend(keys: Path, value: unknown, depth: number): Generator<{ keys: Path; value: unknown }> {
  if (keys.length === depth) {
    yield { keys, value };
    return;
  }
  for (const [key, inner] of Object.entries(value ?? {})) yield* descend([...keys, key], inner, depth);
}

function assemble(leaves: readonly { keys: Path; value: unknown }[]): RawHost {
  const data: Record<string, unknown> = {};
  for (const { keys, value } of leaves) {
    let at = data;
    for (const key of keys.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, unknown>;
    }
    at[String(keys.at(-1))] = value;
  }
  return data;
}
