import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../src/journal/record.ts';
import { runsText, runText } from '../../src/report/runs-text.ts';
import { hostile, isSafe } from './hostile.ts';

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

// Times are shown in the user's zone.
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
      20261121-020304-fedcba  ops   undo   1 in-doubt, 1 no result  of 20261121-010203-abcdef
      20261121-010203-abcdef  ops   apply  2 changed                Docker hosts joined by GRE
      "
    `);
  });

  it('says so when there are none', () => {
    expect(runsText([], plain)).toBe('No runs yet.\n');
  });
});

describe('runText', () => {
  it('tells who, when, what and how', () => {
    expect(runText(applied, plain)).toMatchInlineSnapshot(`
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

  it('tells what is missing, and how to settle hosts in doubt of an undo', () => {
    const text = runText(undone, plain);
    expect(text).toContain(`verb      undo of ${applied.id}\n`);
    expect(text).toContain(`meshbook undo ${applied.id} --limit docker1\n`);
    expect(text).toContain('Without a result (the run goes on, or was cut off): docker2\n');
  });
});

it('lets no control character of a record through', () => {
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
  expect(isSafe(runText(evil, plain))).toBe(true);
});
