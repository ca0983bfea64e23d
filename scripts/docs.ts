// npm run docs: writes docs/kinds and schemas from the kinds and the model, docs/diagnostics.md from the registry of
// codes, and docs/reference/cli.md from the command line. With --check it writes nothing, and fails if the files
// differ.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../src/kinds/registry.ts';
import { codePage } from './code-docs.ts';
import './docs-cli.ts';
import { kindPages } from './kind-docs.ts';
import { schemaFiles } from './schema-files.ts';

const check = process.argv.includes('--check');
writeFolder('docs/kinds', kindPages(kinds));
writeFolder('schemas', schemaFiles(kinds));
writeFileOf('docs/diagnostics.md', codePage());

/** Makes the folder contain these files and no others. */
function writeFolder(name: string, files: ReadonlyMap<string, string>): void {
  const folder = join(import.meta.dirname, '..', name);
  mkdirSync(folder, { recursive: true });
  const onDisk = new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
  const stale = [...new Set([...files.keys(), ...onDisk.keys()])].filter(
    (file) => files.get(file) !== onDisk.get(file),
  );
  if (check && stale.length > 0) {
    console.error(`${name} isn't what the sources say: ${stale.sort().join(', ')}\nRun: npm run docs`);
    process.exitCode = 1;
  }
  if (check) return;
  for (const file of stale) {
    const text = files.get(file);
    if (text === undefined) rmSync(join(folder, file));
    else writeFileSync(join(folder, file), text);
  }
}

/** Makes the file contain this text. */
function writeFileOf(name: string, text: string): void {
  const path = join(import.meta.dirname, '..', name);
  if (!check) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error(`${name} isn't what the sources say\nRun: npm run docs`);
    process.exitCode = 1;
  }
}
