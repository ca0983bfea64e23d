import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readStored } from '../../src/files/read-stored.ts';
import { readLab } from '../../src/lab/state.ts';
import { sources } from '../contract/sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-stored-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('reads an object, and names the file and the way out where there is none', () => {
  const path = join(folder, 'a.json');
  const read = () => readStored(path, 'do this');
  expect(read).toThrow(`${path} can't be read: ENOENT`);
  writeFileSync(path, '{"a": 1}\n');
  expect(read()).toEqual({ a: 1 });
  writeFileSync(path, 'root:x:0:0');
  expect(read).toThrow(`${path} can't be read: it is not JSON`);
  for (const text of ['', '{"a": ', '\0\0\0', 'null', '[{}]', '"text"']) {
    writeFileSync(path, text);
    expect(read, text).toThrow(
      expect.objectContaining({
        code: 'state',
        message: expect.stringContaining(`${path} can't be read: `),
        hint: 'do this',
      }),
    );
  }
});

it('names the file of a lab that is damaged, and says how the lab is removed', () => {
  mkdirSync(join(folder, 'lab'));
  writeFileSync(join(folder, 'lab/state.json'), '{"number": 3, ');
  expect(() => readLab(folder)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(join(folder, 'lab/state.json')),
      hint: expect.stringContaining(`meshbook lab down --state-dir ${folder}`),
    }),
  );
});

it('is how all files are read that the program has stored as JSON', () => {
  const own = sources.filter(({ text }) => /\bJSON\.parse\(/.test(text) && /\breadFile(Sync)?\(/.test(text));
  expect(own.map(({ path }) => path)).toEqual(['files/read-stored.ts']);
});
