import { describe, expect, it } from 'vitest';
import type { ChangeView } from '../../src/changes/change.ts';
import {
  type Change,
  changeView,
  type Effect,
  isSettle,
  primitiveOf,
  primitives,
} from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import { settleSchema } from '../../src/changes/settle/action.ts';
import { settleOfKey, settleTypeOf, settleTypes } from '../../src/changes/settle/registry.ts';
import { type Schema, unlike } from '../../src/facts/schema.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { summaryWords } from '../../src/report/text/words.ts';
import { planCase } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { samples } from '../lab/samples.ts';
import { mutants } from '../saved/mutants.ts';

const planned = plannedCases().flatMap(({ kind, title, one }) =>
  effectsOf(planCase(kind, one)).flatMap((change) =>
    [change, ...(isSettle(change) ? [] : (change.settle ?? []))].map((effect) => ({ title, change: effect })),
  ),
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
  for (const action of change.settle ?? []) settled(action);
  return changeView(open);
}

function settled(action: SettleAction): ChangeView {
  const type = settleTypeOf(action);
  type.save?.(action);
  type.apply(action);
  type.undo(action);
  type.touches(action);
  type.destroys(action);
  type.risks(action);
  settleTypeOf(action).merge(action, action);
  expect(settleOfKey(type.key(action))?.type).toBe(action.type);
  expect(typeof type.words(action)).toBe('string');
  return changeView(action);
}

function schemaOf(effect: Effect): Schema {
  return isSettle(effect) ? settleSchema : primitiveOf(effect).schema;
}

describe('the schema of a change or a settle action', () => {
  it.each([...planned, ...sampled])('accepts what is planned: $title', ({ change }) => {
    expect(unlike(schemaOf(change), JSON.parse(JSON.stringify(change)))).toBeUndefined();
  });

  it('is tested for every type', () => {
    const types = [...primitives.keys(), ...settleTypes.keys()];
    expect(new Set([...forms.values()].map(({ type }) => type))).toEqual(new Set(types));
  });

  it.each([...forms.values()])('refuses everything that could not be shown: $type', (whole) => {
    const schema = schemaOf(whole);
    let refused = 0;
    for (const { at, value } of mutants(whole)) {
      if (unlike(schema, value) !== undefined) {
        refused++;
        continue;
      }
      expect((value as Effect).type, at).toBe(whole.type);
      const effect = value as Effect;
      const { action, noun, target, fields } = isSettle(effect) ? settled(effect) : shown(effect);
      const texts = [action, noun, target, ...fields.map(({ field }) => field)];
      expect(new Set(texts.map((text) => typeof text)), at).toEqual(new Set(['string']));
      const values = fields.flatMap(({ before = '', after = '' }) => [before, after]);
      for (const one of values) expect(['string', 'number', 'boolean'], at).toContain(typeof one);
    }
    expect(refused).toBeGreaterThan(whole.type === 'daemon-reload' ? 0 : 5);
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
    expect(settleOfKey(text)).toBeDefined();
    expect(summaryWords(`settle ${text}`)).not.toContain('settle');
  });
  it.each(['', 'restart:', 'restart:\0', 'docker\n', 'settle docker', 'dockers'])('%j is none', (text) => {
    expect(settleOfKey(text)).toBeUndefined();
    expect(summaryWords(`settle ${text}`)).toBe(`settle ${text}`);
  });
});
