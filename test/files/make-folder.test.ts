import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-folder-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('makes a folder and those above it', () => {
  makeFolder(join(folder, 'a/b/c'), 0o700);
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700);
});

it('leaves one that is there as it is', () => {
  makeFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('fails where a file is in the way, and where the file system takes none', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR');
  expect(() => makeFolder('/proc/nothing/below')).toThrow(/ENOENT|EACCES|EPERM/);
});
