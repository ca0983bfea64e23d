import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

it('reads an object, and otherwise names the file and the way out', () => {
  const path = join(folder, 'a.json');
  const read = () => readStored(folder, path, 'do this');
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

it('refuses endless nesting at any place', () => {
  const path = join(folder, 'a.json');
  const read = () => readStored(folder, path, 'do this');
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const nested = (levels: number) =>
      `{"ignored":${open.repeat(levels)}1${close.repeat(levels)},"b":"\\"[{"}`;
    writeFileSync(path, nested(199));
    expect(read()).toMatchObject({ b: '"[{' });
    for (const levels of [200, 500_000]) {
      writeFileSync(path, nested(levels));
      expect(read).toThrow(
        `${path} can't be read: it has more than 200 levels of lists and objects inside each other`,
      );
    }
  }
});

it('names the damaged file of a lab, and says how to remove the lab', () => {
  mkdirSync(join(folder, 'lab'));
  writeFileSync(join(folder, 'lab/state.json'), '{"number": 3, ');
  expect(() => readLab(folder)).toThrow(
    expect.objectContaining({
      message: expect.stringContaining(join(folder, 'lab/state.json')),
      hint: expect.stringContaining(`meshbook lab down --state-dir ${folder}`),
    }),
  );
});

it('follows no link out of the folder', () => {
  const outside = mkdtempSync(join(tmpdir(), 'meshbook-outside-'));
  writeFileSync(join(outside, 'a.json'), '{}');
  mkdirSync(join(folder, 'runs'));
  symlinkSync('runs/..', join(folder, 'same'));
  symlinkSync(join(outside, 'a.json'), join(folder, 'a.json'));
  symlinkSync('/dev/zero', join(folder, 'zero'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  const read = (name: string) => () => readStored(folder, join(folder, name), 'do this');
  expect(read('a.json')).toThrow(/a\.json, which leads to .*a\.json, is outside/);
  expect(read('same/a.json')).toThrow('is outside');
  expect(read('zero')).toThrow('zero, which leads to /dev/zero, is outside');
  expect(read('pipe')).toThrow('pipe is a named pipe, not a file');
  expect(read('runs')).toThrow('runs is a directory, not a file');
  writeFileSync(join(folder, 'b.json'), '{"b": 1}');
  expect(read('same/b.json')()).toEqual({ b: 1 });
  // The user has named the folder itself.
  symlinkSync(folder, join(outside, 'named'));
  expect(readStored(join(outside, 'named'), join(outside, 'named/b.json'), '')).toEqual({ b: 1 });
  rmSync(outside, { recursive: true });
});

it('files are read only through these modules, which handle pipes, devices and links', () => {
  const own = sources.filter(
    ({ path, text }) =>
      !path.startsWith('lab/') && /\breadFile(Sync)?\b[^;]*'node:fs|\brealpath(Sync)?\(/.test(text),
  );
  expect(own.map(({ path }) => path)).toEqual(['commands/vault.ts', 'transport/config-reach.ts']);
});
