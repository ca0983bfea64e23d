import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { planJsonSchema } from '../../scripts/schema-plan.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import type { PlanReport } from '../../src/report/plan/plan-report.ts';
import { planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { checkOf, meshPlans, planOf, reportOf } from '../report/fixtures.ts';
import { closed } from './closed.ts';

/** The schema as published, or without additional keys: a key that it doesn't name is missing in the docs. */
function validator(schema: unknown) {
  const validate = new Ajv({ strict: true, strictTypes: false }).compile(schema as object);
  return (report: PlanReport) => {
    validate(JSON.parse([...planJson(report)].join('')));
    return validate.errors ?? [];
  };
}

const published = JSON.parse(
  readFileSync(new URL('../../schemas/plan.schema.json', import.meta.url), 'utf8'),
);
const validate = validator(closed(published));

const saved: Partial<PlanReport> = {
  madeAt: '2026-01-02T03:04:05.678Z',
  origin: { from: 'facts', folder: 'facts', oldest: 'a', newest: 'b', complete: true },
  unreachable: new Map([['x', { code: 'connect-failed', message: 'm', hint: 'h', output: 'o' }]]),
  checks: [checkOf('near', 'ping', { a: { address: '10.0.0.1' }, b: null })],
  newLeases: ['lab: a'],
  warnings: [
    {
      severity: 'warning' as const,
      code: 'foreign-tunnel',
      message: 'm',
      hosts: ['a'],
      file: 'p.yml',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 2,
      hint: 'h',
    },
  ],
  peers: [
    { host: 'b', answer: 'change', tunnels: [{ step: { index: 0, name: 's' }, to: ['a'] }], reasons: [] },
    { host: 'c', answer: 'unknown', tunnels: [], reasons: ['refused'], unreachable: true },
  ],
};

/** The changes of every kind's data cases, if known. */
const planned = plannedCases().map(({ kind, one }) => planCase(kind, one));
const changes = planned.flatMap((one) => [...one.changes]);
const settle = planned.flatMap((one) => one.settle ?? []);

describe('the schema of plans', () => {
  it('is the one in schemas/', () => expect(published).toEqual(planJsonSchema()));

  it('accepts the changes of every kind, and names every key', () => {
    expect(changes.length).toBeGreaterThan(50);
    expect(settle.length).toBeGreaterThan(10);
    expect(validate(reportOf(planOf('a', changes, { settle }, { unknowns: ['why'] })))).toEqual([]);
  });

  it.each([
    ['a mesh', reportOf(...meshPlans(3))],
    ['no hosts', reportOf()],
    ['from nothing', { ...reportOf(planOf('a')), origin: { from: 'nothing' } as const }],
  ])('accepts %s', (_, report) => expect(validate(report)).toEqual([]));

  it('accepts a saved plan', () => {
    const report = { ...reportOf(...meshPlans(2)), ...saved };
    const hosts = report.hosts.map((host) => ({ ...host, fingerprint: 'ab'.repeat(32) }));
    expect(validate({ ...report, hosts })).toEqual([]);
  });

  it('refuses what is not a plan', () => {
    const wrong = { ...reportOf(...meshPlans(1)), onFailure: 'other' } as unknown as PlanReport;
    expect(validate(wrong)).not.toEqual([]);
    expect(validator(published)({ ...reportOf(), origin: {} } as unknown as PlanReport)).not.toEqual([]);
  });
});
