import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeView, primitiveOf } from '../../src/changes/registry.ts';
import { type FactQuery, Facts, factId, UnknownFact } from '../../src/facts/fact.ts';
import { everyFamily } from '../../src/facts/families.ts';
import { unlike } from '../../src/facts/schema.ts';
import { type KindCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';

const cases = plannedCases().map(({ kind, title, one }) => {
  const asked = kind.facts(one.params, viewOf(one));
  const known = asked.filter((query) => factId(query) in (one.facts ?? {}));
  return { kind, title, one, known };
});

/** Every value that results from replacing one node of a value: what a liar may print. */
function* lies(value: unknown): Generator<unknown> {
  yield* [null, -1, 1e9, '', '\u0000', 'x y', [], [null], {}, { '': null }, true].filter(
    (lie) => lie !== value,
  );
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const [i, inner] of value.entries()) for (const lie of lies(inner)) yield value.with(i, lie);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    yield rest;
    for (const lie of lies(inner)) yield { ...value, [key]: lie };
  }
}

function knownValue({ facts = {} }: KindCase, query: FactQuery<unknown>): unknown {
  return facts[factId(query)];
}

describe('the schema of a fact', () => {
  it.each(cases)('accepts the facts of the data cases: $title', ({ one, known }) => {
    for (const query of known)
      expect([factId(query), unlike(query.family.schema, knownValue(one, query))]).toEqual([
        factId(query),
        undefined,
      ]);
  });

  const families = new Map(everyFamily.map((query) => [query.family.name, query]));
  const folder = join(import.meta.dirname, '../facts');
  const captured = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.txt'),
  );
  it.each(captured)('accepts output of a real host: %s', (name) => {
    const query = families.get(name.split('/')[0]?.replaceAll('-', '_') as string);
    if (query === undefined) throw new Error(`${name} is in no folder of a family of src/facts/families.ts`);
    const { family, key } = query;
    // Captured with two units.
    const keys = family.name === 'unit' ? [key, 'b.service'] : [key];
    const values = [...family.parse(readFileSync(join(folder, name), 'utf8'), keys).values()];
    expect(values).not.toEqual([]);
    for (const value of values) expect(unlike(family.schema, value)).toBeUndefined();
  });

  // For every value that a schema accepts, planning reaches an answer.
  it.each(cases.filter(({ known }) => known.length > 0))(
    "refuses everything that planning can't handle: $title",
    ({ kind, one, known }) => {
      const states = new Map(Object.entries(one.facts ?? {}).map(([id, value]) => [id, { value }]));
      for (const query of known) {
        for (const lie of lies(knownValue(one, query))) {
          if (unlike(query.family.schema, lie) !== undefined) continue;
          const facts = new Facts(new Map([...states, [factId(query), { value: lie }]]));
          try {
            const { changes } = kind.plan(one.params, facts, viewOf(one));
            changes.reduce((after, change) => primitiveOf(change).predict(change, after), facts);
            for (const change of changes) changeView(change);
          } catch (error) {
            if (error instanceof UnknownFact) continue;
            throw new Error(`${factId(query)} = ${JSON.stringify(lie)}: ${(error as Error).stack}`);
          }
        }
      }
    },
  );
});
