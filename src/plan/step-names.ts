import type { Trace } from '../changes/trace.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import { queriesOf } from './plan-host.ts';

/** What the steps of a host name. */
export interface StepNames {
  /** Whether one step names all of these: bridges, interfaces, overlays, addresses. */
  names(...names: readonly string[]): boolean;
  /** Whether a step names what a change left. */
  has(trace: Trace): boolean;
}

/** Reads the steps of a host once. A file counts as named if a fact about it is needed. */
export function namedBySteps(host: ResolvedHost): StepNames {
  const texts = host.steps.map(({ params }) => new Set(textsIn(params)));
  const names = (...all: readonly string[]) => texts.some((own) => all.every((name) => own.has(name)));
  let files: ReadonlySet<string> | undefined;
  const asksFor = (path: string) => {
    files ??= new Set(
      queriesOf(host).flatMap(({ family, key }) => (/^file(_hash)?$/.test(family.name) ? [key] : [])),
    );
    return files.has(path);
  };
  return {
    names,
    has: ({ thing, namedBy }) => names(...namedBy) || (thing.is === 'file' && asksFor(thing.path)),
  };
}

/** Every text in a step's params, at any depth: a name may be in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
