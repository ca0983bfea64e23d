import { execFileSync } from 'node:child_process';
import {
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { writeWhole } from '../../src/files/write-whole.ts';

const folders: string[] = [];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-write-'));
  folders.push(folder);
});
afterAll(() => {
  for (const old of folders) rmSync(old, { recursive: true });
});

it('makes a file with the given mode, and replaces an existing one', () => {
  const path = join(folder, 'out');
  writeWhole(path, ['one\n', 'two\n'], 0o600);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeWhole(path, ['three\n']);
  expect(readFileSync(path, 'utf8')).toBe('three\n');
  expect(readdirSync(folder)).toEqual(['out']);
});

it('keeps the old file if it breaks off, and leaves nothing else behind', () => {
  const path = join(folder, 'out');
  writeFileSync(path, 'old');
  function* breaksOff() {
    yield 'new';
    throw new Error('enough');
  }
  expect(() => writeWhole(path, breaksOff())).toThrow('enough');
  expect(readFileSync(path, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['out']);
});

it('follows a link', () => {
  mkdirSync(join(folder, 'far'));
  writeFileSync(join(folder, 'far/target'), 'old');
  symlinkSync('far/target', join(folder, 'link'));
  writeWhole(join(folder, 'link'), ['new']);
  expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(folder, 'far/target'), 'utf8')).toBe('new');
});

it('writes into a pipe, which stays one', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  writeWhole(pipe, ['through']);
  const buffer = Buffer.alloc(20);
  expect(buffer.toString('utf8', 0, readSync(reader, buffer))).toBe('through');
  expect(statSync(pipe).isFIFO()).toBe(true);
});

it.each([
  ['a folder', '.', 'EISDIR'],
  ['a missing folder', 'none/out', 'ENOENT'],
  ['a path through a file', 'file/out', 'ENOTDIR'],
])("passes on the system's error for %s", (_, path, message) => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => writeWhole(join(folder, path), ['x'])).toThrow(message);
  expect(readdirSync(folder)).toEqual(['file']);
});
