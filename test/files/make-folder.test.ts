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

it('makes a folder and its parents', () => {
  makeFolder(join(folder, 'a/b/c'), 0o700);
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o777).toBe(0o700);
});

it('keeps an existing one', () => {
  makeFolder(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

it('fails if a file is in the way, or if the file system accepts none', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolder(join(folder, 'file/below'))).toThrow('ENOTDIR');
  expect(() => makeFolder('/proc/nothing/below')).toThrow(/ENOENT|EACCES|EPERM/);
});
