import { describe, expect, it } from 'vitest';
import type { ChangeView } from '../../src/changes/change.ts';
import { type Change, changeView, primitiveOf, primitives } from '../../src/changes/registry.ts';
import { isSettleAction, settle } from '../../src/changes/settle.ts';
import { unlike } from '../../src/facts/schema.ts';
import { summaryWords } from '../../src/report/text/words.ts';
import { planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { samples } from '../lab/samples.ts';
import { mutants } from '../saved/mutants.ts';

const planned = plannedCases().flatMap(({ kind, title, one }) =>
  planCase(kind, one).changes.map((change) => ({ title, change })),
);
const sampled = Object.values(samples)
  .flat()
  .flatMap(({ title, changes }) => changes.map((change) => ({ title, change })));

/** One of each type with the same field names. */
const forms = new Map(
  [...planned, ...sampled].map(({ change }) => [
    `${change.type} ${[...JSON.stringify(change).matchAll(/"(\w+)":/g)].map(([, key]) => key).join()}`,
    change,
  ]),
);

/** Everything that shows a saved plan. */
function shown(change: Change): ChangeView {
  const primitive = primitiveOf(change);
  const open = primitive.withoutSecrets?.(change) ?? change;
  primitive.save?.(open);
  primitive.apply(open);
  primitive.undo(open);
  primitive.touches(change);
  primitive.moves(change);
  primitive.tunnelEnds(change);
  primitive.limit(change);
  primitive.verifiable(change);
  primitive.undoable(change);
  for (const action of change.settle ?? []) settle(action);
  return changeView(open);
}

describe('the schema of a change', () => {
  it.each([...planned, ...sampled])('accepts what is planned: $title', ({ change }) => {
    expect(unlike(primitiveOf(change).schema, JSON.parse(JSON.stringify(change)))).toBeUndefined();
  });

  it('is tested for every type', () => {
    expect(new Set([...forms.values()].map(({ type }) => type))).toEqual(new Set(primitives.keys()));
  });

  it.each([...forms.values()])('refuses everything that could not be shown: $type', (whole) => {
    const { schema, type } = primitiveOf(whole);
    let refused = 0;
    for (const { at, value } of mutants(whole)) {
      if (unlike(schema, value) !== undefined) {
        refused++;
        continue;
      }
      expect((value as Change).type, at).toBe(type);
      const { action, noun, target, fields } = shown(value as Change);
      const texts = [action, noun, target, ...fields.map(({ field }) => field)];
      expect(new Set(texts.map((text) => typeof text)), at).toEqual(new Set(['string']));
      const values = fields.flatMap(({ before = '', after = '' }) => [before, after]);
      for (const one of values) expect(['string', 'number', 'boolean'], at).toContain(typeof one);
    }
    expect(refused).toBeGreaterThan(10);
  });

  it('refuses packages as a risk to SSH, since they are installed before the host is armed', () => {
    const change: Change = {
      type: 'package',
      packages: [{ name: 'bash', before: { installed: null, candidate: null } }],
      after: 'installed',
      update: false,
    };
    const { schema } = primitiveOf(change);
    expect(unlike(schema, { ...change, risks: ['drops-traffic'] })).toBeUndefined();
    expect(unlike(schema, { ...change, risks: ['ssh-path'] })).toBeDefined();
  });
});

describe('settle actions', () => {
  it.each(['daemon-reload', 'docker', 'docker-stopped', 'restart:a b.service'])('%s is one', (text) => {
    expect(isSettleAction(text)).toBe(true);
    expect(summaryWords(`settle ${text}`)).not.toContain('settle');
  });
  it.each(['', 'restart:', 'restart:\0', 'docker\n', 'settle docker', 'dockers'])('%j is none', (text) => {
    expect(isSettleAction(text)).toBe(false);
    expect(summaryWords(`settle ${text}`)).toBe(`settle ${text}`);
  });
});
