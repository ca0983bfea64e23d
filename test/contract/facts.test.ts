import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeView, primitiveOf } from '../../src/changes/registry.ts';
import { swarmFact } from '../../src/facts/docker/swarm.ts';
import { type FactFamily, type FactQuery, Facts, factId, UnknownFact } from '../../src/facts/fact.ts';
import { hostRunsFact } from '../../src/facts/host-runs.ts';
import { iptablesFact } from '../../src/facts/iptables.ts';
import { unlike } from '../../src/facts/schema.ts';
import { usualQueries } from '../../src/plan/usual-queries.ts';
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

  const families = new Map<string, FactFamily<unknown>>(
    [...usualQueries, hostRunsFact, iptablesFact, swarmFact].map(({ family }) => [family.name, family]),
  );
  const folder = join(import.meta.dirname, '../facts');
  const captured = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.txt'),
  );
  it.each(captured)('accepts output of a real host: %s', (name) => {
    const family = families.get(name.split('/')[0]?.replaceAll('-', '_') as string);
    if (family === undefined) throw new Error('a family without a query');
    const output = readFileSync(join(folder, name), 'utf8');
    const keys =
      family.name === 'package' ? ['bash'] : family.name === 'unit' ? ['a.service', 'b.service'] : [''];
    const values = [...family.parse(output, keys).values()];
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
