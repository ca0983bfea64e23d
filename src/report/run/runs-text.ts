import { escapeControl } from '../../diagnostics/escape.ts';
import { naturalOrder } from '../../ipam/natural-order.ts';
import type { RunRecord } from '../../journal/record.ts';
import { isPart, lastPart } from '../../journal/run-id.ts';
import { hostStates } from '../../journal/run-state.ts';
import { columnsOf, hang, padEnd } from '../text/columns.ts';
import { localTime } from '../text/local-time.ts';
import { painter } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { inventoryWords } from '../text/words.ts';
import { recapText } from './recap.ts';
import { sinceTexts, statesText } from './state-words.ts';

interface Options {
  readonly color: boolean;
  readonly width: number;
}

/**
 * The history of runs, newest first, a line each, with the current state of its hosts. A run's id begins with the time
 * of its start, UTC.
 */
export function runsText(runs: readonly RunRecord[], { color, width }: Options): string {
  if (runs.length === 0) return 'No runs yet.\n';
  const rows = [...runs]
    .reverse()
    .map((run) => [
      escapeControl(run.id),
      escapeControl(run.user),
      run.verb,
      statesText(hostStates(run, runs)),
      escapeControl(run.undoes === undefined ? run.playName : `of ${shortId(run.undoes, runs)}`),
    ]);
  const lines = table(['run', 'user', 'verb', 'hosts', 'playbook'], rows, {
    indent: 0,
    width,
    paint: painter(color),
  });
  return `${lines.join('\n')}\n`;
}

/**
 * The end of an id, which commands accept, if no other run has it: the whole id would be broken in narrow columns.
 */
function shortId(id: string, runs: readonly RunRecord[]): string {
  const end = lastPart(id);
  return runs.some((run) => run.id !== id && isPart(end, run.id)) ? id : end;
}

/** One run: who, when, what, how each host ended, and its current state by the records of all `runs`. */
export function runText(run: RunRecord, runs: readonly RunRecord[], { color, width }: Options): string {
  const paint = painter(color);
  const states = hostStates(run, runs);
  const since = sinceTexts(states, localTime);
  const facts = [
    ['run', run.id],
    ['playbook', run.playbook === undefined ? run.playName : `${run.playName} (${run.playbook})`],
    [
      'inventory',
      run.inventory === undefined ? undefined : inventoryWords({ ...run, inventory: run.inventory }),
    ],
    ['verb', run.undoes === undefined ? run.verb : `${run.verb} of ${run.undoes}`],
    ['by', `${run.user} on ${run.controller}`],
    ['started', localTime(run.startedAt)],
    [
      'finished',
      run.finishedAt === undefined
        ? undefined
        : `${localTime(run.finishedAt)} (${seconds(run.startedAt, run.finishedAt)})`,
    ],
    ['exit code', run.exitCode === undefined ? undefined : `${run.exitCode}`],
    ['by now', since.size > 0 ? statesText(states) : undefined],
  ].flatMap(([name, value]) => (value === undefined ? [] : [[name as string, escapeControl(value)]]));
  const lines = table(['', ''], facts, { indent: 0, width, paint });
  const ended = Object.entries(run.hosts).flatMap(([host, { result }]) =>
    result === undefined ? [] : [[host, result] as const],
  );
  const undecided = naturalOrder(
    Object.keys(run.hosts).filter((host) => run.hosts[host]?.result === undefined),
  );
  const results = {
    type: 'run-finished',
    run: run.id,
    exitCode: run.exitCode ?? 0,
    ...(run.undoes === undefined ? {} : { undoes: run.undoes }),
    results: Object.fromEntries(ended),
  } as const;
  return [
    `${lines.join('\n')}\n`,
    ended.length > 0 ? recapText(results, { color, width, since }) : '',
    undecided.length > 0
      ? `\nWithout a result (the run goes on, or was cut off): ${undecided.map(escapeControl).join(', ')}\n`
      : '',
    since.size > 0 ? `\nSince then:\n${sinceLines(since, width)}\n` : '',
  ].join('');
}

function sinceLines(since: ReadonlyMap<string, string>, width: number): string {
  const names = Math.max(...[...since.keys()].map((host) => columnsOf(escapeControl(host))));
  return [...since]
    .flatMap(([host, text]) => hang(`${padEnd(escapeControl(host), names)}  `, escapeControl(text), width))
    .join('\n');
}

function seconds(from: string, to: string): string {
  return `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s`;
}
