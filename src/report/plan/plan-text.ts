import type { Risk } from '../../changes/change.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import type { HostPlan } from '../../plan/host-plan.ts';
import { hang } from '../text/columns.ts';
import { count, hostNames, hostsAmong } from '../text/host-names.ts';
import { Lists, listing } from '../text/many-rows.ts';
import { type Paint, painter } from '../text/paint.ts';
import { troublesText } from '../text/trouble-text.ts';
import { riskWords } from '../text/words.ts';
import { askedLines, askedTitle } from './asked-words.ts';
import { checkShapes } from './check-shapes.ts';
import { type FoldedStep, foldPlans, type Shared, settlesAtEnd } from './fold.ts';
import {
  formerHostLines,
  formerHostsTitle,
  leftOverLines,
  leftOverTitle,
  pruneWords,
  stepTitle,
} from './left-over-words.ts';
import { missingFactsWords, originWords, unknownWords } from './origin-words.ts';
import { peerLines } from './peer-words.ts';
import { countPlan, type PlanCounts, type PlanReport, plansOf } from './plan-report.ts';
import { containersAtRisk, risksOf } from './plan-risks.ts';
import { reachLines, reachTitle } from './reach-words.ts';
import { shapeText } from './shape-text.ts';
import { isQuiet, sharedUnknowns, sharedUnknownsText } from './unknown-steps.ts';

export interface PlanTextOptions {
  readonly color: boolean;
  /** Columns; only diffs may be wider. */
  readonly width: number;
  /** Shows files' contents as diffs. */
  readonly diff: boolean;
  /** Shows every row of long lists. */
  readonly full?: boolean;
}

interface Context {
  readonly report: PlanReport;
  readonly counts: PlanCounts;
  readonly paint: Paint;
  readonly width: number;
  readonly diff: boolean;
  readonly all: readonly string[];
  readonly lists: Lists;
}

/**
 * A plan for people. What hosts have in common is shown once: each change is under its step with its hosts, and what
 * differs by host is in a table. Every text from a file or a host is escaped.
 */
export function planText(report: PlanReport, { color, width, diff, full = false }: PlanTextOptions): string {
  const plans = plansOf(report);
  const all = plans.map(({ host }) => host);
  const lists = new Lists(full);
  const context = { report, counts: countPlan(report), paint: painter(color), width, diff, all, lists };
  const steps = foldPlans(plans, full);
  const { shared, rest } =
    report.origin.from === 'hosts' ? { shared: [], rest: steps } : sharedUnknowns(steps);
  const sections = [
    title(context),
    ...rest.filter((step) => !isQuiet(step)).map((step) => stepText(step, context)),
    sharedUnknownsText(shared, context),
    afterwards(plans, context),
    quietSteps(rest.filter(isQuiet), context),
    asked(steps, context),
    leftOver(context),
    formerHosts(context),
    reached(context),
    leases(context),
    risks(steps, context),
    unreachable(context),
    peers(context),
    checks(context),
    fingerprints(context),
    summary(context),
    cut(steps, context),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function title({ report, paint, width, all }: Context): string[] {
  // Unreachable hosts are listed below.
  const hosts = all.length === 0 ? '' : `, on ${count(all.length, 'host')}: ${hostNames(all)}`;
  const text = `${escapeControl(report.play)}${hosts}`;
  const origin = originWords(report).map(escapeControl);
  return [
    ...hang('', text, width).map((line) => paint('bold', line)),
    ...origin.flatMap((line) => hang('', line, width)).map((line) => paint('magenta', line)),
  ];
}

function stepText(step: FoldedStep, context: Context): string[] {
  const { report, paint, width, all } = context;
  const { title: text, kind } = stepTitle(step);
  const [, number = '', name = ''] = /^(\d+\. )?(.*)$/s.exec(text) ?? [];
  const heading = hang(number, escapeControl(kind === '' ? name : `${name} (${kind})`), width);
  const on = (hosts: ReadonlySet<string>) =>
    hostsAmong(hosts, all) === '' ? '' : `  on ${hostsAmong(hosts, all)}`;
  return [
    ...heading.map((line) => paint('bold', line)),
    ...step.shapes.flatMap((shape) => shapeText(shape, context)),
    ...step.unknowns.flatMap(({ value, hosts }) =>
      hang('   ? ', `${unknownWords(report.origin)}: ${escapeControl(value)}${on(hosts)}`, width).map(
        (line) => paint('magenta', line),
      ),
    ),
    ...step.settles.flatMap((settles) => settleLines('then once: ', settles, context)),
  ];
}

/** What runs once after all steps. */
function afterwards(plans: readonly HostPlan[], context: Context): string[] {
  const settles = settlesAtEnd(plans);
  if (settles.length === 0) return [];
  return [context.paint('bold', 'Then once'), ...settles.flatMap((one) => settleLines('', one, context))];
}

function settleLines(
  start: string,
  { value, hosts }: Shared<readonly string[]>,
  { paint, width, all }: Context,
): string[] {
  const where = hostsAmong(hosts, all);
  const text = `${start}${value.map(escapeControl).join(', ')}${where === '' ? '' : `  on ${where}`}`;
  return hang('   ▶ ', text, width).map((line) => paint('cyan', line));
}

function quietSteps(steps: readonly FoldedStep[], { paint, counts }: Context): string[] {
  if (steps.length === 0 || counts.changes + counts.unknown === 0) return [];
  return [paint('dim', `${count(steps.length, 'step')}: no change`)];
}

function asked(steps: readonly FoldedStep[], { report, paint, width, lists, all }: Context): string[] {
  const { shown, more } = lists.first(askedLines(report, steps));
  if (shown.length === 0) return [];
  return [
    ...hang('', askedTitle, width).map((line) => paint('bold', line)),
    ...shown.flatMap(({ step, command, hosts }) => {
      const where = hostsAmong(hosts, all);
      const text = `${escapeControl(`${step}: ${command}`)}${where === '' ? '' : `  on ${where}`}`;
      return hang('   ▶ ', text, width).map((line) => paint('cyan', line));
    }),
    ...(more === undefined ? [] : hang('   … ', more, width)),
  ];
}

function leftOver({ report, paint, width, lists }: Context): string[] {
  const lines = leftOverLines(report);
  const { shown, more } = lists.first(lines);
  if (shown.length === 0) return [];
  return [
    paint('bold', leftOverTitle),
    ...shown.flatMap(({ sign, text }) => hang(`   ${sign} `, escapeControl(text), width)),
    ...(more === undefined ? [] : hang('   … ', more, width)),
    ...pruneWords(lines).flatMap((line) => hang('   ', `${line}.`, width)),
  ];
}

function formerHosts({ report, paint, width }: Context): string[] {
  const lines = formerHostLines(report);
  if (lines.length === 0) return [];
  return [
    paint('bold', formerHostsTitle),
    ...lines.flatMap((line) => hang('   · ', escapeControl(line), width)),
  ];
}

/** For a saved plan. */
function reached({ report, paint, width, lists }: Context): string[] {
  const { shown, more } = lists.first(reachLines(report));
  if (shown.length === 0) return [];
  return [
    ...hang('', reachTitle, width).map((line) => paint('bold', line)),
    ...shown.flatMap((line) => hang('   · ', escapeControl(line), width)),
    ...(more === undefined ? [] : hang('   … ', more, width)),
  ];
}

function leases({ report, paint, width, lists }: Context): string[] {
  const { shown, more } = lists.first(report.newLeases);
  if (shown.length === 0) return [];
  return [
    paint('bold', 'New leases'),
    ...shown.flatMap((line) => hang('   + ', escapeControl(line), width)),
    ...(more === undefined ? [] : hang('   … ', more, width)),
  ];
}

function risks(steps: readonly FoldedStep[], { report, paint, width, all }: Context): string[] {
  const found = risksOf(steps);
  if (found.size === 0) return [];
  const lines = [...found].flatMap(([risk, hosts]) =>
    hang('   ! ', riskLine(risk, hosts, report, all), width).map((line) => paint('yellow', line)),
  );
  return [paint('bold', 'Risks'), ...lines];
}

function riskLine(
  risk: Risk,
  hosts: ReadonlySet<string>,
  report: PlanReport,
  all: readonly string[],
): string {
  const where = hostsAmong(hosts, all);
  return `${where === '' ? '' : `${where}: `}${riskWords[risk]}${containersAtRisk(risk, hosts, report)}`;
}

function unreachable({ report, paint, width }: Context): string[] {
  if (report.unreachable.size === 0) return [];
  const lines = troublesText(report.unreachable, { paint, width, indent: 3 });
  return [paint('bold', 'Unreachable'), ...lines];
}

/** Those of the first hosts, shortened: JSON has all of them. */
function fingerprints({ report, paint, width, lists }: Context): string[] {
  const known = report.hosts.flatMap(({ plan, fingerprint }) =>
    fingerprint === undefined ? [] : [`${escapeControl(plan.host)} ${fingerprint.slice(0, 12)}`],
  );
  if (known.length === 0) return [];
  const shown = lists.full ? known : known.slice(0, fewHosts);
  const left = known.length - shown.length;
  const text = `Fingerprints: ${shown.join(', ')}${left > 0 ? `, and ${left} more (${listing})` : ''}`;
  return hang('', text, width).map((line) => paint('dim', line));
}

const fewHosts = 20;

function peers({ report, paint, width }: Context): string[] {
  const lines = peerLines(report.peers ?? []);
  if (lines.length === 0) return [];
  return [
    paint('bold', 'Peers that would also change'),
    ...lines.flatMap(({ sign, text }) =>
      hang(`   ${sign} `, escapeControl(text), width).map((line) =>
        paint(sign === '?' ? 'magenta' : 'yellow', line),
      ),
    ),
  ];
}

/** Checks run only if the run changes something. */
function checks(context: Context): string[] {
  const { report, counts, paint } = context;
  if (report.checks.length === 0 || counts.changes + counts.unknown === 0) return [];
  return [
    paint('bold', `Then ${count(report.checks.length, 'check')}, before it is confirmed`),
    ...checkShapes(report).flatMap((shape) => shapeText(shape, context)),
  ];
}

function summary({ report, counts, paint, width }: Context): string[] {
  const missing = counts.unreachable === 0 ? '' : `, ${counts.unreachable} unreachable`;
  if (counts.hosts === 0 && counts.unreachable > 0) {
    const whom = counts.unreachable === 1 ? 'the host' : `any of the ${counts.unreachable} hosts`;
    return hang('', `No plan: meshbook can't reach ${whom}.`, width).map((line) => paint('bold', line));
  }
  if (counts.changes + counts.unknown === 0 && counts.hosts > 0) {
    const answered = counts.unreachable === 0 ? '' : ' that answered';
    const [hosts, are] = counts.hosts === 1 ? ['host', 'is'] : ['hosts', 'are'];
    const text = `No changes. The ${hosts}${answered} ${are} as the playbook says${missing}.`;
    return hang('', text, width).map((line) => paint('green', line));
  }
  const kinds = (['create', 'update', 'delete', 'run'] as const).flatMap((action) =>
    counts[action] > 0 ? [`${counts[action]} ${action}`] : [],
  );
  const text = [
    `Plan: ${count(counts.hosts, 'host')}: ${count(counts.changes, 'change')}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}`,
    ...(counts.unchanged > 0 ? [`${counts.unchanged} without change`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
  ];
  const { change, no_change, unknown } = counts.steps;
  const answers = `Steps on hosts: ${change} change, ${no_change} no change, ${unknown} unknown.`;
  const how = counts.unknown > 0 ? escapeControl(missingFactsWords(report)) : '';
  return [
    ...[`${text.join(', ')}${missing}.`, answers].flatMap((line) =>
      hang('', line, width).map((part) => paint('bold', part)),
    ),
    ...(how === '' ? [] : hang('', how, width)),
  ];
}

/** The last line: nobody should approve a plan without knowing that a part of it isn't shown. */
function cut(steps: readonly FoldedStep[], { lists, paint, width }: Context): string[] {
  const isCounted = steps.some(({ shapes }) =>
    shapes.some((shape) => shape.some(({ many }) => many !== undefined)),
  );
  if (!lists.isCut && !isCounted) return [];
  const text = 'Not everything is shown: --full shows every row of long lists.';
  return hang('', text, width).map((line) => paint('bold', line));
}
