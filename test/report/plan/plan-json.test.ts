import { expect, it } from 'vitest';
import type { Change } from '../../../src/changes/registry.ts';
import { type PlanJson, planJson } from '../../../src/report/plan/plan-json.ts';
import { hostsPerStep, type PlanReport } from '../../../src/report/plan/plan-report.ts';
import { jsonText } from '../../../src/report/text/json-text.ts';
import { meshPlans, planOf, reportOf, secretFile as secret } from '../fixtures.ts';
import { hostile, isSafe } from '../hostile.ts';

const parsed = (report: PlanReport) => JSON.parse([...planJson(report)].join('')) as PlanJson;

it('has every host with its steps, and a summary', () => {
  const plan = planOf(
    'a',
    [{ type: 'sysctl', name: 'net.x', before: '0', after: '1', settle: [{ type: 'docker-restart' }] }],
    {
      unknowns: ['why'],
    },
  );
  const trouble = { code: 'connect-failed', message: 'refused' };
  const report = { ...reportOf(plan), unreachable: new Map([['b', trouble]]), newLeases: ['lab: a'] };
  expect(parsed(report)).toEqual({
    format_version: 1,
    playbook: 'Docker hosts joined by GRE',
    playbook_path: 'mesh.yml',
    inventory_path: 'inventory.yml',
    origin: { from: 'hosts' },
    on_failure: 'undo_all',
    checks: [],
    hosts: {
      a: {
        address: '192.0.2.1',
        left_over: [],
        steps: [
          {
            index: 0,
            name: 'Step 1',
            kind: 'some_kind',
            answer: 'change',
            changes: [
              {
                action: 'update',
                noun: 'kernel parameter',
                target: 'net.x',
                fields: [{ field: 'value', before: '0', after: '1' }],
                risks: ['restarts-docker'],
                settle: ['docker'],
              },
            ],
            asks: [],
            unknowns: [],
          },
          {
            index: 1,
            name: 'Step 2',
            kind: 'some_kind',
            answer: 'unknown',
            changes: [],
            asks: [],
            unknowns: ['why'],
          },
        ],
      },
    },
    unreachable: { b: trouble },
    peers: [],
    new_leases: ['lab: a'],
    former_hosts: [],
    warnings: [],
    summary: {
      hosts: 1,
      unchanged: 0,
      changes: 1,
      create: 0,
      update: 1,
      delete: 0,
      run: 0,
      unknown: 1,
      unreachable: 1,
      steps: { change: 1, no_change: 0, unknown: 1 },
    },
  });
});

it('counts a mesh instead of holding it in memory', () => {
  expect(parsed(reportOf(...meshPlans(3))).summary).toMatchObject({
    hosts: 3,
    changes: 18,
    create: 15,
    update: 3,
  });
  expect(parsed(reportOf()).hosts).toEqual({});
});

it('has no secret, and nothing that a terminal acts on', () => {
  expect([...planJson(reportOf(planOf('a', [secret])))].join('')).not.toContain('hunter2');
  const evil = reportOf({ ...planOf(hostile, { unknowns: [hostile] }) });
  expect(isSafe([...planJson(evil)].join(''))).toBe(true);
  expect(Object.keys(parsed(evil).hosts)).toEqual([hostile]);
});

it.each([undefined, 2])('is harmless on a terminal, and parses to the same value (indent %s)', (indent) => {
  const value = { [hostile]: [hostile, '\\x1b stays', '\u007f', 'tag \u{e0041}'] };
  const text = jsonText(value, indent);
  expect(isSafe(text)).toBe(true);
  expect(text).not.toContain('\u{e0041}');
  expect(JSON.parse(text)).toEqual(value);
});

it('hostsPerStep counts the hosts with changes in a step', () => {
  const change: Change = { type: 'sysctl', name: 'x', before: '0', after: '1' };
  expect(hostsPerStep(meshPlans(3))).toEqual([0, 3, 3, 3, 3]);
  expect(hostsPerStep([planOf('a', [], [change]), planOf('b', [change, change])])).toEqual([1, 1]);
  expect(hostsPerStep([])).toEqual([]);
});
