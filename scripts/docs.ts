// npm run docs: writes docs/kinds from the kinds, and docs/reference/cli.md from the command line. With --check it writes nothing, and fails where the files differ.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../src/kinds/registry.ts';
import './docs-cli.ts';
import { kindPages } from './kind-docs.ts';

const folder = join(import.meta.dirname, '../docs/kinds');
const check = process.argv.includes('--check');
const pages = kindPages(kinds);

mkdirSync(folder, { recursive: true });
const onDisk = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
const stale = [...new Set([...pages.keys(), ...onDisk.keys()])].filter(
  (name) => pages.get(name) !== onDisk.get(name),
);

if (check && stale.length > 0) {
  console.error(`docs/kinds isn't what the kinds say: ${stale.sort().join(', ')}\nRun: npm run docs`);
  process.exitCode = 1;
}
if (!check) {
  for (const name of stale) {
    const text = pages.get(name);
    if (text === undefined) rmSync(join(folder, name));
    else writeFileSync(join(folder, name), text);
  }
}
