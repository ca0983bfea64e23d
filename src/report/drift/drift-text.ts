import { escapeControl } from '../../diagnostics/escape.ts';
import type { Difference } from '../../drift/differences.ts';
import type { HostDrift } from '../../drift/host-drift.ts';
import { tidy } from '../../json/records.ts';
import { leftOverWords } from '../plan/left-over-words.ts';
import { sourceWords } from '../plan/origin-words.ts';
import { hang } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { count, hostNames, hostsAmong } from '../text/host-names.ts';
import { minuteOf, ownerWords } from '../text/owner-words.ts';
import { type Paint, painter } from '../text/paint.ts';
import { isText, shownPart, textOf } from '../text/part-text.ts';
import { paintDiff, textDiff } from '../text/text-diff.ts';
import { troublesText } from '../text/trouble-text.ts';
import { countDrift, type DriftReport } from './drift-report.ts';

export interface DriftTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** Show texts as diffs. */
  readonly diff: boolean;
}

interface Context {
  readonly paint: Paint;
  readonly width: number;
  readonly diff: boolean;
  readonly all: readonly string[];
}

/** The differences, for people: by step, and once for all hosts that share them. One line if there are none. */
export function driftText(report: DriftReport, { color, width, diff }: DriftTextOptions): string {
  const paint = painter(color);
  const all = report.hosts.map(({ host }) => host);
  const context = { paint, width, diff, all };
  const body = [
    ...differences(report.hosts, context),
    section('Left over', leftOver(report.hosts, true, context), context),
    section('Perhaps left over, or of another playbook', leftOver(report.hosts, false, context), context),
    section("Not meshbook's, and left alone", foreign(report.hosts, context), context),
    section(
      'Runs that the hosts keep and this controller has no record of',
      unrecorded(report.hosts, context),
      context,
    ),
    section('Not known', unknowns(report.hosts, context), context),
    section('Unreachable', troublesText(report.unreachable, { paint, width, indent: 3 }), context),
  ].filter((lines) => lines.length > 0);
  const on = all.length === 0 ? '' : `, on ${count(all.length, 'host')}: ${hostNames(all)}`;
  const title = `Drift from ${escapeControl(report.play)}${on}`;
  const head = [
    ...hang('', title, width).map((line) => paint('bold', line)),
    ...sourceWords(report.origin).flatMap((line) => hang('', escapeControl(line), width)),
  ];
  const sections = body.length === 0 ? [] : [head, ...body];
  return `${[...sections, summary(report, context)].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[], { paint }: Context): string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines];
}

function differences(hosts: readonly HostDrift[], context: Context): string[][] {
  const { paint, width } = context;
  const found = hosts.flatMap(({ host, differences: own }) =>
    own.map((difference) => ({ host, step: difference.step, ...differenceText(difference, context) })),
  );
  return groupBy(found, ({ step }) => JSON.stringify([step.index, step.name]))
    .sort(([a], [b]) => a.step.index - b.step.index)
    .map((ofStep) => {
      const { index, name, kind } = ofStep[0].step;
      return [
        ...hang(`${index + 1}. `, escapeControl(`${name} (${kind})`), width).map((line) =>
          paint('bold', line),
        ),
        ...groupBy(ofStep, ({ sign, head, body }) => JSON.stringify([sign, head, body])).flatMap((same) => {
          const { sign, head, style, body } = same[0];
          const text = `${head}${where(same, context)}`;
          return [...hang(`   ${sign} `, text, width).map((line) => paint(style, line)), ...body];
        }),
      ];
    });
}

function differenceText(difference: Difference, { paint, width, diff }: Context) {
  const { part, wanted, found, owner } = difference;
  const missing = found === null && isWhole(part, wanted);
  const extra = wanted === null && isWhole(part, found);
  const both = [wanted, found].some(isText) && !missing && !extra;
  const lines = both ? textDiff(textOf(wanted), textOf(found)) : [];
  const values = both
    ? [`       ${linesText(lines, diff)}`]
    : [
        ...(extra ? [] : hang('       wanted  ', value(wanted), width)),
        ...hang('       found   ', value(found), width),
      ];
  return {
    sign: missing ? '-' : extra ? '+' : '~',
    style: missing ? ('red' as const) : extra ? ('green' as const) : ('yellow' as const),
    head: `${escapeControl(part)}${missing ? ' is missing' : extra ? ' should not be there' : ''}`,
    body: [
      ...(missing || (extra && isText(found)) ? [] : values),
      ...(diff ? lines : []).map((line) => `       ${paintDiff(line, paint)}`),
      ...hang('       ', ownerWords(tidy({ owner, wanted, found })), width).map((line) => paint('dim', line)),
    ],
  };
}

/** Whether a value says only that an object exists. */
function isWhole(part: string, value: Difference['found']): boolean {
  return typeof value === 'string'
    ? value === 'there' || /^on /.test(value) || part.startsWith('address ')
    : value != null;
}

function linesText(lines: readonly string[], diff: boolean): string {
  const of = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  const differing = Math.max(of('-'), of('+'));
  return `${count(differing, 'line')} ${differing === 1 ? 'differs' : 'differ'}${diff ? ', wanted (-) and found (+):' : ' (--diff shows how)'}`;
}

function value(part: Difference['found']): string {
  return part === undefined ? 'not known' : shownPart(part);
}

function leftOver(hosts: readonly HostDrift[], certain: boolean, context: Context): string[] {
  const found = hosts.flatMap(({ host, leftOver: own }) =>
    own
      .filter((one) => one.certain === certain)
      .map((one) => ({ host, text: escapeControl(leftOverWords(one)) })),
  );
  return list('+', found, context);
}

function foreign(hosts: readonly HostDrift[], context: Context): string[] {
  const found = hosts.flatMap(({ host, foreign: own }) =>
    own.map(({ part, detail }) => ({ host, text: escapeControl(`${part}, ${detail}`) })),
  );
  return list('·', found, context);
}

function unknowns(hosts: readonly HostDrift[], context: Context): string[] {
  const found = hosts.flatMap(({ host, unknowns: own }) =>
    own.map(({ step, reason }) => ({
      host,
      text: escapeControl(`${step.index + 1}. ${step.name} (${step.kind}): ${reason}`),
    })),
  );
  return list('?', found, context);
}

/** Only if they may show who owns something. */
function unrecorded(hosts: readonly HostDrift[], context: Context): string[] {
  const found = hosts
    .filter(({ differences: own, leftOver: left }) =>
      [...own, ...left].some(({ owner }) => owner.by !== 'run'),
    )
    .flatMap(({ host, unrecorded: runs }) =>
      runs.map(({ run, holder, since, pending }) => ({
        host,
        text: escapeControl(`${run} of ${holder}, ${minuteOf(since)}${pending ? ', not decided yet' : ''}`),
      })),
    );
  return list('·', found, context);
}

function list(sign: string, found: readonly { host: string; text: string }[], context: Context): string[] {
  return groupBy(found, ({ text }) => text).flatMap((same) =>
    hang(`   ${sign} `, `${same[0].text}${where(same, context)}`, context.width),
  );
}

function where(found: readonly { host: string }[], { all }: Context): string {
  const hosts = hostsAmong(new Set(found.map(({ host }) => host)), all);
  return hosts === '' ? '' : `  on ${hosts}`;
}

function summary(report: DriftReport, { paint, width }: Context): string[] {
  const counts = countDrift(report);
  if (counts.hosts === 0 && counts.unreachable > 0) {
    const whom = counts.unreachable === 1 ? 'the host' : `any of the ${counts.unreachable} hosts`;
    const text = `Nothing was compared: meshbook can't reach ${whom}.`;
    return hang('', text, width).map((line) => paint('bold', line));
  }
  const more = [
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
    ...(counts.unreachable > 0 ? [`${counts.unreachable} unreachable`] : []),
  ].map((text) => `, ${text}`);
  if (counts.drifted === 0) {
    const where = counts.hosts === 0 ? '' : ` on ${count(counts.hosts, 'host')}`;
    return hang('', `No drift${where}${more.join('')}.`, width).map((line) => paint('green', line));
  }
  const what = [
    ...(counts.differences > 0 ? [count(counts.differences, 'difference')] : []),
    ...(counts.left_over > 0 ? [`${counts.left_over} left over`] : []),
  ].join(', ');
  const text = `Drift: ${what}, on ${counts.drifted} of ${count(counts.hosts, 'host')}${more.join('')}.`;
  return hang('', text, width).map((line) => paint('bold', line));
}
