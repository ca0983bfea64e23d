import { describe, expect, it } from 'vitest';
import { predictAll, primitiveOf } from '../../src/changes/registry.ts';
import { valueFile, values } from '../../src/changes/values.ts';
import type { HostPlan } from '../../src/plan/host-plan.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { planShell } from '../../src/report/plan/plan-shell.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { stageIndex } from '../../src/run/stage-index.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagedEffects, stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { reportOf, wide } from '../report/fixtures.ts';

const cases = plannedCases().flatMap(({ kind, title, one }) =>
  planCase(kind, one).changes.map((change) => ({ title, kind, one, change, primitive: primitiveOf(change) })),
);
const giving = cases.filter(({ change, primitive }) => primitive.gives(change).length > 0);
const taking = cases.filter(({ change, primitive }) => primitive.takes(change).length > 0);

describe('values between hosts', () => {
  it('are given and taken by some kind', () => {
    expect([giving.length, taking.length]).not.toContain(0);
    const given = new Set(giving.flatMap(({ change, primitive }) => [...primitive.gives(change)]));
    expect([...given].sort()).toEqual(Object.keys(values).sort());
  });

  it.each(giving)('are there once the change that gives them is applied: $title', ({ one, change }) => {
    const facts = factsOf(one);
    for (const name of primitiveOf(change).gives(change)) {
      // What tells it is among what the step asks.
      if (!facts.knows(values[name].query)) continue;
      expect(values[name].has(facts)).toBe(false);
      expect(values[name].has(predictAll([change], facts))).toBe(true);
    }
  });

  it.each(taking)('are waited for, and only named: $title', ({ kind, one, change, primitive }) => {
    const plan: HostPlan = {
      host: 'docker2',
      steps: [{ index: 0, name: 'A step', kind: kind.name, changes: [change], unknowns: [] }],
    };
    const report = reportOf(plan);
    const [stage] = stagesOf(plan);
    if (stage === undefined) throw new Error('no stage');
    const program = compileProgram(stage, 'x');
    for (const value of primitive.takes(change)) {
      expect(program).toContain(`\ntakes_1=${valueFile(value)}\n`);
      expect(program).toMatch(/await_values "\$id"/);
      // A plan, its reports and the record of a run say where a value comes from: nothing in them is like one.
      for (const text of [
        JSON.stringify(plan),
        [...planJson(report)].join(''),
        planText(report, { ...wide, diff: true }),
        planMarkdown(report),
        planShell(report),
        program,
        JSON.stringify(recordStage(stagedEffects(stage), factsOf(one))),
        JSON.stringify(stageIndex(stage, [])),
      ])
        expect(text.match(/SWMTKN-1-[0-9a-z]+-[0-9a-z]+/)).toBeNull();
    }
    expect(stageIndex(stage, []).items['1']?.takes).toBe(true);
  });

  it.each(taking)('no undo needs one: $title', ({ change, primitive }) => {
    expect(primitive.undo(change).text).not.toContain('$values');
    expect(primitive.save?.(change)?.text ?? '').not.toContain('$values');
  });
});
