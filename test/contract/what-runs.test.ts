import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { realPathFact } from '../../src/facts/real-path.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { planMarkdown } from '../../src/report/plan-markdown.ts';
import { planShell } from '../../src/report/plan-shell.ts';
import { planText } from '../../src/report/plan-text.ts';
import { reportedCheck } from '../../src/saved/reported-check.ts';
import { reportOf as savedReport } from '../../src/saved/restore-plan.ts';
import { savePlan } from '../../src/saved/save-plan.ts';
import { planPage } from '../browser/pages.ts';
import { reportOf, wide } from '../report/fixtures.ts';
import { resolved } from '../resolve/play.ts';

/** What the user has hosts run, each with a word of its own. */
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

const { report, saved } = planOf(words);
const page = await planPage(report);

describe('all that a playbook has hosts run as root', () => {
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
