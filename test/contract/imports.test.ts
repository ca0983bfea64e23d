import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sources } from './sources.ts';

/** The one home of each third-party library. */
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

/** What each folder may import of ours, besides itself. Data flows one way: what stands lower imports what stands higher. */
const layers: Record<string, readonly string[]> = {
  sh: [],
  net: [],
  secrets: ['diagnostics', 'files'],
  diagnostics: ['secrets'],
  files: ['diagnostics'],
  source: ['diagnostics', 'files', 'model', 'secrets'],
  model: ['diagnostics', 'net', 'secrets', 'source', 'topology'],
  topology: ['diagnostics', 'ipam', 'model', 'net'],
  ipam: ['diagnostics', 'files', 'model', 'net'],
  template: ['diagnostics', 'model', 'net', 'secrets'],
  facts: ['diagnostics', 'net', 'secrets', 'sh'],
  changes: ['diagnostics', 'facts', 'net', 'sh'],
  kinds: ['changes', 'diagnostics', 'facts', 'net', 'sh', 'topology'],
  lint: ['diagnostics', 'facts', 'ipam', 'kinds', 'model', 'net', 'topology'],
  plan: ['lint', 'changes', 'diagnostics', 'facts', 'kinds', 'model', 'secrets'],
  drift: ['changes', 'facts', 'model', 'plan'],
  checks: ['diagnostics', 'model', 'sh'],
  drawing: ['diagnostics', 'facts', 'ipam', 'kinds', 'plan', 'topology'],
  transaction: ['changes', 'diagnostics', 'plan', 'sh'],
  resolve: [
    'diagnostics',
    'facts',
    'ipam',
    'kinds',
    'lint',
    'model',
    'plan',
    'secrets',
    'source',
    'template',
    'topology',
  ],
  transport: ['diagnostics', 'files', 'model', 'sh'],
  run: [
    'lint',
    'changes',
    'checks',
    'diagnostics',
    'facts',
    'model',
    'plan',
    'secrets',
    'sh',
    'transaction',
    'transport',
  ],
  journal: ['changes', 'diagnostics', 'facts', 'files', 'plan', 'run', 'secrets', 'transport'],
  report: [
    'changes',
    'checks',
    'diagnostics',
    'drawing',
    'drift',
    'facts',
    'ipam',
    'journal',
    'kinds',
    'model',
    'plan',
    'run',
    'source',
    'topology',
    'transaction',
  ],
  saved: [
    'changes',
    'diagnostics',
    'facts',
    'files',
    'ipam',
    'kinds',
    'model',
    'plan',
    'report',
    'run',
    'secrets',
    'source',
    'topology',
  ],
  page: ['changes', 'diagnostics', 'drawing', 'plan', 'report'],
  lab: ['diagnostics', 'facts', 'files', 'run', 'sh', 'transport'],
};

/** Folders whose code depends on nothing but its arguments. */
const pure = [
  'sh',
  'net',
  'diagnostics',
  'topology',
  'template',
  'facts',
  'changes',
  'kinds',
  'lint',
  'plan',
  'drift',
  'checks',
  'drawing',
  'transaction',
];

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
    '$path keeps to its layer, and to the libraries that live in its folder',
    ({ folder, path, imports }) => {
      for (const { to } of imports) {
        // Of what isn't source, package.json alone is read.
        if (to.startsWith('node:') || to === '../package.json') continue;
        if (!to.endsWith('.ts')) {
          expect(homes[packageOf(to)], `${path} imports ${to}`).toContain(folder);
          continue;
        }
        const target = to.includes('/') ? (to.split('/')[0] ?? '') : '';
        if (folder === '' || folder === 'commands' || target === folder) continue;
        expect(layers[folder], `${path} imports ${to}: may ${folder} know ${target}?`).toContain(target);
      }
    },
  );

  it('docs/architecture.md lists every folder with its libraries', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
    const rows = [...text.matchAll(/^\| `([a-z]+)\/` \|.*\| ?([^|]*?) ?\|$/gm)];
    const listed = Object.fromEntries(rows.map(([, folder = '', libraries]) => [folder, libraries]));
    const folders = [...new Set(sources.map(({ folder }) => folder))].filter((folder) => folder !== '');
    const librariesOf = (folder: string) =>
      Object.keys(homes).filter((library) => homes[library]?.includes(folder));
    expect(listed).toEqual(
      Object.fromEntries(folders.map((folder) => [folder, librariesOf(folder).join(', ')])),
    );
  });

  it.each(sources.filter(({ folder }) => folder === 'kinds'))(
    '$path knows models by their types only',
    ({ path, imports }) => {
      const values = imports.filter(({ to, typeOnly }) => !typeOnly && /^(model|topology)\//.test(to));
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

  it('no file imports itself by way of others', () => {
    const graph = new Map(
      sources.map(({ path, imports }) => [
        path,
        imports.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to),
      ]),
    );
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
