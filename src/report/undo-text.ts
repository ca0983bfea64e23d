import { escapeControl } from '../diagnostics/escape.ts';
import type { StageIndex } from '../run/program-run.ts';
import { hang } from './columns.ts';
import { groupBy } from './fold.ts';
import { count, hostNames, hostsAmong } from './host-names.ts';
import { painter } from './paint.ts';
import { summaryWords } from './words.ts';

export interface UndoTextOptions {
  readonly color: boolean;
  readonly width: number;
  /** Whether packages are removed, too. */
  readonly packages: boolean;
}

interface UndoneHost {
  readonly target: { readonly name: string };
  readonly stages: readonly StageIndex[];
}

/**
 * What undoing a run will do, in the order in which it is done. What hosts have in common is said once. A host
 * takes back only what was begun there, so this is the most that happens.
 */
export function undoText(
  run: string,
  hosts: readonly UndoneHost[],
  { color, width, packages }: UndoTextOptions,
): string {
  const paint = painter(color);
  const all = hosts.map(({ target }) => target.name);
  const title = `Undo of run ${escapeControl(run)}, on ${count(all.length, 'host')}${all.length > 0 ? `: ${hostNames(all)}` : ''}`;
  const heading = hang('', title, width).map((line) => paint('bold', line));
  if (all.length === 0) return `${[...heading, 'There is nothing to undo.'].join('\n')}\n`;
  const sections = (['main', ...(packages ? ['packages' as const] : [])] as const).flatMap((stage) => {
    const perHost = hosts.map(({ target, stages }) => ({
      host: target.name,
      items: takenBack(stages, stage),
    }));
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
  return `${[...heading, ...sections, ...(packages ? [] : residue(hosts, all, width))].join('\n')}\n`;
}

/** What a host takes back of a stage: changes backwards, then what must settle, once each. */
function takenBack(stages: readonly StageIndex[], name: StageIndex['name']): string[] {
  return [...stages]
    .reverse()
    .filter((stage) => stage.name === name)
    .flatMap(({ items }) => {
      const changes = Object.values(items).filter(({ step }) => step !== undefined);
      const settles = Object.values(items).filter(({ step }) => step === undefined);
      return [
        ...changes.reverse().map(({ summary }) => `take back: ${summary}`),
        ...(settles.length > 0
          ? [`then once: ${[...new Set(settles.map(({ summary }) => summaryWords(summary)))].join(', ')}`]
          : []),
      ];
    });
}

interface Group {
  readonly on: Set<string>;
  readonly items: string[];
}

/** Items in an order that keeps every host's own, neighbours with the same hosts together. */
function groupsOf(hosts: readonly { host: string; items: readonly string[] }[]): Group[] {
  const order: string[] = [];
  const on = new Map<string, Set<string>>();
  for (const { host, items } of hosts) {
    // What a host does twice stands there twice.
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

/** What stays on purpose. */
function residue(hosts: readonly UndoneHost[], all: readonly string[], width: number): string[] {
  const installs = hosts.flatMap(({ target, stages }) =>
    stages
      .filter(({ name }) => name === 'packages')
      .flatMap(({ items }) => Object.values(items).map(({ summary }) => ({ host: target.name, summary }))),
  );
  return groupBy(installs, ({ summary }) => summary).flatMap((same) => {
    const where = hostsAmong(new Set(same.map(({ host }) => host)), all);
    const text = `stays: ${escapeControl(same[0].summary)}${where === '' ? '' : `  on ${where}`} (--packages takes it back, too)`;
    return hang('   = ', text, width);
  });
}
