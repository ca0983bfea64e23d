import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Change, primitives } from '../../src/changes/registry.ts';
import { Facts, UnknownFact } from '../../src/facts/fact.ts';
import type { PlannedStep } from '../../src/plan/host-plan.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planShell } from '../../src/report/plan-shell.ts';
import { planText } from '../../src/report/plan-text.ts';
import { factsOf, formatFacts, parseFacts } from '../../src/saved/facts-file.ts';
import { checkedFamilies } from '../../src/saved/facts-schema.ts';
import { formatPlan, parsePlan, type SavedPlan } from '../../src/saved/plan-file.ts';
import { needsSecrets, reportOf, restoreChecks, restoreHosts } from '../../src/saved/restore-plan.ts';
import { factsOf as factsOfCase, viewOf } from '../kinds/cases.ts';
import { plannedCases } from '../kinds/planned-cases.ts';
import { mutants } from './mutants.ts';
import { samplePlan } from './sample-plan.ts';

/** Of all mutants, every so many-th is tried: all of them take long. */
const step = 13;

const playbook = `
hosts: all
overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }
steps:
  - { name: motd, timeout: 7, file: { path: /etc/motd, content: "x\\n" } }
checks:
  - { name: near, ping: { address: "{{ overlay.lab.bridge_address | ip }}" } }
  - { name: quick, command: { run: "true" }, retry: 3 }
`;

/** A plan with a change of every type that the kinds' cases come to. */
function plan(): SavedPlan {
  const saved = samplePlan(playbook, new Facts(), ['motd']);
  return { ...saved, hosts: saved.hosts.slice(0, 1).map((host) => ({ ...host, plan: oneOfEachForm() })) };
}

/** A step for every form that changes have in the kinds' cases. */
function oneOfEachForm(): PlannedStep[] {
  const forms = new Map<string, Change>();
  for (const { kind, one } of plannedCases()) {
    for (const change of changesOf(() => kind.plan(one.params, factsOfCase(one), viewOf(one)).changes))
      forms.set(`${change.type} ${Object.keys(change).sort().join()}`, change);
  }
  return [
    {
      index: 0,
      name: 'motd',
      kind: 'file',
      changes: [...forms.values()],
      unknowns: [],
      asks: [{ unless: 'true' }],
    },
  ];
}

/** A case that can't be planned yet has none. */
function changesOf(plan: () => readonly Change[]): readonly Change[] {
  try {
    return plan();
  } catch (error) {
    if (error instanceof UnknownFact) return [];
    throw error;
  }
}

function useAll(saved: SavedPlan): void {
  const report = reportOf(saved);
  [...planJson(report)].join('');
  planMarkdown(report);
  planShell(report, { onTerminal: false });
  planText(report, { color: false, width: 100, diff: true, full: true });
  needsSecrets(saved);
  restoreHosts(saved);
  restoreChecks(saved);
}

describe('a file that is sealed again with one node of it changed', () => {
  it('is, as a saved plan, refused with the place or can be shown and restored', { timeout: 60_000 }, () => {
    const whole = plan();
    expect(new Set(whole.hosts[0]?.plan[0]?.changes.map(({ type }) => type))).toEqual(
      new Set(primitives.keys()),
    );
    const wrong: string[] = [];
    let refused = 0;
    let all = 0;
    for (const { at, value } of mutants(whole)) {
      if (all++ % step !== 0) continue;
      const { head, hosts } = value as SavedPlan;
      if (typeof head !== 'object' || head === null || !Array.isArray(hosts)) continue;
      try {
        const text = [...formatPlan({ head, hosts })].join('');
        const read = parsePlan(text.split('\n').slice(0, -1), 'p', '1.2.3');
        if (read.value === undefined) refused++;
        else useAll(read.value);
      } catch (error) {
        wrong.push(`${at}: ${(error as Error).stack?.split('\n').slice(0, 3).join(' ')}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(refused).toBeGreaterThan(10);
  });

  it('is, as facts, refused with the place or has facts as their families want them', () => {
    const facts = {
      interfaces: { '': { value: [{ name: 'lo', mtu: 65536, up: true, addresses: ['127.0.0.1/8'] }] } },
    };
    const refusals = [...mutants(facts)].map(({ value }) => {
      const stored = {
        host: 'a',
        meshbook: '1.2.3',
        readAt: 'x',
        address: '192.0.2.1',
        facts: value as never,
      };
      const { value: read, diagnostics } = parseFacts({ path: 'f', text: formatFacts(stored) }, 'a');
      if (read !== undefined) factsOf(read, (id) => id);
      return diagnostics[0]?.message;
    });
    expect(refusals).toContain('f is no file of facts: /facts/interfaces//value/0/mtu must be integer');
    expect(refusals).toContain('f is no file of facts: /facts/interfaces//value/0 must be object');
  });

  it('the schemas of facts are those of every family', () => {
    const folder = join(import.meta.dirname, '../../src/facts');
    const names = readdirSync(folder).flatMap((file) =>
      [
        ...readFileSync(join(folder, file), 'utf8').matchAll(
          /FactFamily<.*> = \{\n(?:.*\n)?? {2}name: '([\w-]+)'/g,
        ),
      ].map(([, name]) => name),
    );
    expect([...checkedFamilies].sort()).toEqual(names.sort());
  });
});
