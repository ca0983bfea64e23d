import type { ChangeBase } from '../changes/change.ts';
import { marks, recheckOf } from '../changes/registry.ts';
import type { Trace } from '../changes/trace.ts';
import type { Facts } from '../facts/fact.ts';
import type { LeftOverQuestion } from './left-over-types.ts';
import { type Removal, removalOf } from './removal.ts';
import type { StepNames } from './step-names.ts';

/** Something that meshbook made and no step names. */
export interface Unnamed {
  readonly trace: Trace;
  /** The change that made it, or one like it: it tells what belongs to it. */
  readonly change: ChangeBase;
  /** Undefined if no step removes it. */
  readonly removal?: Removal;
}

/**
 * What runs of the playbook made and no step names, by their records; `marked`: the types of changes that left
 * something with a mark, which is to be looked for on the host.
 */
export function unnamedOnRecord(
  { runs, playbook }: LeftOverQuestion,
  said: StepNames,
): { found: Unnamed[]; marked: ReadonlySet<string> } {
  const found = new Map<string, Unnamed>();
  const marked = new Set<string>();
  for (const run of runs) {
    if (run.playbook !== playbook) continue;
    const unsaid = Object.values(run.kept.changes).flatMap((kept) =>
      (recheckOf(kept.change)?.leaves(kept.change) ?? [])
        .filter((trace) => !said.has(trace))
        .map((trace) => ({ trace, ...kept })),
    );
    const carriesHost = unsaid.some(({ trace }) => trace.carriesHost);
    for (const { trace, change, before, after } of unsaid) {
      const { part } = trace;
      if (trace.marked) marked.add(change.type);
      else if (!trace.carriesHost && before !== undefined && before[part] == null && after?.[part] != null)
        found.set(part, { trace, change, ...(carriesHost && bringsUpLinks(change) ? {} : removalOf(trace)) });
    }
  }
  const isAlone = ({ trace: { goesWith } }: Unnamed) => goesWith === undefined || !found.has(goesWith);
  return { found: [...found.values()].filter(isAlone), marked };
}

function bringsUpLinks(change: ChangeBase): boolean {
  return (
    recheckOf(change)
      ?.makes?.(change)
      .some(({ is }) => is === 'boot') ?? false
  );
}

/** What has meshbook's mark on the host and no step names. */
export function unnamedWithMark(facts: Facts, said: StepNames): Unnamed[] {
  return [...marks.values()]
    .flatMap((one) => one.find(facts))
    .filter(({ trace }) => !said.has(trace))
    .map(({ trace, change }) => ({ trace, change, ...removalOf(trace) }));
}
