import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Effect, isSettle, primitives } from '../../src/changes/registry.ts';
import { planPage } from '../../src/commands/output/page.ts';
import { Facts } from '../../src/facts/fact.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import { changedSince } from '../../src/plan/changed-since.ts';
import { effectsOf, type PlannedStep } from '../../src/plan/host-plan.ts';
import { queriesOf } from '../../src/plan/plan-host.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { hostPrograms, planShell } from '../../src/report/plan/plan-shell.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { factsOf, formatFacts, parseFacts } from '../../src/saved/facts-file.ts';
import { checkedFamilies } from '../../src/saved/facts-schema.ts';
import { parsePlan } from '../../src/saved/plan-file.ts';
import { needsSecrets, reportOf, restoreChecks, restoreHosts } from '../../src/saved/restore-plan.ts';
import type { SavedHost, SavedPlan } from '../../src/saved/saved-plan.ts';
import { factsOf as factsOfCase, planCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { mutants } from './mutants.ts';
import { forged, sealed } from './plan-sum.ts';
import { samplePlan } from './sample-plan.ts';

/** Only every nth mutant is tested: all of them (1) take many minutes. */
const step = 29;

const playbook = `
hosts: all
overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }
steps:
  - { name: motd, timeout: 7, file: { path: /etc/motd, content: "x\\n" } }
  - { name: once, command: { run: "true", undo: "false", unless: "test -e /x", chdir: /tmp } }
  - { name: twice, command: { argv: [touch, /x], creates: /x } }
checks:
  - { name: near, ping: { address: "{{ overlay.lab.bridge_address | ip }}", mtu: 1400, df: true, count: 2 } }
  - { name: open, between: neighbours, tcp: { address: "{{ host.address }}", port: 22, container: web } }
  - { name: page, between: sample 2, http: { url: "http://{{ host.address }}/", status: 204, contains: x } }
  - { name: quick, command: { run: "true" }, retry: 3 }
  - { name: loops, loop: { interface: br0 } }
`;

/** A plan with changes of every type that occurs in the kinds' cases. */
function plan(): SavedPlan {
  const saved = samplePlan(playbook, new Facts(), ['motd', 'once', 'twice']);
  const [first, ...others] = saved.hosts as [SavedHost, ...SavedHost[]];
  return {
    ...saved,
    hosts: [{ ...first, plan: [...first.plan, ...oneOfEachForm()] }, ...others.slice(0, 1)],
  };
}

/** A step for every form of a change that occurs in the kinds' cases. */
function oneOfEachForm(): PlannedStep[] {
  const forms = new Map<string, Effect>();
  for (const { kind, one } of plannedCases()) {
    for (const effect of effectsOf(planCase(kind, one)))
      forms.set(`${effect.type} ${Object.keys(effect).sort().join()}`, effect);
  }
  const effects = [...forms.values()];
  const changes = effects.filter((effect) => !isSettle(effect));
  const settle = effects.filter(isSettle);
  expect(settle).not.toEqual([]);
  return [{ index: 0, name: 'motd', kind: 'file', changes, settle, unknowns: [] }];
}

/** One of the kinds' cases for each set of params; those with secrets are in no saved plan. */
function oneOfEachParams() {
  const forms = new Map(
    plannedCases().flatMap((planned) => {
      const { kind, one } = planned;
      if (kind.secrets?.(one.params).some((param) => Object.hasOwn(one.params, param))) return [];
      return [[[kind.name, ...Object.keys(one.params).sort()].join(), planned] as const];
    }),
  );
  return [...forms.values()];
}

/** As in the build, without what only browsers read. */
vi.stubGlobal('PAGE_ASSETS', { script: '', style: '' });

function useAll(saved: SavedPlan): void {
  const report = reportOf(saved);
  [...planJson(report)].join('');
  planMarkdown(report);
  planShell(report);
  planText(report, { color: false, width: 100, diff: true, full: true });
  planPage(report);
  needsSecrets(saved);
  restoreChecks(saved);
  planAgain(saved, new Facts());
}

/** What apply does with a plan before it changes anything. */
function planAgain(saved: SavedPlan, facts: Facts): void {
  const { hosts } = restoreHosts(saved);
  for (const host of hosts) compileProbe(queriesOf(host), 'nonce');
  const { hosts: planned, failed } = planHosts(hosts.map((resolved) => ({ resolved, facts })));
  for (const error of failed.values()) throw error;
  const plans = new Map(saved.hosts.map(({ name, plan }) => [name, plan]));
  for (const { plan } of planned) changedSince({ host: plan.host, steps: plans.get(plan.host) ?? [] }, plan);
  hostPrograms({
    checks: saved.head.checks,
    hosts: planned.map(({ plan, resolved: { host, overlays } }) => ({ ...host, plan, overlays })),
  });
}

/** The result of a saved plan that has been changed and sealed again. */
function read({ head, hosts }: SavedPlan): SavedPlan | undefined {
  return parsePlan(forgedOrSealed({ head, hosts }).split('\n').slice(0, -1), 'p', '1.2.3').value;
}

/** A plan without its structure has no fingerprint. */
function forgedOrSealed(saved: SavedPlan): string {
  try {
    return forged(saved);
  } catch {
    return sealed(saved);
  }
}

interface Mutant {
  readonly at: string;
  readonly value: unknown;
}

function* some(all: Iterable<Mutant>, every = step): Generator<Mutant> {
  let count = 0;
  for (const one of all) if (count++ % every === 0) yield one;
}

/** The places where a mutant of a plan is neither refused nor works, and how many are refused. */
function tried(all: Iterable<Mutant>, use: (saved: SavedPlan) => void) {
  const wrong: string[] = [];
  let refused = 0;
  for (const { at, value } of all) {
    const mutant = value as SavedPlan;
    if (typeof mutant.head !== 'object' || mutant.head === null || !Array.isArray(mutant.hosts)) continue;
    try {
      const saved = read(mutant);
      if (saved === undefined) refused++;
      else use(saved);
    } catch (error) {
      wrong.push(`${at}: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`);
    }
  }
  return { wrong, refused };
}

describe('a file sealed again with one node changed', () => {
  it('as a saved plan, is refused with the place or can be shown and restored', { timeout: 60_000 }, () => {
    const whole = plan();
    expect(new Set(whole.hosts[0]?.plan.flatMap(({ changes }) => changes.map(({ type }) => type)))).toEqual(
      new Set(primitives.keys()),
    );
    expect(read(whole)).toBeDefined();
    const { wrong, refused } = tried(some(mutants(whole)), useAll);
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  });

  const { head, hosts } = samplePlan(playbook, new Facts(), []);
  const [sample] = hosts as [SavedHost];
  it.each(oneOfEachParams())('as a step of $kind.name, is refused or can be planned again: $title', (of) => {
    const { kind, one } = of;
    const { overlays, given = [] } = viewOf(one);
    const steps = [{ index: 0, name: 'a', line: 1, kind: kind.name, params: one.params }];
    const host = { ...sample, plan: [], overlays: [...overlays.values()], given, steps };
    const whole = { head, hosts: [host] };
    const all = mutants({ steps, overlays: host.overlays, given });
    const { wrong, refused } = tried(
      [...some(all)].map(({ at, value }) => ({
        at,
        value: { ...whole, hosts: [{ ...host, ...(value as object) }] },
      })),
      (saved) => planAgain(saved, factsOfCase(one)),
    );
    expect(read(whole)).toBeDefined();
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });

  it('as facts of a host, is refused with the place or can be planned with', { timeout: 60_000 }, () => {
    const top = join(import.meta.dirname, '../..');
    const recipe = readFileSync(join(top, 'playbooks/ovs-gre-docker.yml'), 'utf8');
    const saved = samplePlan(recipe.replace('docker_hosts', 'all'), new Facts(), []);
    const { hosts } = restoreHosts({ ...saved, hosts: saved.hosts.slice(0, 1) });
    const facts: object = JSON.parse(readFileSync(join(top, 'bench/host-facts.json'), 'utf8'));
    const about = { host: 'a', meshbook: '1.2.3', readAt: 'x', address: '192.0.2.1' };
    const read = (of: unknown) =>
      parseFacts({ path: 'f', text: formatFacts({ ...about, facts: of as never }) }, 'a');
    expect(Object.keys(facts).length).toBeGreaterThan(5);
    expect(read(facts).diagnostics).toEqual([]);
    const wrong: string[] = [];
    const refusals: string[] = [];
    for (const { at, value } of some(mutants(facts))) {
      const { value: good, diagnostics } = read(value);
      refusals.push(...diagnostics.map(({ message }) => message));
      if (good === undefined) continue;
      const known = factsOf(good, (id) => id);
      const { failed } = planHosts(hosts.map((resolved) => ({ resolved, facts: known })));
      for (const error of failed.values()) wrong.push(`${at}: ${(error as Error).stack}`);
    }
    expect(wrong).toEqual([]);
    expect(refusals.length).toBeGreaterThan(10);
    for (const message of refusals) expect(message).toMatch(/^f is no file of facts: \/facts\//);
    const mtu = read({ interfaces: { '': { value: [{ name: 'lo', mtu: 'x', up: true, addresses: [] }] } } });
    expect(mtu.diagnostics).toMatchObject([
      { message: 'f is no file of facts: /facts/interfaces//value/0/mtu must be integer' },
    ]);
  });

  it('the schemas of facts cover every family', () => {
    const folder = join(import.meta.dirname, '../../src/facts');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const names = files
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) =>
        [
          ...readFileSync(join(folder, file), 'utf8').matchAll(
            /FactFamily<.*> = \{\n(?:.*\n)?? {2}name: '([\w-]+)'/g,
          ),
        ].map(([, name]) => name),
      );
    expect([...checkedFamilies].sort()).toEqual(names.sort());
  });
});
