import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sources } from './sources.ts';

/** The only folder that may import each third-party library. */
const homes: Record<string, readonly string[]> = {
  ajv: ['model', 'facts'],
  commander: [''],
  diff: ['report', 'plan'],
  'ip-num': ['net'],
  'json-schema-to-ts': ['kinds'],
  listr2: ['report'],
  ssh2: ['transport'],
  'write-file-atomic': ['journal', 'ipam', 'saved'],
  yaml: ['source'],
};

/** The folders of src/, from the lowest to the highest: each imports only itself and those before it. */
const layers = [
  'sh',
  'json',
  'net',
  'diagnostics',
  'files',
  'secrets',
  'facts',
  'changes',
  'persistence',
  'source',
  'model',
  'kinds',
  'ipam',
  'topology',
  'template',
  'lint',
  'plan',
  'drift',
  'checks',
  'drawing',
  'transaction',
  'resolve',
  'transport',
  'run',
  'journal',
  'report',
  'saved',
  'page',
  'lab',
  'commands',
  // The files of src/ itself.
  '',
];

/** The same within a folder: its own folders, and `.` for its own files. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: ['.', 'schema', 'inventory', 'playbook'],
  report: ['text', 'diagnostics', 'reference', 'plan', 'drift', 'run'],
  commands: ['output', 'play', 'gates', '.', 'specs'],
};

/** Files of kinds/ that are not kinds. */
const noKind = /^kinds\/(define-kind|described)\.ts$|^kinds\/shared\//;

/** Folders whose code depends only on its arguments. */
const pure = [
  'sh',
  'json',
  'net',
  'diagnostics',
  'topology',
  'template',
  'facts',
  'changes',
  'persistence',
  'kinds',
  'lint',
  'plan',
  'drift',
  'checks',
  'drawing',
  'transaction',
];

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '';
}

/** The folder within the folder; `.` for its own files. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? (parts[1] ?? '') : '.';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

describe('imports', () => {
  it('finds the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  });

  it.each(sources)(
    '$path imports only from its own layer and below, and only the libraries of its folder',
    ({ folder, path, imports }) => {
      for (const { to } of imports) {
        // Besides sources, only package.json is read.
        if (to.startsWith('node:') || to === '../package.json') continue;
        if (!to.endsWith('.ts')) {
          expect(homes[packageOf(to)], `${path} imports ${to}`).toContain(folder);
          continue;
        }
        expect(
          layers.indexOf(folderOf(to)),
          `${path} imports ${to}: ${folderOf(to)} is not below ${folder}`,
        ).toBeLessThanOrEqual(layers.indexOf(folder));
      }
    },
  );

  it('every folder is in a layer, and docs/architecture.md lists them in that order with their libraries', () => {
    const folders = new Set(sources.map(({ folder }) => folder));
    expect([...folders].sort()).toEqual([...layers].sort());
    const text = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z]+)\/` \|.*\| ?([^|]*?) ?\|$/gm)];
    const librariesOf = (folder: string) =>
      Object.keys(homes).filter((library) => homes[library]?.includes(folder));
    expect(rows.map(([, folder, libraries]) => [folder, libraries])).toEqual(
      layers.filter((folder) => folder !== '').map((folder) => [folder, librariesOf(folder).join(', ')]),
    );
  });

  it.each(layers.filter((folder) => folder !== ''))(
    'src/%s has a README that names its folders',
    (folder) => {
      const path = join(import.meta.dirname, '../../src', folder, 'README.md');
      expect(existsSync(path), path).toBe(true);
      const text = readFileSync(path, 'utf8');
      expect(text).toMatch(/^Not here: /m);
      const inside = new Set(sources.flatMap((one) => (one.folder === folder ? roomOf(one.path) : [])));
      // Every other folder in kinds/ is a kind.
      const rooms = [...inside].filter((room) => room !== '.' && (folder !== 'kinds' || room === 'shared'));
      expect(rooms.filter((room) => !text.includes(`\`${room}/\``))).toEqual([]);
    },
  );

  it.each(sources.filter(({ folder }) => rooms[folder] !== undefined))(
    '$path follows the order of the folders in $folder',
    ({ folder, path, imports }) => {
      const order = rooms[folder] ?? [];
      expect(order, path).toContain(roomOf(path));
      const own = imports.map(({ to }) => to).filter((to) => to.startsWith(`${folder}/`));
      const above = own.filter((to) => order.indexOf(roomOf(to)) > order.indexOf(roomOf(path)));
      expect(above, `${path}: ${roomOf(path)} stands below these`).toEqual([]);
    },
  );

  it.each(sources.filter(({ folder, path }) => folder === 'kinds' && path !== 'kinds/registry.ts'))(
    '$path knows no other kind',
    ({ path, imports }) => {
      // A kind is a file or a folder; shared files belong to none.
      const own = roomOf(path) === '.' || noKind.test(path) ? path : `kinds/${roomOf(path)}/`;
      const others = imports
        .map(({ to }) => to)
        .filter((to) => to.startsWith('kinds/') && !to.startsWith(own) && !noKind.test(to));
      expect(others, path).toEqual([]);
    },
  );

  it.each(sources.filter(({ folder }) => folder === 'kinds'))(
    '$path imports only types from models',
    ({ path, imports }) => {
      const values = imports.filter(({ to, typeOnly }) => !typeOnly && /^(model|source)\//.test(to));
      expect(values, path).toEqual([]);
    },
  );

  it.each(sources.filter(({ folder }) => pure.includes(folder)))(
    '$path is pure',
    ({ path, imports, text }) => {
      const effects = imports.map(({ to }) => to).filter((to) => /^node:(?!crypto$|path$|util$)/.test(to));
      expect(effects, path).toEqual([]);
      const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|`(?:\\.|[^`\\])*`|'(?:\\.|[^'\\\n])*'/gm, '');
      expect(
        /\b(Date\.now|new Date\(\)|Math\.random|randomBytes|process\.|console\.)/.exec(code)?.[0],
        path,
      ).toBeUndefined();
    },
  );

  it('starting meshbook loads what every command is on the command line, and the code of none', () => {
    const started = new Set<string>();
    const load = (path: string): void => {
      if (started.has(path)) return;
      started.add(path);
      const { imports = [] } = sources.find((one) => one.path === path) ?? {};
      for (const { to, typeOnly, lazy } of imports) if (to.endsWith('.ts') && !typeOnly && !lazy) load(to);
    };
    load('cli.ts');
    expect(started).toContain('commands/specs/apply.ts');
    const light =
      /^[a-z-]+\.ts$|^commands\/(specs\/|output\/version)|^(json|diagnostics|secrets)\/[a-z-]+\.ts$|^report\/text\//;
    expect([...started].filter((path) => !light.test(path))).toEqual([]);
  });

  it('no file imports itself through others, not even types', () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports.map(({ to }) => to)]));
    const done = new Set<string>();
    const visit = (path: string, way: readonly string[]): void => {
      const again = way.indexOf(path);
      if (again >= 0) expect.fail([...way.slice(again), path].join(' → '));
      if (done.has(path)) return;
      for (const to of graph.get(path) ?? []) visit(to, [...way, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
  });
});
