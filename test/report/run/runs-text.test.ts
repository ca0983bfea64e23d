import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostRecord, RunRecord } from '../../../src/journal/record.ts';
import { runsText, runText } from '../../../src/report/run/runs-text.ts';
import type { HostResult } from '../../../src/run/events.ts';
import { hostile, isSafe } from '../hostile.ts';

const plain = { color: false, width: 120 };
const target = (name: string) => ({ name, address: name, ssh: {}, become: false });

const applied: RunRecord = {
  formatVersion: 1,
  id: '20261121-010203-abcdef',
  verb: 'apply',
  user: 'ops',
  controller: 'bastion',
  startedAt: '2026-11-21T01:02:03.000Z',
  finishedAt: '2026-11-21T01:02:09.500Z',
  exitCode: 0,
  inventory: '/srv/lab.yml',
  playbook: '/srv/gre.yml',
  playName: 'Docker hosts joined by GRE',
  steps: [],
  hosts: {
    docker1: { target: target('docker1'), stages: [], result: { outcome: 'changed', changes: 12 } },
    docker2: { target: target('docker2'), stages: [], result: { outcome: 'changed', changes: 12 } },
  },
};
const { inventory: _, playbook: __, finishedAt: ___, exitCode: ____, ...cutOff } = applied;
const undone: RunRecord = {
  ...cutOff,
  id: '20261121-020304-fedcba',
  verb: 'undo',
  undoes: applied.id,
  hosts: {
    docker1: { target: target('docker1'), stages: [], result: { outcome: 'in-doubt', changes: 2 } },
    docker2: { target: target('docker2'), stages: [] },
  },
};

// Times are shown in the user's time zone.
const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'UTC';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

describe('runsText', () => {
  it('lists the newest first', () => {
    expect(runsText([applied, undone], plain)).toMatchInlineSnapshot(`
      "run                     user  verb   hosts                    playbook
      20261121-020304-fedcba  ops   undo   1 in doubt, 1 no result  of abcdef
      20261121-010203-abcdef  ops   apply  1 in doubt, 1 changed    Docker hosts joined by GRE
      "
    `);
  });

  it('calls no host armed after its deadline', () => {
    const result = { outcome: 'armed', changes: 2, armedUntil: '2026-11-21T01:04:05.000Z' } as const;
    const armed = {
      ...applied,
      hosts: { docker1: { target: target('docker1'), stages: [], result } },
    };
    const list = runsText([armed], plain);
    expect(list).toContain('1 not confirmed');
    const shown = runText(armed, [armed], plain);
    expect(shown).toContain(
      'docker1  not confirmed by 2026-11-21 01:04:05, so the host has undone it by itself; meshbook status asks how\n',
    );
    expect(shown).not.toContain('meshbook confirm');
    const later = new Date(Date.now() + 60_000).toISOString();
    const still = {
      ...armed,
      hosts: { docker1: { ...armed.hosts.docker1, result: { ...result, armedUntil: later } } },
    };
    expect(runsText([still], plain)).toContain('1 armed');
  });

  it('breaks no id at 80 columns, whatever the number of states', () => {
    const idOf = (i: number) => `20261121-0102${i + 10}-abcd${i + 10}`;
    const many = Array.from({ length: 30 }, (_, i): RunRecord => {
      const own = i % 2 === 0 ? applied : undone;
      return { ...own, id: idOf(i), ...(own.verb === 'undo' ? { undoes: idOf(i - 1) } : {}) };
    });
    const text = runsText(many, { color: false, width: 80 });
    for (const { id } of many) expect(text.split('\n').some((line) => line.startsWith(id))).toBe(true);
    for (let i = 1; i < 30; i += 2) expect(text).toMatch(new RegExp(`of abcd${i + 9}\n`));
  });

  it('says that there are none', () => {
    expect(runsText([], plain)).toBe('No runs yet.\n');
  });
});

describe('the current state of a run', () => {
  const host = (name: string, result: HostResult, stages: HostRecord['stages'] = []): HostRecord => ({
    target: target(name),
    stages,
    result,
  });
  const stages = [{ name: 'main', items: { '1': { step: 0, summary: 'create file /a' } } }] as const;
  const run: RunRecord = {
    ...applied,
    exitCode: 5,
    hosts: {
      a: host('a', { outcome: 'changed', changes: 3 }, stages),
      b: host('b', { outcome: 'changed', changes: 3 }, stages),
      c: host('c', { outcome: 'in-doubt', changes: 1 }, stages),
      d: {
        ...host('d', { outcome: 'changed', changes: 3 }, stages),
        forgotten: { user: 'ada', controller: 'desk', at: '2026-11-22T01:02:03.000Z' },
      },
      e: host('e', { outcome: 'changed', changes: 3 }, stages),
    },
  };
  const failed: RunRecord = {
    ...undone,
    hosts: {
      a: host('a', { outcome: 'in-doubt', changes: 1 }, stages),
      b: host('b', { outcome: 'undone', changes: 1, left: ['1', '2'] }, stages),
      c: host('c', { outcome: 'in-doubt', changes: 1 }),
      d: host('d', { outcome: 'in-doubt', changes: 0 }),
      e: host('e', { outcome: 'in-doubt', changes: 0 }),
    },
  };
  const settled: RunRecord = {
    ...undone,
    id: '20261121-030405-aaaaaa',
    startedAt: '2026-11-21T03:04:05.000Z',
    hosts: {
      a: host('a', { outcome: 'undone', changes: 2 }, stages),
      c: host('c', { outcome: 'undone', changes: 0 }, stages),
    },
  };
  const all = [run, failed, settled];

  it('is what the list counts: undone, partly undone, forgotten, in doubt', () => {
    const rows = runsText(all, { ...plain, width: 200 }).split('\n');
    expect(rows[3]).toContain('2 undone, 1 partly undone (2 left), 1 forgotten, 1 in doubt');
    expect(rows[2]).toContain('2 undone, 1 partly undone (2 left), 1 forgotten, 1 in doubt');
    expect(rows[1]).toContain('2 undone');
  });

  it("is shown beside each host's result, and what is settled gets no advice", () => {
    expect(runText(run, all, plain).split('\n').slice(8)).toEqual([
      'by now     2 undone, 1 partly undone (2 left), 1 forgotten, 1 in doubt',
      '',
      'a  changed   3 changes',
      'b  changed   3 changes',
      'c  in doubt  1 change',
      'd  changed   3 changes',
      'e  changed   3 changes',
      '',
      'When it ended: 5 hosts: 4 changed, 1 in doubt.',
      '',
      'Since then:',
      `a  undone by ${settled.id}`,
      `b  partly undone by ${failed.id}, 2 changes left`,
      `c  undone by ${settled.id}`,
      'd  forgotten by ada on desk, 2026-11-22 01:02:03',
      `e  in doubt: its undo ${failed.id} did not finish`,
      '',
    ]);
  });

  it('is no longer in doubt once a later undo of the same run has finished', () => {
    const text = runText(failed, all, plain);
    expect(text).toContain(`a  undone by ${settled.id}\n`);
    // Hosts that are still in doubt keep their advice.
    expect(text).toContain(`  meshbook undo ${run.id} --limit e\n`);
  });
});

describe('runText', () => {
  it('shows who, when, what and how', () => {
    expect(runText(applied, [applied], plain)).toMatchInlineSnapshot(`
      "run        20261121-010203-abcdef
      playbook   Docker hosts joined by GRE (/srv/gre.yml)
      inventory  /srv/lab.yml
      verb       apply
      by         ops on bastion
      started    2026-11-21 01:02:03
      finished   2026-11-21 01:02:09 (6.5 s)
      exit code  0

      docker1  changed  12 changes
      docker2  changed  12 changes

      Run 20261121-010203-abcdef: 2 hosts: 2 changed.
      "
    `);
  });

  it('shows what is missing, and how to settle hosts whose undo is in doubt', () => {
    const text = runText(undone, [undone], plain);
    expect(text).toContain(`verb      undo of ${applied.id}\n`);
    expect(text).toContain(`meshbook undo ${applied.id} --limit docker1\n`);
    expect(text).toContain('Without a result (the run goes on, or was cut off): docker2\n');
  });
});

it('escapes control characters of a record', () => {
  const evil: RunRecord = {
    ...applied,
    id: hostile,
    undoes: hostile,
    user: hostile,
    controller: hostile,
    startedAt: hostile,
    playName: hostile,
    playbook: hostile,
    inventory: hostile,
    hosts: {
      [hostile]: { target: target('x'), stages: [] },
      [`${hostile}2`]: {
        target: target('x'),
        stages: [],
        result: { outcome: 'kept', changes: 1, trouble: { code: hostile, message: hostile } },
      },
    },
  };
  expect(isSafe(runsText([evil], plain))).toBe(true);
  expect(isSafe(runText(evil, [evil], plain))).toBe(true);
});
