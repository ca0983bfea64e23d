import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { registered } from '../../scripts/kind-scaffold.ts';

const root = join(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'meshbook-new-kind-'));
afterAll(() => rmSync(copy, { recursive: true }));

const run = (...argv: string[]) => spawnSync('npx', argv, { cwd: copy, encoding: 'utf8' });

describe('npm run new-kind', { timeout: 120_000 }, () => {
  it('makes a kind that type-checks and passes every contract', () => {
    for (const part of [
      'src',
      'test',
      'docs',
      'schemas',
      'scripts',
      'tsconfig.json',
      'package.json',
      'biome.json',
    ]) {
      cpSync(join(root, part), join(copy, part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

    const made = run('tsx', 'scripts/new-kind.ts', 'dummy_thing');
    expect(made).toMatchObject({ status: 0, stderr: expect.not.stringContaining('rror') });
    expect(run('biome', 'check', 'src/kinds/dummy-thing.ts', 'src/kinds/registry.ts')).toMatchObject({
      status: 0,
    });
    expect(
      run('tsc', '-p', '.')
        .stdout.split('\n')
        .filter((line) => /dummy|registry/.test(line)),
    ).toEqual([]);
    const tests = run(
      'vitest',
      'run',
      '--reporter=json',
      '--outputFile=report.json',
      '-t',
      'dummy',
      'test/kinds',
      'test/contract',
    );
    expect(tests.status).toBe(0);
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(join(copy, 'report.json'), 'utf8'));
    expect(numFailedTests).toBe(0);
    expect(numPassedTests).toBeGreaterThan(12);

    expect(run('tsx', 'scripts/new-kind.ts', 'dummy_thing')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('exists already'),
    });
  });

  it.each([
    ['aaa', 'import aaa', 'import bridgeUplink'],
    ['linux_route', 'import linuxRoute', 'import ovsBridge'],
    ['zzz', 'import sysctl', 'import zzz'],
  ])('adds %s', (name, first, second) => {
    const before = readFileSync(join(root, 'src/kinds/registry.ts'), 'utf8');
    const lines = registered(before, name).split('\n');
    expect(lines).toHaveLength(before.split('\n').length + 2);
    const at = lines.findIndex((line) => line.startsWith(first));
    expect(lines[at + 1]).toContain(second);
  });

  it('refuses a reserved key of steps as a name', () => {
    expect(
      spawnSync('npx', ['tsx', 'scripts/new-kind.ts', 'when'], { cwd: root, encoding: 'utf8' }),
    ).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining("can't be called when") });
  });

  it('requires a name in snake_case', () => {
    expect(
      spawnSync('npx', ['tsx', 'scripts/new-kind.ts', 'Bad-Name'], { cwd: root, encoding: 'utf8' }),
    ).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('Usage: npm run new-kind NAME'),
    });
  });
});
