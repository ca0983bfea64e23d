import { describe, expect, it } from 'vitest';
import { type Change, changeView, predictAll, primitiveOf } from '../../src/changes/registry.ts';
import { differencesOf } from '../../src/drift/differences.ts';
import { sha256 } from '../../src/facts/file.ts';
import { savable } from '../../src/facts/secrets.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { effectsOf, type HostPlan } from '../../src/plan/host-plan.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import { driftJson } from '../../src/report/drift/drift-json.ts';
import { driftText } from '../../src/report/drift/drift-text.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { planShell } from '../../src/report/plan/plan-shell.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { formatPlan } from '../../src/saved/plan-file.ts';
import { savePlan } from '../../src/saved/save-plan.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagedEffects, stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, type KindCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { reportOf, wide } from '../report/fixtures.ts';
import { resolved } from '../resolve/play.ts';
import { planSum } from '../saved/plan-sum.ts';

const canary = 'correct-horse-battery';
const cases = plannedCases();

/** Each case of a kind with secrets, once for each secret param of its step: it holds the canary. */
const secret = [...kinds.values()]
  .filter(({ secrets }) => secrets !== undefined)
  .flatMap((kind) => {
    const own = cases.filter((each) => each.kind === kind).map(({ one }) => one);
    return own.flatMap((one) => {
      const names = kind.secrets?.(one.params) ?? [];
      return names.map((name) => {
        const others = Object.entries(one.params).filter(([param]) => !names.includes(param));
        const params = { ...Object.fromEntries(others), [name]: canary };
        return { kind, title: `${kind.name} ${name}, ${one.title}`, one: { ...one, params } };
      });
    });
  });

/** Everything of a case that is shown or written, by format. */
function outputs(kind: Kind, one: KindCase) {
  const facts = factsOf(one);
  const { changes, settle = [] } = kind.plan(one.params, facts, viewOf(one));
  const step = { index: 0, name: 'A step', kind: kind.name, changes, settle, unknowns: [] };
  const plan: HostPlan = { host: 'a', steps: [step] };
  const report = reportOf(plan);
  const [host] = resolved({ playbook: 'hosts: a\nsteps: [{ ovs_bridge: { name: br0 } }]\n' }).play.hosts;
  if (host === undefined) throw new Error('the play has no host');
  const steps = host.steps.map(({ step: written }) => ({
    step: { ...written, kind: kind.name },
    name: 'A step',
    params: one.params,
  }));
  const saved = savePlan({
    report,
    hosts: [{ resolved: { ...host, steps }, facts, plan }],
    checks: [],
    leases: { before: new Map(), after: new Map() },
    about: { meshbook: '1', madeAt: '', choice: { tags: [], skipTags: [] }, steps: [] },
  });
  const after = predictAll(effectsOf(step), facts);
  const queries = kind.facts(one.params, viewOf(one));
  const differences = differencesOf(plan, facts, []);
  const drift = {
    play: 'p',
    origin: { from: 'hosts' } as const,
    hosts: [{ host: 'a', differences, unknowns: [], unrecorded: [], leftOver: [], foreign: [] }],
    problems: [],
    unreachable: new Map(),
  };
  const stages = stagesOf(plan);
  return {
    changes,
    programs: stages.map((stage) => compileProgram(stage, 'x')).join('\n'),
    shown: {
      json: [...planJson(report)].join(''),
      text: planText(report, { ...wide, diff: true }),
      markdown: planMarkdown(report),
      sh: planShell(report),
      saved: [...formatPlan(saved)].join(''),
      fingerprint: planSum(plan),
      facts: JSON.stringify([savable(facts, queries), savable(after, queries)]),
      drift: `${JSON.stringify(driftJson(drift))}${driftText(drift, { ...wide, diff: true })}`,
    },
    // A digest is written, to detect later whether someone has changed the file.
    journal: JSON.stringify(stages.map((stage) => recordStage(stagedEffects(stage), facts))),
  };
}

describe('law 5: secrets', () => {
  it('a kind that takes secrets says which of its params they are', () => {
    for (const kind of kinds.values())
      expect(kind.secrets !== undefined, kind.name).toBe(Object.hasOwn(kind.params.properties, 'secret'));
    expect(secret.length).toBeGreaterThan(0);
  });

  it.each(secret)('are in no report and no file: $title', ({ kind, one }) => {
    const { shown, journal, programs, changes } = outputs(kind, one);
    for (const [what, text] of Object.entries(shown)) {
      expect(text, what).not.toContain(canary);
      expect(text, what).not.toContain(sha256(canary));
    }
    expect(journal).not.toContain(canary);
    // It is where it belongs: otherwise the search proves nothing.
    if (changes.length > 0) expect(programs).toContain(canary);
  });

  it('some of these send secrets to a host', () => {
    const found = secret.filter(({ kind, one }) => outputs(kind, one).changes.length > 0);
    expect(found).not.toEqual([]);
  });

  it.each(cases)("what is shown of a change doesn't depend on its secret: $title", ({ kind, one }) => {
    let changes: readonly Change[] = [];
    try {
      changes = kind.plan(one.params, factsOf(one), viewOf(one)).changes;
    } catch {}
    for (const change of changes) {
      const { withoutSecrets } = primitiveOf(change);
      const open = withoutSecrets?.(change) ?? change;
      expect(changeView(open as Change)).toEqual(changeView(change));
      expect(withoutSecrets?.(open as Change) ?? open).toEqual(open);
    }
  });
});
