import { describe, expect, it } from 'vitest';
import { predictAll } from '../../src/changes/registry.ts';
import { differencesOf } from '../../src/drift/differences.ts';
import { savable } from '../../src/facts/secrets.ts';
import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { allEffects, type HostPlan } from '../../src/plan/host-plan.ts';
import { withoutSecrets } from '../../src/plan/open-plan.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { planShell } from '../../src/report/plan/plan-shell.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { stageIndex } from '../../src/run/stage-index.ts';
import { savedStep } from '../../src/saved/save-plan.ts';
import { canBeMasked } from '../../src/secrets/forms.ts';
import { secrets } from '../../src/secrets/masker.ts';
import { withoutSecretWords } from '../../src/secrets/words.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagedEffects, stagesOf } from '../../src/transaction/stage.ts';
import { factsOf, type KindCase, planCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { reportOf, wide } from '../report/fixtures.ts';
import { resolved } from '../resolve/play.ts';

/** Every text in the params of every case of every kind that reaches the host: each of them may be a secret. */
const texts = plannedCases().flatMap(({ kind, one }) => {
  const plan = planOf(kind, one);
  const programs = stagesOf(plan)
    .map((stage) => compileProgram(stage, 'x'))
    .join('\n');
  // Names of units are never secret.
  const { restarts: _, ...params } = one.params;
  return textsIn(params)
    .filter(
      (text) =>
        text.length >= 8 &&
        canBeMasked(text) &&
        !text.includes('\n') &&
        !kinds.has(text) &&
        programs.includes(text),
    )
    .map((secret) => ({ kind, one, plan, secret, title: `${kind.name}, ${one.title}: ${secret}` }));
});

describe('law 5: any param may hold a secret', () => {
  it('the cases include all kinds that can', () => {
    expect(new Set(texts.map(({ kind }) => kind.name)).size).toBeGreaterThan(5);
  });

  it.each(texts)('and it is shown nowhere: $title', ({ kind, one, plan, secret }) => {
    secrets.add(secret);
    const facts = factsOf(one);
    const after = predictAll(allEffects(plan), facts);
    const report = reportOf(withoutSecrets(plan));
    const queries = kind.facts(one.params, viewOf(one));
    const [host] = resolved({ playbook: 'hosts: a\nsteps: [{ ovs_bridge: { name: br0 } }]\n' }).play.hosts;
    const step = { ...(host?.steps[0] ?? expect.fail()).step, kind: kind.name };
    const stages = stagesOf(plan);
    const event = withoutSecretWords<RunEvent>({
      type: 'trouble',
      host: 'a',
      trouble: { code: 'command-failed', message: `run ${secret}`, output: `${secret.slice(3)}\n${secret}` },
    });
    const shown = {
      json: [...planJson(report)].join(''),
      text: planText(report, { ...wide, diff: true }),
      markdown: planMarkdown(report),
      sh: planShell(report),
      saved: JSON.stringify([
        savedStep({ step, name: `set ${secret}`, params: one.params }),
        withoutSecrets(plan),
      ]),
      facts: JSON.stringify([savable(facts, queries), savable(after, queries)]),
      drift: JSON.stringify(withoutSecretWords(differencesOf(plan, facts, []))),
      journal: JSON.stringify([
        stages.map((stage) => recordStage(stagedEffects(stage), facts)),
        withoutSecretWords(stages.map((stage) => stageIndex(stage, []))),
      ]),
      event: JSON.stringify(event),
    };
    for (const [what, text] of Object.entries(shown)) expect(text, what).not.toContain(secret);
  });
});

function planOf(kind: Kind, one: KindCase): HostPlan {
  const step = { index: 0, name: 'A step', kind: kind.name, unknowns: [] };
  // A plan that is unknown shows nothing.
  const { changes, settle = [] } = planCase(kind, one);
  return { host: 'a', steps: [{ ...step, changes, settle }] };
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null
    ? [...new Set(Object.values(value).flatMap(textsIn))]
    : [];
}
