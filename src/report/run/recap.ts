import { escapeControl } from '../../diagnostics/escape.ts';
import { naturalOrder } from '../../ipam/natural-order.ts';
import type { HostResult, Outcome, RunEvent, Trouble } from '../../run/events.ts';
import { columnsOf, hang, padEnd } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { count } from '../text/host-names.ts';
import { clockTime } from '../text/local-time.ts';
import { type Paint, painter, type Style } from '../text/paint.ts';
import { reasonOf, troubleDetail, troublesText } from '../text/trouble-text.ts';

export interface RecapOptions {
  readonly color: boolean;
  readonly width: number;
  /** Whether the output of failed commands is already shown above. */
  readonly shown?: boolean;
  /** Hosts whose state has changed since the run ended: they get no advice. */
  readonly since?: ReadonlyMap<string, unknown>;
}

const words: Readonly<Record<Outcome, string>> = {
  unchanged: 'no change',
  changed: 'changed',
  armed: 'armed',
  undone: 'undone',
  'not-started': 'not started',
  kept: 'failed, kept',
  unreachable: 'unreachable',
  'in-doubt': 'IN DOUBT',
};

/** A host's result in words; for an undo that left conflicts alone, only what it really undid. */
function wordOf({ outcome, changes, left = [] }: Pick<HostResult, 'outcome' | 'changes' | 'left'>): string {
  if (outcome !== 'undone' || left.length === 0) return words[outcome];
  return changes > 0 ? 'partly undone' : 'nothing undone';
}

const styles: Readonly<Record<Outcome, Style>> = {
  unchanged: 'green',
  changed: 'green',
  armed: 'yellow',
  undone: 'yellow',
  'not-started': 'yellow',
  kept: 'red',
  unreachable: 'red',
  'in-doubt': ['red', 'bold'],
};

type Finished = Extract<RunEvent, { type: 'run-finished' }>;

/** How a run ended: a line for each host, what went wrong, what to do about it, and a summary. */
export function recapText(run: Finished, options: RecapOptions): string {
  const paint = painter(options.color);
  const hosts = naturalOrder(Object.keys(run.results)).map(
    (host) => [host, resultOf(run.results[host] as HostResult, options)] as const,
  );
  const lines = [
    ...hostLines(hosts, options, paint),
    '',
    ...hang('', sentence(run, hosts, options), options.width).map((line) => paint('bold', line)),
    ...advice(
      run,
      hosts.filter(([host]) => !options.since?.has(host)),
      options.width,
    ),
  ];
  return `\n${lines.join('\n')}\n`;
}

type Hosts = readonly (readonly [string, HostResult])[];

function resultOf(result: HostResult, { shown }: RecapOptions): HostResult {
  if (!shown || result.trouble === undefined) return result;
  const { output: _, ...trouble } = result.trouble;
  return { ...result, trouble };
}

/** A line for each host. What went wrong in the same way on several hosts is shown below, once. */
function hostLines(hosts: Hosts, { width, since }: RecapOptions, paint: Paint): string[] {
  const names = Math.max(0, ...hosts.map(([host]) => columnsOf(escapeControl(host))));
  const outcomes = Math.max(0, ...hosts.map(([, result]) => wordOf(result).length));
  const troubled = hosts.flatMap(([host, { trouble }]) =>
    trouble === undefined ? [] : [[host, trouble] as const],
  );
  const shared = groupBy(troubled, ([, trouble]) => troubleKey(trouble)).filter(({ length }) => length > 1);
  const isShared = (trouble: Trouble) =>
    shared.some(([[, other]]) => troubleKey(other) === troubleKey(trouble));
  const lines = hosts.flatMap(
    ([host, { outcome, changes, notRun = [], stays = [], trouble, left = [], notices = [] }]) => {
      const start = `${padEnd(escapeControl(host), names)}  `;
      const own = trouble === undefined || isShared(trouble) ? undefined : trouble;
      const said = [
        ...(changes > 0 ? [count(changes, 'change')] : []),
        ...(notRun.length > 0 ? [`${count(notRun.length, 'command')} did not run: nothing to do`] : []),
        ...(stays.length > 0
          ? [`${count(stays.length, 'command')} ${stays.length === 1 ? 'stays' : 'stay'}`]
          : []),
        ...(left.length > 0 ? [`${count(left.length, 'conflict')} left alone`] : []),
        ...(own === undefined ? [] : [reasonOf(own)]),
      ];
      const past = since?.has(host);
      const became = wordOf({ outcome, changes, left });
      const word = past ? became.toLowerCase() : became;
      const [first = '', ...more] = hang(`${start}${padEnd(word, outcomes)}  `, said.join('; '), width);
      const painted = `${start}${past ? word : paint(styles[outcome], word)}${first.slice(start.length + word.length)}`;
      const detail = own === undefined ? [] : troubleDetail(own, { paint, width, indent: names + 2 });
      const told = notices.flatMap((notice) =>
        hang(`${' '.repeat(names + 2)}! `, escapeControl(notice), width).map((line) => paint('yellow', line)),
      );
      return [painted.trimEnd(), ...more, ...detail, ...told];
    },
  );
  return shared.length === 0
    ? lines
    : [...lines, '', ...troublesText(shared.flat(), { paint, width, indent: 0 })];
}

function troubleKey({ code, message, hint, output }: Trouble): string {
  return JSON.stringify([code, message, hint, output]);
}

function sentence({ run }: { run: string }, hosts: Hosts, { since }: RecapOptions): string {
  const parts = (Object.keys(words) as Outcome[]).flatMap((outcome) => {
    const ended = hosts.flatMap(([, result]) => (result.outcome === outcome ? [wordOf(result)] : []));
    return groupBy(ended, (word) => word).map(
      (same) => `${same.length} ${same[0].toLowerCase().replace(', ', ' and ')}`,
    );
  });
  const noticed = hosts.filter(([, { notices = [] }]) => notices.length > 0).length;
  const but =
    noticed > 0 ? ` Not everything is as before on ${count(noticed, 'host')}: see the lines with '!'.` : '';
  const title = since?.size ? 'When it ended' : `Run ${escapeControl(run)}`;
  return `${title}: ${count(hosts.length, 'host')}: ${parts.join(', ')}.${but}`;
}

/** The commands to run for hosts that need attention. */
function advice({ run: own, undoes }: Finished, hosts: Hosts, width: number): string[] {
  const run = undoes ?? own;
  const undo = (names: readonly string[]) => `meshbook undo ${escapeControl(run)} --limit ${quoted(names)}`;
  const of = (outcome: Outcome) =>
    hosts.flatMap(([host, result]) => (result.outcome === outcome ? [host] : []));
  const [kept, doubtful, armed] = [of('kept'), of('in-doubt'), of('armed')];
  const until = hosts.flatMap(([, { armedUntil = [] }]) => armedUntil).sort()[0];
  const conflicts = hosts.flatMap(([host, { left = [] }]) => (left.length > 0 ? [host] : []));
  return [
    ...(armed.length > 0
      ? hang(
          '',
          `Armed hosts undo the run${until === undefined ? '' : ` at ${clockTime(until)}`} unless it is confirmed:`,
          width,
        )
      : []),
    ...(armed.length > 0 ? [`  meshbook confirm ${escapeControl(run)}`] : []),
    ...(kept.length > 0
      ? hang('', 'Failed hosts were left as they are. To undo what was changed on them:', width)
      : []),
    ...(kept.length > 0 ? [`  ${undo(kept)}`] : []),
    ...(doubtful.length > 0
      ? hang(
          '',
          `The state of hosts in doubt is unknown. meshbook status asks them. ${
            undoes === undefined
              ? 'To settle them, once they answer:'
              : 'An undo continues where it stopped, and what you undo by hand counts as undone. Once they answer, and the cause of the failure is fixed:'
          }`,
          width,
        )
      : []),
    ...(doubtful.length > 0
      ? [`  ${undoes ? undo(doubtful) : `meshbook recover ${escapeControl(run)}`}`]
      : []),
    ...(conflicts.length > 0 ? hang('', 'Conflicts were left alone. To undo them as well:', width) : []),
    ...(conflicts.length > 0 ? [`  ${undo(conflicts)} --force`] : []),
  ];
}

/** Host names as one shell word. */
function quoted(names: readonly string[]): string {
  const word = escapeControl(names.join(','));
  return /^[\w.,:@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
