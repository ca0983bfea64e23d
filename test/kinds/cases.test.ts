import { describe, expect, it } from 'vitest';
import { factId } from '../../src/facts/fact.ts';
import { validateSchema } from '../../src/model/schema/schema.ts';
import { factsOf, kindOf, loadCases, planCase, viewOf } from './cases.ts';
import { shellOf } from './shell.ts';

const nowhere = () => ({ source: { path: 'case', text: '' }, start: 0, end: 0 });

describe.each(loadCases())('$file', ({ kind: name, case: one }) => {
  it(one.title, () => {
    const kind = kindOf(name);
    expect(validateSchema(kind.params, one.params, nowhere).map(({ message }) => message)).toEqual([]);

    expectEach(kind.check?.(one.params, viewOf(one)) ?? [], one.checks ?? []);
    if (one.checks !== undefined) return;

    const asked = kind.facts(one.params, viewOf(one)).map(factId);
    const given = [...factsOf(one).states().keys()];
    expect(
      given.filter((id) => !asked.includes(id)),
      'facts that the kind does not ask for',
    ).toEqual([]);

    const { changes, settle = [], unknowns = [], problems = [] } = planCase(kind, one);
    expect(changes).toEqual(one.changes ?? []);
    expect(settle).toEqual(one.settle ?? []);
    if (one.program !== undefined) expect(`${shellOf({ changes, settle })}\n`).toBe(one.program);
    expect(unknowns).toEqual(one.unknowns ?? []);
    expectEach(problems, one.problems ?? []);
  });
});

function expectEach(found: readonly unknown[], expected: readonly object[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((one, i) => {
    expect(found[i]).toMatchObject(one);
  });
}
