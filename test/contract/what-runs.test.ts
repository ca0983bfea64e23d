import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { realPathFact } from '../../src/facts/real-path.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { planJson } from '../../src/report/plan/plan-json.ts';
import { planMarkdown } from '../../src/report/plan/plan-markdown.ts';
import { planShell } from '../../src/report/plan/plan-shell.ts';
import { planText } from '../../src/report/plan/plan-text.ts';
import { fingerprintOf } from '../../src/saved/fingerprint.ts';
import { reportedCheck } from '../../src/saved/reported-check.ts';
import { reportOf as savedReport } from '../../src/saved/restore-plan.ts';
import { savePlan } from '../../src/saved/save-plan.ts';
import type { SavedPlan } from '../../src/saved/saved-plan.ts';
import { planPage } from '../browser/pages.ts';
import { reportOf, wide } from '../report/fixtures.ts';
import { resolved } from '../resolve/play.ts';

/** What the user has hosts run, each with a unique word. */
const words = {
  run: 'word-run',
  'a script’s second line': 'word-second',
  undo: 'word-undo',
  'the undo’s second line': 'word-other',
  'an argument': 'word-argument',
  'the guard of a step with a change': 'word-unless',
  'the guard of a step without one': 'word-quiet',
  'a check’s command': 'word-check',
  'its second line': 'word-again',
  'a check’s address': '192.0.2.77',
  'a check’s URL': 'http://word-url/',
  'a check’s interface': 'word-link',
};

type Words = Readonly<Record<keyof typeof words, string>>;

function planOf(word: Words) {
  const { play, leases } = resolved({
    playbook: `
hosts: all
steps:
  - name: First
    command:
      run: "echo ${word.run}\\n${word['a script’s second line']}"
      undo: "${word.undo}\\n${word['the undo’s second line']}"
      unless: ${word['the guard of a step with a change']}
  - { name: Program, command: { argv: [touch, ${word['an argument']}], always: true } }
checks:
  - { name: Own, command: { run: "${word['a check’s command']}\\n${word['its second line']}" } }
  - { name: Near, ping: { address: ${word['a check’s address']} }, between: none }
  - { name: Web, http: { url: "${word['a check’s URL']}" }, between: none }
  - { name: No loop, loop: { interface: ${word['a check’s interface']} } }
`,
  });
  const quiet = resolved({
    playbook: `
hosts: a
steps:
  - { name: Quiet, command: { run: never, unless: ${word['the guard of a step without one']} } }
`,
  }).play.hosts[0]?.steps;
  const facts = new Facts()
    .with(guardFact({ unless: word['the guard of a step with a change'] }), false)
    .with(guardFact({ unless: word['the guard of a step without one'] }), true)
    .with(realPathFact('/'), '/');
  const { hosts } = planHosts(
    play.hosts.map((host) => ({ resolved: { ...host, steps: [...(quiet ?? []), ...host.steps] }, facts })),
  );
  const report = {
    ...reportOf(...hosts.map(({ plan }) => plan)),
    checks: play.checks.map(reportedCheck),
  };
  const saved = savePlan({
    report,
    hosts,
    checks: play.checks,
    leases: { before: new Map(), after: leases },
    about: { meshbook: '1', madeAt: '', choice: { tags: [], skipTags: [] }, steps: [] },
  });
  return { report, saved };
}

/** How an apply of a saved plan reaches a host, each part with a unique word. */
const reach = {
  address: '192.0.2.66',
  become: true,
  ssh: {
    user: 'word-user',
    port: 2299,
    proxyJump: 'word-jump',
    identityFiles: ['/word-key'],
    knownHosts: ['/word-known'],
  },
};
const reachWords = ['192.0.2.66', 'word-user', '2299', 'word-jump', '/word-key', '/word-known'];

const { report, saved } = planOf(words);
/** A saved plan of another host and other files. */
const elsewhere: SavedPlan = {
  head: { ...saved.head, playbook: 'word-playbook', inventory: 'word-inventory', onFailure: 'keep' },
  hosts: saved.hosts.map((host) => ({ ...host, ...reach })),
};
const page = await planPage(report);

describe('everything that a playbook has hosts run as root', () => {
  it.each([
    ['text', planText(report, wide)],
    ['text of a saved plan', planText(savedReport(saved), wide)],
    ['Markdown', planMarkdown(report)],
    ['JSON', [...planJson(report)].join('')],
    ['sh', planShell(report)],
    ['the page', page],
  ])('is shown in %s', (_form, text) => {
    expect(Object.entries(words).filter(([, word]) => !text.includes(word))).toEqual([]);
  });

  it.each(Object.keys(words) as (keyof Words)[])('is bound by the fingerprint: %s', (what) => {
    const other = planOf({ ...words, [what]: words[what].replace('7', '8').replace('word', 'verb') });
    expect(other.saved.hosts[0]?.fingerprint).not.toBe(saved.hosts[0]?.fingerprint);
  });
});

/** Every format of a saved plan. */
async function formsOf(plan: SavedPlan) {
  const shown = savedReport(plan);
  return {
    text: planText(shown, wide),
    Markdown: planMarkdown(shown),
    JSON: [...planJson(shown)].join(''),
    'the page': await planPage(shown),
    sh: planShell(shown),
  };
}

describe('what else an apply takes from a saved plan', () => {
  it('is shown in every format: the machine and the way there', async () => {
    for (const [form, text] of Object.entries(await formsOf(elsewhere))) {
      expect({ form, missing: reachWords.filter((word) => !text.includes(word)) }).toEqual({
        form,
        missing: [],
      });
      expect(text).toMatch(form === 'JSON' ? /"become": true/ : /through sudo/);
    }
  });

  it('is shown in every format but programs: its files, and what happens to a failed run', async () => {
    const { sh: _, ...forms } = await formsOf(elsewhere);
    for (const [form, text] of Object.entries(forms))
      for (const word of ['word-playbook', 'word-inventory', 'keep'])
        expect({ form, shows: text.includes(word) ? word : '' }).toEqual({ form, shows: word });
  });

  it('is shown in every format: a guard that runs where a change shows another', async () => {
    const [host = expect.fail()] = saved.hosts;
    const plan = host.plan.map((step) =>
      step.asks === undefined ? step : { ...step, asks: [{ unless: 'word-asked' }] },
    );
    for (const [form, text] of Object.entries(await formsOf({ ...saved, hosts: [{ ...host, plan }] })))
      expect({ form, shows: text.includes('word-asked') }).toEqual({ form, shows: true });
  });

  it('is shown: the very leases that are written', () => {
    const before = { a: { bridgeAddress: '10.0.0.1' }, b: { fixedCidr: '10.0.0.0/28' } };
    const after = { a: { bridgeAddress: '10.0.0.9' } };
    const { newLeases } = savedReport({
      ...saved,
      head: { ...saved.head, leases: { lab: { before, after } } },
    });
    expect(newLeases).toEqual(['lab: a 10.0.0.9', 'lab: b gives its lease up']);
  });

  it.each(['address', 'become', 'ssh'] as const)('is bound by the fingerprint: %s', (what) => {
    const [host = expect.fail()] = saved.hosts;
    expect(fingerprintOf(saved.head, host)).toBe(host.fingerprint);
    expect(fingerprintOf(saved.head, { ...host, [what]: reach[what] })).not.toBe(host.fingerprint);
  });

  it.each(Object.entries(reach.ssh))('is bound by the fingerprint: ssh, %s', (key, value) => {
    const [host = expect.fail()] = saved.hosts;
    const other = fingerprintOf(saved.head, { ...host, ssh: { [key]: value } });
    expect(other).not.toBe(fingerprintOf(saved.head, { ...host, ssh: {} }));
  });

  it('is bound by the fingerprint: neighbours, what happens to a failed run, and the name', () => {
    const [host = expect.fail()] = saved.hosts;
    const others = [
      fingerprintOf({ ...saved.head, onFailure: 'keep' }, host),
      fingerprintOf(saved.head, { ...host, overlays: [{ name: 'x' } as never] }),
      fingerprintOf(saved.head, { ...host, name: 'x' }),
    ];
    expect(others).not.toContain(host.fingerprint);
  });
});
