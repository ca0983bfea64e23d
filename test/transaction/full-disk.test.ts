import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { forgetScript, prepareScript, statusScript } from '../../src/transaction/host-scripts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-full-'));
  mkdirSync(join(folder, 'transactions/run'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const sh = ({ text }: { text: string }) =>
  spawnSync('sh', ['-s'], { input: text.replaceAll('/var/lib/meshbook', folder), encoding: 'utf8' });

it('a disk that is full when a run is stored is reported with its path, and no folder stays', () => {
  const home = join(folder, 'transactions/run');
  symlinkSync('/dev/full', join(home, 'control.part'));
  const hold = { control: 'a'.repeat(100_000), token: 'secret' };
  const { status, stderr } = sh(prepareScript('run', 'main', 'program', [], hold));
  expect(status).toBe(7);
  expect(stderr).toMatch(new RegExp(`^cannot write to ${home}: \\d+ KiB are free on /\\S*\n$`));
  expect(existsSync(home)).toBe(false);
});

it('a folder with an empty control is not a transaction, and is removed when the run is forgotten', () => {
  const home = join(folder, 'transactions/run');
  writeFileSync(join(home, 'control'), '');
  expect(sh(statusScript()).stdout).toBe('');
  expect(sh(forgetScript('run')).status).toBe(0);
  expect(existsSync(home)).toBe(false);
});
