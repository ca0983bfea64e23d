import { escapeControl } from '../../diagnostics/escape.ts';
import type { HostPlan } from '../../plan/host-plan.ts';
import { hang } from '../text/columns.ts';
import { count, hostNames, hostsAmong } from '../text/host-names.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { inventoryWords, riskWords, symbols } from '../text/words.ts';
import { askedLines, askedTitle } from './asked-words.ts';
import { checkShapes } from './check-shapes.ts';
import { facetsOf } from './facets.ts';
import { type FoldedStep, foldPlans, hostsOf, type Shape, settlesAtEnd } from './fold.ts';
import {
  formerHostLines,
  formerHostsTitle,
  leftOverLines,
  leftOverTitle,
  pruneWords,
  stepTitle,
} from './left-over-words.ts';
import { type Block, fitBlocks } from './markdown-fit.ts';
import { code, htmlCode, sizeOf } from './markdown-parts.ts';
import { originWords } from './origin-words.ts';
import { peerLines } from './peer-words.ts';
import { countPlan, type PlanReport, plansOf } from './plan-report.ts';
import { containersAtRisk, risksOf } from './plan-risks.ts';
import { reachLines, reachTitle } from './reach-words.ts';
import { textDiffs } from './shape-texts.ts';
import { warningWords } from './warning-words.ts';

/** GitHub's limit for a comment, in characters. */
const mostCharacters = 65_536;
/** Room for text that a workflow adds. */
const spare = 1000;
/** Maximum bytes of a list above the diffs. */
const mostListed = 4000;
const width = 100;

/** The first line of every plan in Markdown; a workflow finds its earlier comment by it. */
export const markdownMarker = '<!-- meshbook plan -->';

/**
 * A plan as a comment on a pull request: at most 64,536 bytes, so fewer characters than GitHub's limit. The most
 * important comes first; diffs are collapsed, and cut with a count. No text from a file or a host is read as Markdown,
 * HTML or a mention.
 */
export function planMarkdown(report: PlanReport): string {
  const plans = plansOf(report);
  const all = plans.map(({ host }) => host);
  const steps = foldPlans(plans);
  const leftOver = leftOverLines(report);
  const head = [
    markdownMarker,
    `### Plan: ${code(report.play)}`,
    summary(report, all),
    ...originWords(report).map((line) => `_Note:_ ${code(line)}`),
    list('Then once', afterwards(plans, all)),
    list('Risks', risks(steps, report, all)),
    list('Unknown until the run', unknowns(steps, all)),
    list('Unreachable', unreachable(report)),
    list(
      'Peers that would also change',
      peerLines(report.peers ?? []).map(({ text }) => code(text)),
    ),
    list('Warnings', warningWords(report.warnings).map(code)),
    list(leftOverTitle, [...leftOver.map(({ text }) => code(text)), ...pruneWords(leftOver)]),
    list(formerHostsTitle, formerHostLines(report).map(code)),
    list(askedTitle, asked(report, steps, all)),
    list(reachTitle, reachLines(report).map(code)),
    list('New leases', report.newLeases.map(code)),
  ].filter((part) => part !== '');
  const foot = `<sub>meshbook, ${htmlCode(inventoryWords(report))}, ${htmlCode(report.playbook)}</sub>`;
  const blocks = [
    ...checks(report, all),
    ...steps.flatMap((step) => (step.shapes.length > 0 ? [stepBlock(step, all)] : [])),
  ];
  const fixed = sizeOf([...head, foot].join('\n\n')) + 2;
  const { text, omitted } = fitBlocks(blocks, mostCharacters - spare - fixed - 200);
  const left = omitted.reduce((sum, { changes }) => sum + changes, 0);
  const note =
    omitted.length === 0
      ? ''
      : `… ${count(left, 'more change')} in ${count(omitted.length, 'step')} not shown`;
  return `${[...head, text, note, foot].filter((part) => part !== '').join('\n\n')}\n`;
}

function summary(report: PlanReport, all: readonly string[]): string {
  const counts = countPlan(report);
  const hosts = all.length === 0 ? '' : `, on ${code(hostNames(all))}`;
  const missing = counts.unreachable === 0 ? '' : `, **${counts.unreachable} unreachable**`;
  if (counts.changes + counts.unknown === 0 && counts.hosts > 0) {
    return `**No changes** on ${count(counts.hosts, 'host')}${missing}.`;
  }
  const kinds = (['create', 'update', 'delete', 'run'] as const).flatMap((action) =>
    counts[action] > 0 ? [`${counts[action]} ${action}`] : [],
  );
  return [
    `**${count(counts.hosts, 'host')}: ${count(counts.changes, 'change')}**${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`,
    counts.unchanged > 0 ? `, ${counts.unchanged} without change` : '',
    counts.unknown > 0 ? `, **${counts.unknown} unknown**` : '',
    missing,
    hosts,
  ].join('');
}

function list(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  let shown = 0;
  for (let size = 0; shown < lines.length; shown++) {
    size += sizeOf(lines[shown] ?? '') + 3;
    if (size > mostListed) break;
  }
  const more = shown < lines.length ? [`- … ${lines.length - shown} more`] : [];
  return [`**${title}**`, '', ...lines.slice(0, shown).map((line) => `- ${line}`), ...more].join('\n');
}

/** What runs once after all steps. */
function afterwards(plans: readonly HostPlan[], all: readonly string[]): string[] {
  return settlesAtEnd(plans).map(({ value, hosts }) => {
    const where = hostsAmong(hosts, all);
    return `${where === '' ? '' : `${code(where)}: `}${value.map(code).join(', ')}`;
  });
}

function risks(steps: readonly FoldedStep[], report: PlanReport, all: readonly string[]): string[] {
  return [...risksOf(steps)].map(([risk, hosts]) => {
    const where = hostsAmong(hosts, all);
    return `${where === '' ? '' : `${code(where)}: `}${riskWords[risk]}${containersAtRisk(risk, hosts, report)}`;
  });
}

function unknowns(steps: readonly FoldedStep[], all: readonly string[]): string[] {
  return steps.flatMap((step) =>
    step.unknowns.map(({ value, hosts }) => {
      const where = hostsAmong(hosts, all);
      return `${code(step.name)}${where === '' ? '' : `, ${code(where)}`}: ${code(value)}`;
    }),
  );
}

function unreachable(report: PlanReport): string[] {
  return [...report.unreachable].map(([host, { message }]) => `${code(host)}: ${code(message)}`);
}

function asked(report: PlanReport, steps: readonly FoldedStep[], all: readonly string[]): string[] {
  return askedLines(report, steps).map(({ step, command, hosts }) => {
    const where = hostsAmong(hosts, all);
    return `${code(step)}${where === '' ? '' : `, ${code(where)}`}: ${code(command)}`;
  });
}

/** Checks run only if the run changes something. */
function checks(report: PlanReport, all: readonly string[]): (Block & { readonly changes: number })[] {
  const { changes, unknown } = countPlan(report);
  if (report.checks.length === 0 || changes + unknown === 0) return [];
  const title = `${count(report.checks.length, 'check')} before it is confirmed`;
  return [{ title, changes: 0, lines: checkShapes(report).flatMap((shape) => shapeLines(shape, all)) }];
}

/** A step with its changes on all its hosts. */
function stepBlock(step: FoldedStep, all: readonly string[]): Block & { readonly changes: number } {
  const hosts = new Set(step.shapes.flatMap((shape) => [...hostsOf(shape)]));
  const changes = step.shapes.reduce((sum, shape) => sum + shape.length, 0);
  const where = hostsAmong(hosts, all);
  const named = step.prune
    ? htmlCode(stepTitle(step).title)
    : `<b>${step.index + 1}.</b> ${htmlCode(`${step.name} (${step.kind})`)}`;
  const title = `${named}: ${count(changes, 'change')}${where === '' ? '' : ` on ${htmlCode(where)}`}`;
  const settles = step.settles.flatMap(({ value, hosts: some }) =>
    hang('# then once: ', `${value.map(escapeControl).join(', ')}${on(some, all)}`, width),
  );
  return { title, changes, lines: [...step.shapes.flatMap((shape) => shapeLines(shape, all)), ...settles] };
}

/** Signs are at the start of the line, where GitHub colours them. */
function shapeLines(shape: Shape, all: readonly string[]): string[] {
  const { action, noun, target } = shape[0].change;
  const objects = new Set(shape.map(({ change }) => change.target)).size;
  const what = escapeControl(objects > 1 ? `${noun} × ${objects}` : `${noun} ${target}`);
  const options = { width, paint: painter(false) };
  return [
    ...hang(`${symbols[action]} `, `${what}${on(hostsOf(shape), all)}`, width),
    ...facetsOf(shape).flatMap(({ header, rows }) => table(header, rows, { ...options, indent: 4 })),
    ...textDiffs(shape, { ...options, indent: 0 }).map((line) =>
      line.startsWith('  ') ? line.slice(2) : `# ${line}`,
    ),
    ...shape[0].change.risks.map((risk) => `! ${riskWords[risk]}`),
  ];
}

function on(hosts: ReadonlySet<string>, all: readonly string[]): string {
  const where = hostsAmong(hosts, all);
  return where === '' ? '' : `  on ${where}`;
}
