import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { text } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** The target of a path after following every symbolic link, including those that lead nowhere. */
const realPaths: FactFamily<string> = {
  name: 'real_path',
  command: 'readlink',
  schema: text,
  query,
  parse,
  canonical: (value) => value,
};

/** The real path of an absolute path without control characters, whether or not it exists. */
export function realPathFact(path: string): FactQuery<string> {
  return { family: realPaths, key: path };
}

// readlink -m fails for no valid path except a loop of links: an empty line is then unknown.
function query(paths: readonly string[]): Sh {
  return lines(
    sh`for path in ${paths}; do`,
    raw(`  readlink -m -- "$path" || echo
done`),
  );
}

function parse(output: string, keys: readonly string[]): ReadonlyMap<string, string> {
  const found = output.split('\n').slice(0, -1);
  if (found.length !== keys.length)
    throw new Unreadable(`${found.length} lines, where ${keys.length} were asked for`);
  return new Map(
    keys.flatMap((key, i) => {
      const path = found[i] ?? '';
      return path.startsWith('/') ? [[key, path] as const] : [];
    }),
  );
}
