import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { matchHosts } from '../model/pattern.ts';
import type { Inventory, Playbook, Step } from '../model/types.ts';

/** What the command line says of tags. */
export interface TagChoice {
  /** Only steps with one of these; empty: all. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** The steps that the tags leave, in order. A tag that no step has is an error: it was meant to choose something. */
export function chosenSteps(
  playbook: Playbook,
  { tags, skipTags }: TagChoice,
  diagnostics: Diagnostic[],
): readonly Step[] {
  const known = new Set(playbook.steps.flatMap((step) => step.tags));
  for (const [option, named] of [
    ['--tags', tags],
    ['--skip-tags', skipTags],
  ] as const) {
    for (const tag of named) if (!known.has(tag)) diagnostics.push(unknownTag(option, tag, known));
  }
  return playbook.steps.filter(
    (step) =>
      (tags.length === 0 || step.tags.some((tag) => tags.includes(tag))) &&
      !step.tags.some((tag) => skipTags.includes(tag)),
  );
}

/** The hosts that each step's own `hosts` leaves; none for a step without. */
export function hostsOfSteps(
  steps: readonly Step[],
  inventory: Inventory,
  diagnostics: Diagnostic[],
): ReadonlyMap<Step, ReadonlySet<string>> {
  const hosts = new Map<Step, ReadonlySet<string>>();
  for (const step of steps) {
    if (step.hosts === undefined) continue;
    const matched = matchHosts(step.hosts, inventory, { range: step.locate(['hosts']) });
    diagnostics.push(...matched.diagnostics);
    hosts.set(step, new Set(matched.value));
  }
  return hosts;
}

function unknownTag(option: string, tag: string, known: ReadonlySet<string>): Diagnostic {
  const all = known.size > 0 ? `the tags are ${[...known].join(', ')}` : 'the playbook has no tags';
  return {
    severity: 'error',
    code: 'unknown-tag',
    message: `${option}: no step has the tag '${tag}'`,
    hint: didYouMean(tag, known) ?? all,
  };
}
