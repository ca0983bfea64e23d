import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/changes/registry.ts';
import { escapeLines } from '../../../src/diagnostics/escape.ts';
import { planShell } from '../../../src/report/plan/plan-shell.ts';
import { compileProgram } from '../../../src/transaction/program.ts';
import { stagesOf } from '../../../src/transaction/stage.ts';
import { meshPlans, planOf, reportOf, secretFile as secret } from '../fixtures.ts';
import { hostile } from '../hostile.ts';

describe('planShell', () => {
  it('has the program of each host exactly as it would run', () => {
    const plans = meshPlans(2);
    const text = planShell(reportOf(...plans));
    for (const plan of plans) {
      for (const stage of stagesOf(plan)) {
        expect(text).toContain(
          compileProgram(stage, `meshbook plan, host ${plan.host}, stage ${stage.name}`),
        );
      }
      expect(text).toContain(`# ${plan.host}, stage main\n#!/bin/sh`);
    }
  });

  it('shows no secret, and says so', () => {
    const text = planShell(reportOf(planOf('a', [secret])));
    expect(text).not.toContain('hunter2');
    expect(text).toContain("printf %s '(secret: not shown)");
    expect(text).toContain('# the content of /etc/key is secret and not shown\n');
  });

  it('does not modify the plan', () => {
    const plan = planOf('a', [secret]);
    planShell(reportOf(plan));
    expect(JSON.stringify(plan)).toContain('hunter2');
  });

  it('is a valid program, whatever the names of hosts', () => {
    const report = {
      ...reportOf(planOf(`${hostile}\nrm -rf /`, [secret]), planOf('idle', [])),
      unreachable: new Map([['gone\nrm -rf /', { code: 'x', message: 'no\nrm -rf /' }]]),
    };
    const text = planShell(report);
    expect(text).toContain('# idle: nothing to do\n');
    expect(text.split('\n').filter((line) => line.startsWith('rm -rf /'))).toEqual([]);
    execFileSync('sh', ['-n'], { input: text });
  });

  it('has no control, bidi or invisible characters, and means the same, wherever it goes', () => {
    const after = 'a\u001b[2Jb\u202e\u200bc';
    const change: Change = { type: 'sysctl', name: 'x', before: null, after };
    const plan = planOf('a', [change]);
    const named = { ...plan, steps: plan.steps.map((step) => ({ ...step, name: `s${after}` })) };
    const text = planShell(reportOf(named));
    expect(text).toBe(escapeLines(text));
    expect(text).toContain('sa\\x1b[2Jb\\u202e\\u200bc');
    expect(text).toContain(`'a'"$(printf '\\033')"'[2Jb'"$(printf '\\342\\200\\256\\342\\200\\213')"'c'`);
    execFileSync('sh', ['-n'], { input: text });
  });
});
