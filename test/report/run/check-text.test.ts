import { describe, expect, it } from 'vitest';
import type { CheckResult, CheckState } from '../../../src/checks/result.ts';
import { type CheckReport, checkJson, checkText } from '../../../src/report/run/check-text.ts';
import { resolved } from '../../resolve/play.ts';

const { checks } = resolved({
  playbook: `hosts: all
steps: [{ command: { run: x, always: true } }]
checks:
  - { name: Near, ping: { address: a } }
  - { name: Well, command: { run: x } }
`,
}).play;

function result(check: number, source: string, target: string, state: CheckState, output = ''): CheckResult {
  return { check, source, target, state, output };
}

/** A ping between each two of that many hosts; failures by `source>target`. */
function mesh(hosts: number, wrong: Readonly<Record<string, [CheckState, string]>> = {}): CheckResult[] {
  const names = Array.from({ length: hosts }, (_, i) => `docker${i + 1}`);
  return names.flatMap((source) =>
    names
      .filter((target) => target !== source)
      .map((target) => {
        const [state, output] = wrong[`${source}>${target}`] ?? ['ok', ''];
        return result(0, source, target, state, output);
      }),
  );
}

function text(results: readonly CheckResult[], width = 80, more: Partial<CheckReport> = {}): string {
  const report = { play: 'p', checks, results, troubles: new Map(), unreachable: new Map(), ...more };
  return checkText(report, { color: false, width });
}

describe('checks for people', () => {
  it('are a line each if all passed', () => {
    expect(text([...mesh(20), result(1, 'docker1', 'docker1', 'ok')])).toBe(
      '✓ Near (ping, 380 pairs)\n✓ Well (command, 1 host)\n2 checks: 381 passed.\n',
    );
  });

  it('say that nothing was checked if a check has no pairs', () => {
    const own = [result(1, 'docker1', 'docker1', 'ok')];
    expect(text(own)).toBe(
      '· Near (ping, 0 pairs): nothing was checked\n✓ Well (command, 1 host)\n2 checks: 1 passed, 1 checked nothing.\n',
    );
    const report = { play: 'p', checks, results: own, troubles: new Map(), unreachable: new Map() };
    expect(checkJson(report)).toMatchObject({
      checks: [
        { name: 'Near', nothing_checked: true, results: [] },
        { name: 'Well', results: [{ source: 'docker1', state: 'ok' }] },
      ],
    });
  });

  it('show who fails with whom, and why; equal failures once', () => {
    const down: [CheckState, string] = ['failed', 'no answer'];
    const results = [
      ...mesh(3, { 'docker1>docker2': down, 'docker1>docker3': down, 'docker3>docker1': ['unknown', 'why'] }),
      result(1, 'docker2', 'docker2', 'failed', 'exit status 1'),
    ];
    expect(text(results)).toBe(`✗ Near (ping, 6 pairs)
            1 2 3
  1 docker1 · ✗ ✗
  2 docker2 ✓ · ✓
  3 docker3 ? ✓ ·
  ✗ docker1 → docker2, docker3
    | no answer
  ? docker3 → docker1
    | why
✗ Well (command, 1 host)
  ✗ docker2
    | exit status 1
2 checks: 3 passed, 3 failed, 1 unknown.
`);
  });

  it('leave out rows without a failure if there are many hosts', () => {
    const shown = text(mesh(20, { 'docker7>docker9': ['failed', 'x'] }));
    expect(shown.match(/^ +\d+ docker\d+ .*$/gm)).toEqual([
      '   7 docker7   ✓  ✓  ✓  ✓  ✓  ✓  ·  ✓  ✗  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓  ✓',
    ]);
    for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('leave out a matrix that is too wide', () => {
    const shown = text(mesh(20, { 'docker7>docker9': ['failed', 'x'] }), 60);
    expect(shown).toContain('✗ docker7 → docker9\n');
    expect(shown).not.toContain('·  ✓');
  });

  it('escape output of hosts, and name hosts without results', () => {
    const evil = '\u001b[2J';
    const shown = text([result(0, 'a', 'b', 'failed', `x\n${evil}`)], 80, {
      troubles: new Map([['c', { code: 'protocol', message: evil }]]),
      unreachable: new Map([['d', { code: 'connect-failed', message: 'no way' }]]),
    });
    expect(shown).not.toContain('\u001b');
    expect(shown).toContain('    | x\n    | \\x1b[2J\n');
    expect(shown).toContain('d: no way (connect-failed)');
    expect(shown).toContain('1 failed, 1 checked nothing, 1 host without results, 1 host\nunreachable.');
  });
});

it('checks as JSON say the same', () => {
  const results = [result(0, 'a', 'b', 'failed', 'x'), result(1, 'a', 'a', 'ok')];
  expect(checkJson({ play: 'p', checks, results, troubles: new Map(), unreachable: new Map() })).toEqual({
    format_version: 1,
    playbook: 'p',
    checks: [
      { name: 'Near', kind: 'ping', results: [{ source: 'a', target: 'b', state: 'failed', output: 'x' }] },
      { name: 'Well', kind: 'command', results: [{ source: 'a', state: 'ok' }] },
    ],
    troubles: {},
    unreachable: {},
  });
});
