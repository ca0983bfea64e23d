import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Change,
  type Effect,
  isSettle,
  marks,
  predict,
  predictAll,
  primitiveOf,
  primitives,
  recheckOf,
  titleOf,
  touchesOf,
} from '../../src/changes/registry.ts';
import { settleOfKey, settleTypes } from '../../src/changes/settle/registry.ts';
import { Facts, factId, orUnknown, UnknownFact } from '../../src/facts/fact.ts';
import { type Ovs, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { effectsOf } from '../../src/plan/host-plan.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, type KindCase, planCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { samples } from '../lab/samples.ts';

const cases = plannedCases();
const effects = cases.flatMap(({ kind, one }) => effectsOf(planCase(kind, one)));
/** Those that steps ask for by themselves, and those of changes. */
const settleActions = effects.flatMap((effect) => (isSettle(effect) ? [effect] : (effect.settle ?? [])));

/**
 * What is left to do by a plan made on the facts that the first plan predicts; commands that always run are excluded.
 */
function leftAfter(kind: Kind, one: KindCase, facts: Facts): unknown[] | undefined {
  const plan = planCase(kind, one, facts);
  const effects = effectsOf(plan);
  const { unknowns = [], problems = [] } = plan;
  if (problems.length > 0 || (effects.length === 0 && unknowns.length > 0)) return undefined;
  const again = planCase(kind, one, predictAll(effects, facts));
  const left = effectsOf(again).filter((effect) => !(effect.type === 'run' && effect.always));
  return [...left, ...(again.unknowns ?? []), ...(again.problems ?? [])];
}

function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
}

/** Syntax errors of a script by sh; empty if there are none. */
function syntaxErrors(script: string): string {
  return spawnSync('sh', ['-n'], { input: script, encoding: 'utf8' }).stderr;
}

describe('law 1: changes are values', () => {
  it.each(cases)('$title', ({ kind, one }) => {
    const effects = effectsOf(planCase(kind, one));
    expect(JSON.parse(JSON.stringify(effects))).toStrictEqual(effects);
    for (const effect of effects) {
      expect([...primitives.keys(), ...settleTypes.keys()]).toContain(effect.type);
      const { action, noun, target } = titleOf(effect);
      expect([noun, target]).not.toContain('');
      expect(['create', 'update', 'delete', 'run']).toContain(action);
    }
  });

  it('every primitive and every settle action is used by a kind that has a case for it', () => {
    const used = new Set([...effects, ...settleActions].map(({ type }) => type));
    expect([...used].sort()).toEqual([...primitives.keys(), ...settleTypes.keys()].sort());
  });

  it.each([...settleTypes.values()])('settle action $type is found by its key', ({ type, key, merge }) => {
    const own = settleActions.filter((action) => action.type === type);
    expect(own).not.toEqual([]);
    for (const action of own) {
      const found = settleOfKey(key(action));
      expect(found?.type).toBe(type);
      expect(found && key(found)).toBe(key(action));
      expect(merge(action, action)).toEqual(action);
    }
  });
});

describe('law 2: planning is pure and predicts', () => {
  it.each(cases)('$title', ({ kind, one }) => {
    const facts = factsOf(frozen(one));
    expect(planCase(kind, one, facts)).toEqual(planCase(kind, one, facts));
    expect(leftAfter(kind, one, facts) ?? []).toEqual([]);
  });

  // Mixes the params of one case with fact values from all of the kind's cases.
  it.each([...kinds.values()])('$name, with random facts', (kind) => {
    const own = cases.filter((each) => each.kind === kind).map(({ one }) => one);
    const pool = new Map<string, unknown[]>();
    for (const [id, value] of own.flatMap(({ facts = {} }) => Object.entries(facts))) {
      pool.set(id, [...(pool.get(id) ?? []), value]);
    }
    const host = fc.record(
      Object.fromEntries([...pool].map(([id, values]) => [id, fc.constantFrom(...values)])),
    );
    let planned = 0;
    fc.assert(
      fc.property(fc.constantFrom(...own), host, (one, facts) => {
        const asked = new Set(kind.facts(one.params, viewOf(one)).map(factId));
        const known = Object.fromEntries(Object.entries(facts).filter(([id]) => asked.has(id)));
        const left = leftAfter(kind, one, factsOf({ ...one, facts: frozen(known) }));
        if (left !== undefined) planned += 1;
        expect(left ?? []).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(planned).toBeGreaterThan(0);
  });
});

/** The names of interfaces, bridges and files that a change makes. */
function madeBy(change: Change): string[] {
  if (change.type === 'file' || change.type === 'link')
    return change.before === null ? [change.type === 'file' ? change.path : change.link] : [];
  if (change.type === 'ovsdb')
    return change.before === null || change.ports.some(({ before, after }) => !before && after)
      ? [change.bridge]
      : [];
  return change.type === 'uplink' || change.type === 'ovs_uplink' ? [change.bridge] : [];
}

describe('a kind describes what its steps make', () => {
  it.each(cases)('$title', ({ kind, one }) => {
    const named = kind.describes(one.params).flatMap((thing) => {
      if (thing.is === 'tunnels') return [thing.bridge];
      if (thing.is === 'container-link') return [thing.otherEnd];
      return thing.is === 'file' ? [thing.path] : thing.is === 'link' ? [thing.name] : [];
    });
    for (const change of planCase(kind, one).changes)
      if (one.params.state !== 'absent') expect(named).toEqual(expect.arrayContaining(madeBy(change)));
  });
});

/** Whether a script does nothing at all. */
function isNothing(script: string): boolean {
  return script.split('\n').every((line) => /^\s*(:|true|#.*)?$/.test(line));
}

/** The same with the keys of every record in reverse order. */
function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, inner]) => [key, turned(inner)])) as T;
}

/** Parts as they are compared, as texts; in any order. */
function compared(change: Effect, facts: Facts): string[] | string {
  try {
    const parts = Object.entries(recheckOf(change)?.parts(change, facts) ?? {});
    return parts.map(([name, part]) => `${name}: ${JSON.stringify(part)}`).sort();
  } catch (error) {
    if (error instanceof UnknownFact) return error.reason;
    throw error;
  }
}

describe('samples of every primitive, which the lab runs', () => {
  it.each([...primitives.values()])(
    '$type has samples, each with an undo that does something',
    ({ type }) => {
      const own = samples[type as Change['type']];
      expect(own).not.toEqual([]);
      for (const { title, changes } of own) {
        expect(
          changes.map((change) => change.type),
          title,
        ).toContain(type);
        for (const change of changes) {
          const { apply, undo } = primitiveOf(change);
          expect(isNothing(undo(change).text), title).toBe(false);
          expect(isNothing(apply(change).text), title).toBe(false);
        }
      }
    },
  );

  it.each([...primitives.keys()])("%s has a sample with someone else's edit before a forced undo", (type) => {
    expect(samples[type as Change['type']].filter(({ meddle }) => meddle !== undefined)).not.toEqual([]);
  });
});

describe('recheck: whether a change is still in place', () => {
  it('facts show it, except for what commands and packages make', () => {
    const untold = [...primitives.values()].filter(({ recheck }) => recheck === 'nothing tells');
    expect(untold.map(({ type }) => type).sort()).toEqual(['package', 'run']);
  });

  it.each(cases)('has the parts that the change sets: $title', ({ kind, one }) => {
    const facts = factsOf(one);
    let now = facts;
    for (const change of planCase(kind, one, facts).changes) {
      const before = compared(change, now);
      now = predict(change, now);
      if (recheckOf(change) === undefined) continue;
      const after = compared(change, now);
      if (Array.isArray(before) && Array.isArray(after)) expect(after, change.type).not.toEqual(before);
    }
  });

  it.each(cases)("doesn't depend on the order of keys: $title", ({ kind, one }) => {
    const facts = factsOf(one);
    const changes = effectsOf(planCase(kind, one, facts));
    for (const known of [facts, predictAll(changes, facts)]) {
      const other = new Facts(new Map([...known.states()].map(([id, state]) => [id, turned(state)])));
      for (const change of changes) expect(compared(turned(change), other)).toEqual(compared(change, known));
    }
  });

  it('concerns what the change touches, except for the effects of foreign programs', () => {
    const silent = cases.flatMap(({ kind, one }) =>
      effectsOf(planCase(kind, one))
        .filter((effect) => touchesOf(effect).length === 0)
        .map(({ type }) => type),
    );
    expect([...new Set(silent)].sort()).toEqual(['package', 'run']);
  });

  it("doesn't depend on the order of keys in columns that only others set", () => {
    const other = { status: { b: '1', a: '2' } };
    const rows: Ovs = { version: '3.3.4', bridges: { br9: { ports: { p1: { other } }, other } } };
    const change: Change = { type: 'ovsdb', bridge: 'br9', before: null, after: {}, ports: [] };
    const known = new Facts().with(ovsFact, rows);
    expect(compared(change, known)).not.toEqual([]);
    expect(compared(change, new Facts().with(ovsFact, turned(rows)))).toEqual(compared(change, known));
  });
});

describe('what runs on hosts', () => {
  it('is sh: every program', () => {
    for (const { title, kind, one } of cases) {
      const { changes, settle = [] } = planCase(kind, one);
      const steps = [{ index: 0, name: title, kind: kind.name, changes, settle, unknowns: [] }];
      for (const stage of stagesOf({ host: 'docker1', steps })) {
        expect(syntaxErrors(compileProgram(stage, title)), title).toBe('');
      }
    }
  });

  it('is sh: every query', () => {
    const queries = cases.flatMap(({ kind, one }) => kind.facts(one.params, viewOf(one)));
    expect(syntaxErrors(compileProbe(queries, 'nonce').script.text)).toBe('');
  });
});

describe('what a change leaves behind', () => {
  const left = cases.flatMap(({ kind, one }) => {
    const facts = factsOf(one);
    return planCase(kind, one, facts).changes.flatMap((change) => {
      const recheck = recheckOf(change);
      const traces = recheck?.leaves(change) ?? [];
      return traces.map((trace) => ({ change, trace, after: predictAll([change], facts), recheck }));
    });
  });

  it('is one of the parts that its recheck compares', () => {
    const byRecord = left.filter(({ trace }) => !trace.marked && !trace.carriesHost);
    let made = 0;
    for (const { change, trace, after, recheck } of byRecord) {
      const { action } = primitiveOf(change).title(change);
      const parts = orUnknown(() => recheck?.parts(change, after) ?? {});
      if (action !== 'create' || parts instanceof UnknownFact) continue;
      expect(Object.keys(parts)).toContain(trace.part);
      made++;
    }
    expect(made).toBeGreaterThan(10);
  });

  it('is found by its mark on the host, if it has one', () => {
    let found = 0;
    for (const { change, trace, after } of left.filter(({ trace }) => trace.marked)) {
      const own = marks.get(change.type);
      if (own?.bears(trace.part, after) !== true) continue;
      expect(own.find(after).map((one) => one.trace.part)).toContain(trace.part);
      found++;
    }
    expect(found).toBeGreaterThan(10);
  });
});
