import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/changes/registry.ts';
import { markdownMarker, planMarkdown } from '../../../src/report/plan/plan-markdown.ts';
import type { PlanReport } from '../../../src/report/plan/plan-report.ts';
import { checkOf, meshPlans, planOf, reportOf } from '../fixtures.ts';
import { hostile, isSafe } from '../hostile.ts';

/** GitHub's limit for a comment, in characters. */
const limit = 65_536;

function file(path: string, content: string): Change {
  return {
    type: 'file',
    path,
    before: null,
    after: { content, mode: '0644', owner: 'root', group: 'root' },
  };
}

/**
 * Parses Markdown as far as needed: fences as CommonMark closes them, and `details` outside them.
 * @returns the text outside fences; fails if something isn't closed.
 */
function outsideOfFences(markdown: string): string {
  let fence = '';
  let open = 0;
  const outside: string[] = [];
  for (const line of markdown.split('\n')) {
    const [, run = '', rest = ''] = /^(`{3,})(.*)$/.exec(line) ?? [];
    if (fence !== '') {
      if (run.length >= fence.length && rest.trim() === '') fence = '';
      continue;
    }
    if (run !== '') {
      expect(rest).toBe('diff');
      fence = run;
      continue;
    }
    const html = withoutSpans(line);
    outside.push(html);
    open += html.match(/<details>/g)?.length ?? 0;
    open -= html.match(/<\/details>/g)?.length ?? 0;
    expect(open).toBeGreaterThanOrEqual(0);
  }
  expect({ fence, open }).toEqual({ fence: '', open: 0 });
  return outside.join('\n');
}

/** A line without its code spans: each from a run of backticks to the next of the same length. */
function withoutSpans(line: string): string {
  return line.replace(/(?<!`)(`+)(?!`)(.*?[^`])\1(?!`)/g, '');
}

/** Without our own elements. */
function withoutElements(text: string): string {
  return text
    .replace(/<code>[^<>]*<\/code>/g, '')
    .replace(/<\/?(details|summary|b|sub)>/g, '')
    .replace(markdownMarker, '');
}

describe('a plan as Markdown', () => {
  it('shows what matters first, and folds the rest', () => {
    const report: PlanReport = {
      ...reportOf(...meshPlans(3)),
      unreachable: new Map([['docker4', { code: 'connect-failed', message: 'no route to host' }]]),
      newLeases: ['lab: docker1 10.11.12.1/24'],
      warnings: [
        {
          severity: 'warning',
          code: 'foreign-tunnel',
          message: 'br0 keeps gre0',
          hosts: ['a', 'b', 'c', 'd', 'e'],
          file: 'pb.yml',
          line: 3,
          column: 5,
        },
      ],
      checks: [checkOf('They reach each other', 'command', { docker1: { run: 'ping here' } })],
    };
    const text = planMarkdown(report);
    expect(text.split('\n').slice(0, 5)).toEqual([
      '<!-- meshbook plan -->',
      '',
      '### Plan: `Docker hosts joined by GRE`',
      '',
      '**3 hosts: 18 changes** (15 create, 3 update), **1 unreachable**, on `docker1, docker2, docker3`',
    ]);
    expect(text).toContain('- `all 3 hosts`: restarts Docker');
    expect(text).toContain('- `docker4`: `no route to host`');
    expect(text).toContain('- `pb.yml:3:5 foreign-tunnel: a, b, c and 2 more: br0 keeps gre0`');
    expect(text).toContain('- `lab: docker1 10.11.12.1/24`');
    expect(text).toContain('▶ command check They reach each other  on docker1\n');
    expect(text).toContain('ping here');
    expect(text).toContain(
      '<details><summary><b>4.</b> <code>A tunnel to every peer (ovs_tunnels)</code>: 3 changes on <code>all 3 hosts</code></summary>\n\n```diff\n+ OVS ports ovs_bridge  on all 3 hosts\n',
    );
    expect(text).toMatch(
      /^\+ExecStart=\/usr\/bin\/dockerd --bridge=newbridge --fixed-cidr=10.11.12.16\/28 {2}← docker1$/m,
    );
    expect(text).toContain('**Then once**\n\n- `all 3 hosts`: `systemctl daemon-reload`, `restart Docker`');
    outsideOfFences(text);
  });

  it('says that there is nothing to do', () => {
    expect(planMarkdown(reportOf(planOf('a', [])))).toContain('**No changes** on 1 host.');
  });

  it('says why an answer is unknown, and what the plan was made from', () => {
    const report = reportOf(planOf('a', { unknowns: ['Docker is stopped'] }));
    const text = planMarkdown({ ...report, origin: { from: 'nothing' } });
    expect(text).toContain('**1 unknown**');
    expect(text).toContain('- `Step 1`: `Docker is stopped`');
    expect(text).toContain('Planned offline, without facts');
  });

  it.each([20, 100])('of a mesh of %i hosts fits, with a part of every step', (hosts) => {
    const text = planMarkdown(reportOf(...meshPlans(hosts)));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
    expect(text.match(/<details>/g)).toHaveLength(4);
    outsideOfFences(text);
  });

  it('cuts long blocks after whole lines, and counts the rest', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `line ${i}`);
    const steps = [
      [file('/etc/long', lines.join('\n'))],
      [file('/etc/short', 'one\n')],
      [file('/etc/other', lines.join('\n'))],
    ];
    const text = planMarkdown(reportOf(planOf('a', ...steps)));
    const shown = text.match(/^\+line \d+$/gm)?.length ?? 0;
    const left = [...text.matchAll(/^… (\d+) more lines not shown$/gm)].map(([, count]) => Number(count));
    expect(left).toHaveLength(2);
    expect(shown).toBeGreaterThan(3000);
    expect(text).toContain('+one');
    expect(Buffer.byteLength(text)).toBeGreaterThan(limit - 4000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
    outsideOfFences(text);
  });

  it('counts the steps that it leaves out', () => {
    const steps = Array.from({ length: 1000 }, (_, i) => [file(`/etc/some-file-${i}`, 'x\n'.repeat(100))]);
    const text = planMarkdown(reportOf(planOf('a', ...steps)));
    const shown = text.match(/<details>/g)?.length ?? 0;
    expect(shown).toBeGreaterThan(50);
    expect(text).toContain(`… ${1000 - shown} more changes in ${1000 - shown} steps not shown`);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
  });

  it('has nothing of a secret file', () => {
    const secret = { ...file('/etc/key', 'hunter2'), secret: true } as Change;
    expect(planMarkdown(reportOf(planOf('a', [secret])))).not.toContain('hunter2');
  });

  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      hostile,
      '````\n</details>\n# heading @everyone',
      '`',
      '``` @torvalds',
      '</summary><img src=x onerror=alert(1)>',
      '[x](javascript:alert(1)) #1 owner/repo#2 @all',
      '| a | b |',
      '<!-- ',
      '\u0301'.repeat(3000),
      'ｗｉｄｅ'.repeat(300),
      '`'.repeat(50),
    ),
  );
  const change = fc
    .tuple(nasty, nasty, fc.nat({ max: 300 }))
    .map(([path, line, lines]) => file(`/${path}`, `${line}\n`.repeat(lines)));
  const plan = fc
    .tuple(
      fc.stringMatching(/^[a-z]{1,8}\d{0,3}$/),
      fc.array(fc.tuple(nasty, fc.array(change, { maxLength: 4 }), fc.array(nasty, { maxLength: 3 })), {
        maxLength: 6,
      }),
    )
    .map(([host, steps]) =>
      planOf(host, ...steps.map(([name, changes, unknowns]) => ({ name, changes, unknowns }))),
    );
  const reports = fc
    .record({
      play: nasty,
      plans: fc.uniqueArray(plan, { maxLength: 12, selector: ({ host }) => host }),
      leases: fc.array(nasty, { maxLength: 400 }),
      messages: fc.array(nasty, { maxLength: 200 }),
      checks: fc.array(nasty, { maxLength: 30 }),
    })
    .map(
      ({ play, plans, leases, messages, checks }): PlanReport => ({
        ...reportOf(...plans),
        play,
        newLeases: leases,
        unreachable: new Map(messages.map((message, i) => [`x${i}`, { code: 'x', message }])),
        checks: checks.map((name) => checkOf(name, 'command', { [name]: { run: name } })),
      }),
    );

  it('fits, closes what it opens and keeps all text within its code, for any plan', () => {
    fc.assert(
      fc.property(reports, (report) => {
        const text = planMarkdown(report);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        expect(isSafe(text.replaceAll('\t', ''))).toBe(true);
        expect(withoutElements(outsideOfFences(text))).not.toMatch(/[<>@`|[\]]/);
      }),
      { numRuns: 30 },
    );
  });
});
