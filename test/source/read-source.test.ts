import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxSourceBytes, readSource } from '../../src/source/read-source.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-source-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: Buffer | string) {
  const path = join(folder, 'file.yml');
  writeFileSync(path, content);
  return readSource(path);
}

function said({ diagnostics }: ReturnType<typeof readSource>) {
  return diagnostics.map((d) => `${d.code} ${d.message.replaceAll(folder, '.')}`);
}

describe('readSource', () => {
  it('reads UTF-8', () => {
    expect(read('name: Löwe 🦁\n').value?.text).toBe('name: Löwe 🦁\n');
  });

  it('removes a byte order mark', () => {
    expect(read('\ufeffa: 1').value?.text).toBe('a: 1');
  });

  it('reads an empty file', () => {
    expect(read('').value?.text).toBe('');
  });

  it.each<[string, Buffer | string, string]>([
    ['a NUL byte', 'a: 1\nb: \0', 'file-not-text ./file.yml is not a text file: a NUL byte on line 2'],
    [
      'an ELF program',
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]),
      'file-not-text ./file.yml is not a text file: a NUL byte on line 1',
    ],
    [
      'Latin-1',
      Buffer.from('a: 1\nb: L\xf6we\n', 'latin1'),
      'file-not-text ./file.yml is not a text file: line 2 is not UTF-8',
    ],
    [
      'truncated UTF-8',
      Buffer.from('a: 1\nb: ö').subarray(0, -1),
      'file-not-text ./file.yml is not a text file: line 2 is not UTF-8',
    ],
    [
      'UTF-16',
      Buffer.from('\ufeffa: 1', 'utf16le'),
      'file-not-text ./file.yml is not a text file: it is UTF-16',
    ],
    ['a huge file', Buffer.alloc(maxSourceBytes + 1, 'a'), 'file-too-large ./file.yml is larger than 16 MB'],
  ])('refuses %s', (_, content, expected) => {
    const result = read(content);
    expect(said(result)).toEqual([expected]);
    expect(result.value).toBeUndefined();
  });

  it('accepts a file of exactly the limit', () => {
    expect(read(Buffer.alloc(maxSourceBytes, 'a')).value?.text.length).toBe(maxSourceBytes);
  });

  it('names a missing file, a directory, a path through a file and a cycle of links', () => {
    mkdirSync(join(folder, 'dir'));
    writeFileSync(join(folder, 'plain'), '');
    symlinkSync('loop', join(folder, 'loop'));
    const paths = ['missing.yml', 'dir', 'plain/x', 'loop'];
    expect(paths.flatMap((name) => said(readSource(join(folder, name))))).toEqual([
      'file-not-found there is no file ./missing.yml',
      'file-is-directory ./dir is a directory, not a file',
      'file-not-found there is no file ./plain/x',
      expect.stringContaining("file-unreadable ./loop can't be read: ELOOP"),
    ]);
  });

  it('refuses a named pipe and a device at once, without blocking', () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(said(readSource(pipe))).toEqual(['file-not-regular ./pipe is a named pipe, not a file']);
    expect(said(readSource('/dev/zero'))).toEqual(['file-not-regular /dev/zero is a device, not a file']);
  });
});
