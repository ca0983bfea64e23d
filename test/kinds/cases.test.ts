import { describe, expect, it } from 'vitest';
import { factId, UnknownFact } from '../../src/facts/fact.ts';
import type { Kind, KindPlan } from '../../src/kinds/define-kind.ts';
import { validateSchema } from '../../src/model/schema.ts';
import { factsOf, type KindCase, kindOf, loadCases, viewOf } from './cases.ts';

const nowhere = () => ({ source: { path: 'case', text: '' }, start: 0, end: 0 });

describe.each(loadCases())('$file', ({ kind: name, case: one }) => {
  it(one.title, async () => {
    const kind = await kindOf(name);
    expect(validateSchema(kind.params, one.params, nowhere).map(({ message }) => message)).toEqual([]);

    expectEach(kind.check?.(one.params, viewOf(one)) ?? [], one.checks ?? []);
    if (one.checks !== undefined) return;

    const asked = kind.facts(one.params, viewOf(one)).map(factId);
    const given = [...factsOf(one).states().keys()];
    expect(
      given.filter((id) => !asked.includes(id)),
      'facts that the kind does not ask for',
    ).toEqual([]);

    const { changes, unknowns = [], problems = [] } = plan(kind, one);
    expect(changes).toEqual(one.changes ?? []);
    expect(unknowns).toEqual(one.unknowns ?? []);
    expectEach(problems, one.problems ?? []);
  });
});

/** As the planner does: a fact that isn't known makes the step unknown. */
function plan(kind: Kind, one: KindCase): KindPlan {
  try {
    return kind.plan(one.params, factsOf(one), viewOf(one));
  } catch (error) {
    if (error instanceof UnknownFact) return { changes: [], unknowns: [error.reason] };
    throw error;
  }
}

function expectEach(found: readonly unknown[], expected: readonly object[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((one, i) => {
    expect(found[i]).toMatchObject(one);
  });
}
