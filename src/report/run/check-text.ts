import type { CheckResult, CheckState } from '../../checks/result.ts';
import { escapeControl, escapeLines } from '../../diagnostics/escape.ts';
import type { ResolvedCheck } from '../../model/resolved.ts';
import type { Trouble } from '../../run/events.ts';
import { hang } from '../text/columns.ts';
import { count, hostNames } from '../text/host-names.ts';
import { type Paint, painter } from '../text/paint.ts';
import type { Terminal } from '../text/terminal.ts';
import { troublesText } from '../text/trouble-text.ts';
import { checkMatrix } from './check-matrix.ts';
import { stateSigns, stateStyles } from './check-signs.ts';

export interface CheckReport {
  /** The playbook's name. */
  readonly play: string;
  readonly checks: readonly ResolvedCheck[];
  readonly results: readonly CheckResult[];
  /** Hosts without results. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  readonly unreachable: ReadonlyMap<string, Trouble>;
}

/** Checks for people: one line if all passed, otherwise what failed between which hosts, and why. All escaped. */
export function checkText(report: CheckReport, { color, width }: Pick<Terminal, 'color' | 'width'>): string {
  const paint = painter(color);
  const trouble = (of: ReadonlyMap<string, Trouble>) => troublesText(of, { paint, width, indent: 0 });
  const sections = [
    ...report.checks.map((check) => oneCheck(check, report, paint, width)),
    trouble(report.unreachable),
    trouble(report.troubles),
    hang('', summary(report), width).map((line) => paint('bold', line)),
  ];
  return `${sections.flat().join('\n')}\n`;
}

function oneCheck({ check }: ResolvedCheck, { results }: CheckReport, paint: Paint, width: number): string[] {
  const own = results.filter((result) => result.check === check.index);
  const worst = (['failed', 'unknown', 'ok'] as const).find((state) =>
    own.some((result) => result.state === state),
  );
  const pairs = own.filter(({ source, target }) => source !== target);
  const by = check.between === 'none' ? count(own.length, 'host') : count(pairs.length, 'pair');
  const nothing = own.length === 0 ? ': nothing was checked' : '';
  const title = `${escapeControl(check.name)} (${check.kind}, ${by})${nothing}`;
  const heading = hang(worst === undefined ? '· ' : `${stateSigns[worst]} `, title, width).map((line) =>
    worst === undefined ? paint('dim', line) : paint(stateStyles[worst], line),
  );
  if (worst === undefined || worst === 'ok') return heading;
  const wrong = own.filter(({ state }) => state !== 'ok');
  return [
    ...heading,
    ...(check.between === 'none' ? [] : checkMatrix(own, { paint, width, indent: 2 })),
    ...alike(wrong).flatMap((results) => wrongPairs(results, paint, width)),
  ];
}

/** Equal results of one source, grouped. */
function alike(results: readonly CheckResult[]): [CheckResult, ...CheckResult[]][] {
  const groups = new Map<string, [CheckResult, ...CheckResult[]]>();
  for (const result of results) {
    const key = JSON.stringify([result.source, result.state, result.output, result.source === result.target]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [result]);
    else group.push(result);
  }
  return [...groups.values()];
}

function wrongPairs(
  results: readonly [CheckResult, ...CheckResult[]],
  paint: Paint,
  width: number,
): string[] {
  const [{ source, target, state, output }] = results;
  const who =
    source === target
      ? escapeControl(source)
      : `${escapeControl(source)} → ${hostNames(results.map((result) => result.target))}`;
  return [
    ...hang(`  ${stateSigns[state]} `, who, width).map((line) => paint(stateStyles[state], line)),
    ...escapeLines(output)
      .split('\n')
      .map((line) => paint('dim', `    | ${line}`)),
  ];
}

function summary({ results, checks, troubles, unreachable }: CheckReport): string {
  const of = (state: CheckState) => results.filter((result) => result.state === state).length;
  const empty = checks.filter(({ check }) => !results.some((result) => result.check === check.index));
  const parts = [
    `${of('ok')} passed`,
    ...(of('failed') > 0 ? [`${of('failed')} failed`] : []),
    ...(of('unknown') > 0 ? [`${of('unknown')} unknown`] : []),
    ...(empty.length > 0 ? [`${empty.length} checked nothing`] : []),
    ...(troubles.size > 0 ? [`${count(troubles.size, 'host')} without results`] : []),
    ...(unreachable.size > 0 ? [`${count(unreachable.size, 'host')} unreachable`] : []),
  ];
  return `${count(checks.length, 'check')}: ${parts.join(', ')}.`;
}

/** The same as JSON; keys may be added. */
export function checkJson({ play, checks, results, troubles, unreachable }: CheckReport): object {
  return {
    format_version: 1,
    playbook: play,
    checks: checks.map(({ check }) => ({
      name: check.name,
      kind: check.kind,
      ...(results.some((result) => result.check === check.index) ? {} : { nothing_checked: true }),
      results: results
        .filter((result) => result.check === check.index)
        .map(({ source, target, state, output }) => ({
          source,
          ...(target === source ? {} : { target }),
          state,
          ...(output === '' ? {} : { output }),
        })),
    })),
    troubles: Object.fromEntries(troubles),
    unreachable: Object.fromEntries(unreachable),
  };
}
