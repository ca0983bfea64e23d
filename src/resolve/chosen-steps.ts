import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { matchHosts } from '../model/inventory/pattern.ts';
import type { PlaybookParts } from '../model/playbook/playbook.ts';
import { setTags } from '../model/playbook/playbook-schema.ts';
import type { LostNames } from '../model/schema/draft.ts';
import type { Inventory, Step } from '../model/types.ts';

/** The tags on the command line. */
export interface TagChoice {
  /** Only steps with one of these; empty: all except those tagged `never`. */
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/** Words that `--tags` and `--skip-tags` accept even if no step has them. */
const specialTags: readonly string[] = ['always', 'never', ...setTags];

type Steps = Pick<PlaybookParts, 'steps' | 'partSteps'>;

/**
 * The steps that the tags select, in order. A tag that no step has is an error: it was meant to select something.
 * `lost` tags are not reported.
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
      if (!known.has(tag) && !lost.has(tag) && !specialTags.includes(tag))
        diagnostics.push(unknownTag(option, tag, known));
  }
  const isChosen = (step: Step) => isAskedFor(step, tags) && !isSkipped(step, skipTags);
  return { steps: steps.filter(isChosen), partSteps: partSteps.filter(isChosen) };
}

/** Whether the tags leave out no step of the playbook. */
export function areAllChosen({ steps }: Pick<Steps, 'steps'>, { tags, skipTags }: TagChoice): boolean {
  return steps.every((step) => isAskedFor(step, tags) && !isSkipped(step, skipTags));
}

/** As in Ansible (`playbook/taggable.py`): `always` wins over everything, and `all` doesn't include `never`. */
function isAskedFor(step: Step, tags: readonly string[]): boolean {
  if (step.tags.includes('always') || isNamed(step, tags)) return true;
  if (step.tags.includes('never')) return false;
  return tags.length === 0 || tags.includes('all') || (tags.includes('tagged') && step.tags.length > 0);
}

/** As in Ansible: `all` doesn't include steps tagged `always`. */
function isSkipped(step: Step, skipTags: readonly string[]): boolean {
  if (isNamed(step, skipTags)) return true;
  if (skipTags.includes('all')) return !step.tags.includes('always');
  return skipTags.includes('tagged') && step.tags.length > 0;
}

function isNamed(step: Step, tags: readonly string[]): boolean {
  return step.tags.length === 0 ? tags.includes('untagged') : step.tags.some((tag) => tags.includes(tag));
}

/**
 * The hosts that each step's own `hosts` selects; undefined for a step without, `unknown` if the pattern is wrong.
 */
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
