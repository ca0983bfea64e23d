import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { LostNames } from '../model/draft.ts';
import { matchHosts } from '../model/pattern.ts';
import type { PlaybookParts } from '../model/playbook.ts';
import type { Inventory, Step } from '../model/types.ts';

/** What the command line says of tags. */
export interface TagChoice {
  /** Only steps with one of these; empty: all. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

type Steps = Pick<PlaybookParts, 'steps' | 'partSteps'>;

/**
 * The steps that the tags leave, in order. A tag that no step has is an error: it was meant to choose something.
 * Nothing is said of `lost` tags.
 */
export function chosenSteps(
  { steps, partSteps }: Steps,
  { tags, skipTags }: TagChoice,
  lost: LostNames,
  diagnostics: Diagnostic[],
): Steps {
  const known = new Set([...steps, ...partSteps].flatMap((step) => step.tags));
  for (const [option, named] of [
    ['--tags', tags],
    ['--skip-tags', skipTags],
  ] as const) {
    for (const tag of named)
      if (!known.has(tag) && !lost.has(tag)) diagnostics.push(unknownTag(option, tag, known));
  }
  const isChosen = (step: Step) =>
    (tags.length === 0 || step.tags.some((tag) => tags.includes(tag))) &&
    !step.tags.some((tag) => skipTags.includes(tag));
  return { steps: steps.filter(isChosen), partSteps: partSteps.filter(isChosen) };
}

/** The hosts that each step's own `hosts` leaves; none for a step without, `unknown` for one whose pattern is wrong. */
export function hostsOfSteps(
  steps: readonly Step[],
  inventory: Inventory | undefined,
  lost: LostNames,
  diagnostics: Diagnostic[],
): ReadonlyMap<Step, ReadonlySet<string> | 'unknown'> {
  const hosts = new Map<Step, ReadonlySet<string> | 'unknown'>();
  for (const step of steps) {
    if (step.hosts === undefined || inventory === undefined) continue;
    const known = { hosts: inventory.hosts, groups: inventory.groups, lost };
    const matched = matchHosts(step.hosts, known, { range: step.locate(['hosts']) });
    diagnostics.push(...matched.diagnostics);
    hosts.set(step, matched.value === undefined ? 'unknown' : new Set(matched.value));
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
