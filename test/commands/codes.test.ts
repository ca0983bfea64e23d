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

  it('is what its command brings about', () => {
    const { exitCode, stderr } = run('wrong');
    expect(stderr).toMatch(new RegExp(`(^|\\s)${code} ${severity}: `));
    expect(exitCode).toBe(severity === 'warning' ? 0 : 1);
  });

  // A play with checks has hosts to be asked.
  if (/^[+ ]/m.test(command) && code !== 'no-checks') {
    it('is gone with its mend', () => {
      expect(run('mended').stderr).not.toContain(`${code} `);
    });
  }
});

describe('meshbook explain', () => {
  it('says of a code what its page says', () => {
    const { stdout, exitCode } = cli.run(['explain', 'yaml-tab']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('A line is indented with a tab');
    expect(stdout).toContain('Indent with spaces.');
  });

  it('lists all codes', () => {
    const { stdout } = cli.run(['explain']);
    expect(stdout.split('\n').filter((line) => line !== '')).toHaveLength(registry.size);
  });

  it('refuses a code that is none, and says which is near', () => {
    const { stderr, exitCode } = cli.run(['explain', 'yaml-tabs']);
    expect(stderr).toContain("unknown-code error: there is no code 'yaml-tabs'");
    expect(stderr).toContain("did you mean 'yaml-tab'?");
    expect(exitCode).toBe(1);
  });
});
