import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

interface Import {
  /** Relative to src/, for example `kinds/file/kind.ts`; a package by its specifier. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** `import('…')`: loaded when the code gets there. */
  readonly lazy: boolean;
}

export interface Source {
  /** Relative to src/. */
  readonly path: string;
  /** The first folder; empty for a file of src/ itself. */
  readonly folder: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

const root = join(import.meta.dirname, '../../src');

/** Every source file of the program, with what it imports. */
export const sources: readonly Source[] = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return {
      path,
      folder: path.includes('/') ? (path.split('/')[0] ?? '') : '',
      text,
      imports: importsOf(path, text),
    };
  });

function importsOf(path: string, text: string): Import[] {
  const statements = text.matchAll(
    /^(?:import|export)\b([^'";]*?)\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, what = '', from, bare, dynamic]) => {
    const to = from ?? bare ?? dynamic ?? '';
    const names =
      /\{([^}]*)\}/
        .exec(what)?.[1]
        ?.split(',')
        .filter((name) => name.trim() !== '') ?? [];
    const onlyTypes =
      names.length > 0 && /^\s*\{/.test(what) && names.every((name) => /^\s*type\s/.test(name));
    return {
      to: to.startsWith('.') ? normalize(join(path, '..', to)) : to,
      typeOnly: /^\s*type\s/.test(what) || onlyTypes,
      lazy: dynamic !== undefined,
    };
  });
}
