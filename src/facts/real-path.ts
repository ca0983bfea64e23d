import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { text } from './schema.ts';
import { Unreadable } from './unreadable.ts';

/** Where a path leads once every symbolic link in it is followed, those that lead nowhere included. */
const realPaths: FactFamily<string> = {
  name: 'real_path',
  command: 'readlink',
  schema: text,
  query,
  parse,
  canonical: (value) => value,
};

/** Where an absolute path without control characters really is, whether something is there or not. */
export function realPathFact(path: string): FactQuery<string> {
  return { family: realPaths, key: path };
}

// readlink -m fails for nothing that may stand in a path but a loop of links: an empty line is then unknown.
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
