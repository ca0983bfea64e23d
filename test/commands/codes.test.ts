import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../src/diagnostics/codes/registry.ts';
import { exampleFiles, type Version, versionOf } from '../diagnostics/codes/run-example.ts';
import { type BuiltCli, buildCli } from './built-cli.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 120_000);
afterAll(() => cli?.remove());

const entries = [...registry].flatMap(([code, { severity, example }]) =>
  example?.command === undefined ? [] : [{ code, severity, example, command: example.command }],
);

describe.each(entries)('$code', ({ code, severity, example, command }) => {
  const run = (version: Version) => {
    const [line = ''] = versionOf(command, version).split('\n');
    return cli.run(line.split(' ').slice(1), { cwd: cli.files(exampleFiles(example, version)) });
  };

  it('is the result of its command', () => {
    const { exitCode, stderr } = run('wrong');
    expect(stderr).toMatch(new RegExp(`(^|\\s)${code} ${severity}: `));
    expect(exitCode).toBe(severity === 'warning' ? 0 : 1);
  });

  // A play with checks needs hosts.
  if (/^[+ ]/m.test(command) && code !== 'no-checks') {
    it('is gone after its fix', () => {
      expect(run('mended').stderr).not.toContain(`${code} `);
    });
  }
});

describe('meshbook explain', () => {
  it("prints what the code's page says", () => {
    const { stdout, exitCode } = cli.run(['explain', 'yaml-tab']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('A line is indented with a tab');
    expect(stdout).toContain('Indent with spaces.');
  });

  it('lists all codes', () => {
    const { stdout } = cli.run(['explain']);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(registry.size);
  });

  it('refuses an unknown code, and suggests the nearest', () => {
    const { stderr, exitCode } = cli.run(['explain', 'yaml-tabs']);
    expect(stderr).toContain("unknown-code error: there is no code 'yaml-tabs'");
    expect(stderr).toContain("did you mean 'yaml-tab'?");
    expect(exitCode).toBe(1);
  });
});
