import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Change,
  marks,
  predictAll,
  primitiveOf,
  primitives,
  recheckOf,
} from '../../src/changes/registry.ts';
import { Facts, factId, orUnknown, UnknownFact } from '../../src/facts/fact.ts';
import { type Ovs, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, type KindCase, planCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { samples } from '../lab/samples.ts';

const cases = plannedCases();

/**
 * What is left to do by a plan made on the facts that the first plan predicts; commands that always run are excluded.
 */
function leftAfter(kind: Kind, one: KindCase, facts: Facts): unknown[] | undefined {
  const { changes, problems = [], unknowns = [] } = planCase(kind, one, facts);
  if (problems.length > 0 || (changes.length === 0 && unknowns.length > 0)) return undefined;
  const again = planCase(kind, one, predictAll(changes, facts));
  const left = again.changes.filter((change) => !(change.type === 'run' && change.always));
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
    const { changes } = planCase(kind, one);
    expect(JSON.parse(JSON.stringify(changes))).toStrictEqual(changes);
    for (const change of changes) {
      const { title, type } = primitiveOf(change);
      expect(type).toBe(change.type);
      const { action, noun, target } = title(change);
      expect([noun, target]).not.toContain('');
      expect(['create', 'update', 'delete', 'run']).toContain(action);
    }
  });

  it('every primitive is used by a kind that has a case for it', () => {
    const used = new Set(
      cases.flatMap(({ kind, one }) => planCase(kind, one).changes.map(({ type }) => type)),
    );
    expect([...used].sort()).toEqual([...primitives.keys()].sort());
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
function compared(change: Change, facts: Facts): string[] | string {
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
          // A change that does nothing itself but needs a settle action has nothing to undo, either.
          expect(isNothing(undo(change).text), title).toBe(isNothing(apply(change).text));
        }
      }
    },
  );

  it.each([...primitives.keys()].filter((type) => type !== 'docker'))(
    "%s has a sample with someone else's edit before a forced undo",
    (type) => {
      expect(samples[type as Change['type']].filter(({ meddle }) => meddle !== undefined)).not.toEqual([]);
    },
  );
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
      now = primitiveOf(change).predict(change, now);
      // A change that only needs a settle action sets nothing itself.
      if (recheckOf(change) === undefined || primitiveOf(change).apply(change).text === ':') continue;
      const after = compared(change, now);
      if (Array.isArray(before) && Array.isArray(after)) expect(after, change.type).not.toEqual(before);
    }
  });

  it.each(cases)("doesn't depend on the order of keys: $title", ({ kind, one }) => {
    const facts = factsOf(one);
    const { changes } = planCase(kind, one, facts);
    for (const known of [facts, predictAll(changes, facts)]) {
      const other = new Facts(new Map([...known.states()].map(([id, state]) => [id, turned(state)])));
      for (const change of changes) expect(compared(turned(change), other)).toEqual(compared(change, known));
    }
  });

  it('concerns what the change touches, except for the effects of foreign programs', () => {
    const silent = cases.flatMap(({ kind, one }) =>
      planCase(kind, one)
        .changes.filter((change) => primitiveOf(change).touches(change).length === 0)
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
      const { changes } = planCase(kind, one);
      const steps = [{ index: 0, name: title, kind: kind.name, changes, unknowns: [] }];
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
