import type { Part } from '../../changes/change.ts';
import { isArmedStage } from '../../changes/stage.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import type { Conflict, UndoPlan } from '../../plan/undo-plan.ts';
import { effectOfItem, type StageIndex } from '../../run/stage-item.ts';
import { hang } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { count, hostsAmong } from '../text/host-names.ts';
import { type Paint, painter } from '../text/paint.ts';
import { isText, shownPart as shown, textOf } from '../text/part-text.ts';
import { linesChange, paintDiff, textDiff } from '../text/text-diff.ts';

export interface ConflictTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** Whether conflicts are undone as well. */
  readonly force: boolean;
}

interface Host {
  readonly target: { readonly name: string };
  readonly stages: readonly StageIndex[];
  readonly plan: UndoPlan;
}

/** The rest of a longer diff is left out. */
const mostLines = 12;

/**
 * What someone has changed since the run: each part with its three values, and what the undo therefore leaves alone.
 * Equal conflicts of several hosts are shown once.
 */
export function conflictText(
  hosts: readonly Host[],
  all: readonly string[],
  { color, width, force }: ConflictTextOptions,
): string[] {
  const paint = painter(color);
  const found = hosts.flatMap((host) =>
    itemTexts(host, width, paint).map((text) => ({ host: host.target.name, text })),
  );
  if (found.length === 0) return [];
  const isNeeded = hosts.some(({ plan }) =>
    plan.items.some(({ conflicts }) => conflicts.some(({ laterUse }) => laterUse !== undefined)),
  );
  const what = `Changed since the run${isNeeded ? ', or needed by a later one' : ''}, and`;
  const title = force ? `${what} undone anyway:` : `${what} left alone (--force undoes it as well):`;
  return [
    ...hang('', title, width).map((line) => paint('bold', line)),
    ...groupBy(found, ({ text }) => text)
      .map((same) => ({ where: hostsAmong(new Set(same.map(({ host }) => host)), all), text: same[0].text }))
      .flatMap(({ where, text }, i, groups) => [
        ...(where === '' || groups[i - 1]?.where === where ? [] : hang(' ', `${where}:`, width)),
        text,
      ]),
  ];
}

function itemTexts({ stages, plan }: Host, width: number, paint: Paint): string[] {
  const own = stages.find(({ name }) => isArmedStage(name))?.items ?? {};
  const summary = (id: string) => escapeControl(effectOfItem(own[id] ?? { summary: id }));
  const said = new Set<string>();
  return [...plan.items].reverse().flatMap(({ id, verdict, conflicts, neededBy }) => {
    if (verdict !== 'conflict' && (verdict !== 'needed' || plan.left.length === 0)) return [];
    // Two changes may affect the same part.
    const news = conflicts.filter(({ part }) => !said.has(part));
    for (const { part } of news) said.add(part);
    const why = [
      ...news.flatMap((conflict) => conflictLines(conflict, width, paint)),
      ...(verdict === 'conflict' && news.length === 0
        ? hang(
            '       ',
            `for the same reason: ${conflicts.map(({ part }) => escapeControl(part)).join(', ')}`,
            width,
          )
        : []),
      ...(verdict === 'needed'
        ? hang(
            '       ',
            `needed by what is left alone: ${[...new Set(neededBy.map(summary))].join(', ')}`,
            width,
          )
        : []),
    ];
    return [[...hang('   ! ', summary(id), width).map((line) => paint('magenta', line)), ...why].join('\n')];
  });
}

function conflictLines(conflict: Conflict, width: number, paint: Paint): string[] {
  const { part, before, after, now, unknown, laterRun, laterUse } = conflict;
  const values =
    [before, after, now].some(isText) && unknown === undefined
      ? [
          ...diffLines('by the run', before, after, paint),
          ...diffLines('since then', after, now ?? null, paint),
        ]
      : [
          ...hang('         before the run  ', shown(before), width),
          ...hang('         after the run   ', shown(after), width),
          ...hang(
            '         now             ',
            unknown === undefined ? shown(now ?? null) : `not known: ${escapeControl(unknown)}`,
            width,
          ),
        ];
  return [
    ...hang('       ', escapeControl(part), width),
    ...values,
    ...(laterRun === undefined
      ? []
      : hang('         ', `run ${escapeControl(laterRun)} set it later: undo that one first`, width)),
    ...(laterUse === undefined
      ? []
      : hang('         ', `run ${escapeControl(laterUse)} needs it: undo that one first`, width)),
  ];
}

/** Two of a file's three states as a diff; if one of them isn't text, both in words. */
function diffLines(title: string, from: Part, to: Part, paint: Paint): string[] {
  if (from === null || to === null) {
    const [what, there] = from === null ? ['made', to] : ['removed', from];
    return [`         ${title}: ${what}${isText(there) ? `, ${linesChange(textOf(there), undefined)}` : ''}`];
  }
  const [old, next] = [textOf(from), textOf(to)];
  if (old === undefined || next === undefined) return [`         ${title}: ${shown(from)} → ${shown(to)}`];
  const lines = textDiff(old, next);
  if (lines.length === 0) return [`         ${title}: nothing`];
  const more = lines.length > mostLines ? [`(${count(lines.length - mostLines, 'more line')})`] : [];
  return [
    `         ${title}:`,
    ...lines.slice(0, mostLines).map((line) => `           ${paintDiff(line, paint)}`),
    ...more.map((line) => `           ${line}`),
  ];
}
