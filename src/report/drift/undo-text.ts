import { isArmedStage, isUndoneStage, stageNames } from '../../changes/stage.ts';
import { escapeControl } from '../../diagnostics/escape.ts';
import type { UndoPlan } from '../../plan/undo-plan.ts';
import { effectOfItem, isOwn, type StageIndex } from '../../run/stage-item.ts';
import { hang } from '../text/columns.ts';
import { groupBy } from '../text/group.ts';
import { count, hostNames, hostsAmong } from '../text/host-names.ts';
import { painter } from '../text/paint.ts';
import { summaryWords } from '../text/words.ts';
import { conflictText } from './conflict-text.ts';

export interface UndoTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** Whether packages are removed, too. */
  readonly packages: boolean;
  /** Whether changes that someone has made since are undone as well. */
  readonly force: boolean;
}

interface UndoneHost {
  readonly target: { readonly name: string };
  readonly stages: readonly StageIndex[];
  readonly plan: UndoPlan;
}

/**
 * What the undo of a run will do, in order, and what it leaves alone. What hosts have in common is shown once. A host
 * removes only packages whose installation was begun there, so this is the maximum.
 */
export function undoText(
  run: string,
  hosts: readonly UndoneHost[],
  { color, width, packages, force }: UndoTextOptions,
): string {
  const paint = painter(color);
  const all = hosts.map(({ target }) => target.name);
  const title = `Undo of run ${escapeControl(run)}, on ${count(all.length, 'host')}${all.length > 0 ? `: ${hostNames(all)}` : ''}`;
  const heading = hang('', title, width).map((line) => paint('bold', line));
  if (all.length === 0) return `${[...heading, 'There is nothing to undo.'].join('\n')}\n`;
  const sections = undoneStages(packages).flatMap((stage) => {
    const perHost = hosts.map((host) => ({ host: host.target.name, items: takenBack(host, stage, force) }));
    return groupsOf(perHost).flatMap(({ on, items }) => {
      const where = hostsAmong(on, all);
      return [
        ...(where === '' ? [] : hang(' ', `${where}:`, width)),
        ...items.flatMap((item) =>
          hang('   - ', escapeControl(item), width).map((line) => paint('yellow', line)),
        ),
      ];
    });
  });
  const conflicts = conflictText(hosts, all, { color, width, force });
  const nothing = sections.length === 0 ? hang(' ', nothingText(hosts), width) : [];
  const rest = [
    ...asBefore(hosts, all, width),
    ...undoneStages(true).flatMap((stage) =>
      isUndoneStage(stage)
        ? staying(hosts, all, stage, 'it has no undo', width)
        : packages
          ? []
          : staying(hosts, all, stage, '--packages undoes it as well', width),
    ),
  ];
  return `${[...heading, ...nothing, ...sections, ...rest, ...conflicts].join('\n')}\n`;
}

/** The stages that an undo takes back, in its order. */
function undoneStages(packages: boolean): StageIndex['name'][] {
  return stageNames.filter((name) => isUndoneStage(name, packages)).reverse();
}

/** What a host undoes of a stage: changes in reverse order, then each settle action once. */
function takenBack({ stages, plan }: UndoneHost, name: StageIndex['name'], force: boolean): string[] {
  const verdicts = new Map(plan.items.map(({ id, verdict }) => [id, verdict]));
  const taken = (id: string) => {
    const verdict = verdicts.get(id);
    return verdict === 'restore' || (force && (verdict === 'conflict' || verdict === 'needed'));
  };
  return [...stages]
    .reverse()
    .filter((stage) => stage.name === name)
    .flatMap(({ items }) => {
      const all = Object.entries(items);
      const changes = all.filter(
        ([id, item]) => isOwn(item) && !item.stays && (!isArmedStage(name) || taken(id)),
      );
      // A host runs each settle action once, under the id of the first.
      const settles = all
        .filter(([, { step }]) => step === undefined)
        .filter(([, { summary }], i, own) => own.findIndex(([, item]) => item.summary === summary) === i)
        .filter(([id]) => !plan.skip.includes(id));
      return [
        ...changes.reverse().map(([, item]) => `undo: ${effectOfItem(item)}`),
        ...(settles.length > 0 && changes.length > 0
          ? [`then once: ${settles.map(([, { summary }]) => summaryWords(summary)).join(', ')}`]
          : []),
      ];
    });
}

/** Whether no host has anything left to undo, so there is nothing to ask. */
export function isNothingLeft(
  hosts: readonly UndoneHost[],
  { packages, force }: Pick<UndoTextOptions, 'packages' | 'force'>,
): boolean {
  const takes = (host: UndoneHost) =>
    undoneStages(packages).some((stage) => takenBack(host, stage, force).length > 0);
  return !hosts.some((host) => host.plan.left.length > 0 || takes(host) || somethingStays(host));
}

function somethingStays({ stages, plan }: UndoneHost): boolean {
  return stages.some(({ items }) => plan.items.some(({ id }) => items[id]?.stays));
}

function nothingText(hosts: readonly UndoneHost[]): string {
  const left = hosts.some(({ plan }) => plan.left.length > 0);
  if (left) return 'There is nothing to undo except conflicts.';
  const stays = hosts.some(somethingStays);
  return stays ? 'There is nothing that can be undone.' : 'There is nothing left to undo.';
}

/** What someone has already changed back. */
function asBefore(hosts: readonly UndoneHost[], all: readonly string[], width: number): string[] {
  const found = hosts.flatMap(({ target, stages, plan }) => {
    const items = stages.find(({ name }) => isArmedStage(name))?.items ?? {};
    return plan.items.flatMap(({ id, verdict }) => {
      const item = items[id] ?? { summary: id };
      return verdict === 'as-before' ? [{ host: target.name, summary: effectOfItem(item) }] : [];
    });
  });
  return groupBy(found, ({ summary }) => summary).flatMap((same) => {
    const where = hostsAmong(new Set(same.map(({ host }) => host)), all);
    const text = `as before already: ${escapeControl(same[0].summary)}${where === '' ? '' : `  on ${where}`}`;
    return hang('   = ', text, width);
  });
}

interface Group {
  readonly on: Set<string>;
  readonly items: string[];
}

/** Items in an order that keeps each host's own, with neighbours of the same hosts together. */
function groupsOf(hosts: readonly { host: string; items: readonly string[] }[]): Group[] {
  const order: string[] = [];
  const on = new Map<string, Set<string>>();
  for (const { host, items } of hosts) {
    // What a host does twice appears twice.
    const keys = items.map(
      (item, i) => `${items.slice(0, i).filter((other) => other === item).length} ${item}`,
    );
    for (const [i, key] of keys.entries()) {
      const hostsOfKey = on.get(key) ?? new Set();
      on.set(key, hostsOfKey.add(host));
      if (hostsOfKey.size > 1) continue;
      const next = keys.slice(i + 1).find((other) => order.includes(other));
      order.splice(next === undefined ? order.length : order.indexOf(next), 0, key);
    }
  }
  const groups: Group[] = [];
  for (const key of order) {
    const these = on.get(key) ?? new Set();
    const item = key.slice(key.indexOf(' ') + 1);
    const last = groups.at(-1);
    if (last !== undefined && last.on.size === these.size && [...these].every((host) => last.on.has(host)))
      last.items.push(item);
    else groups.push({ on: these, items: [item] });
  }
  return groups;
}

/** What stays on purpose, and why. */
function staying(
  hosts: readonly UndoneHost[],
  all: readonly string[],
  wanted: StageIndex['name'],
  why: string,
  width: number,
): string[] {
  const found = hosts.flatMap(({ target, stages, plan }) =>
    stages
      .filter(({ name }) => name === wanted)
      .flatMap(({ items }) => Object.entries(items))
      // A command that did not run has left nothing behind.
      .filter(
        ([id, { stays }]) => !isUndoneStage(wanted) || (stays && plan.items.some((item) => item.id === id)),
      )
      .map(([, { summary }]) => ({ host: target.name, summary })),
  );
  return groupBy(found, ({ summary }) => summary).flatMap((same) => {
    const where = hostsAmong(new Set(same.map(({ host }) => host)), all);
    const text = `stays: ${escapeControl(same[0].summary)}${where === '' ? '' : `  on ${where}`} (${why})`;
    return hang('   = ', text, width);
  });
}
