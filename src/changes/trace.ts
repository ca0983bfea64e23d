import type { FactQuery, Facts } from '../facts/fact.ts';
import type { Thing } from './thing.ts';

/** Something that a step with `state: absent` can remove. */
export type Removable =
  | { readonly is: 'file'; readonly path: string; readonly secret?: boolean }
  /** A bridge. */
  | { readonly is: 'link'; readonly name: string; readonly type: 'linux' | 'ovs' }
  /** An interface in a container's network namespace, with its other end. */
  | { readonly is: 'container-link'; readonly container: string; readonly name: string }
  /** A Docker network. */
  | { readonly is: 'network'; readonly name: string }
  /** A host's tunnel ends of an overlay. */
  | { readonly is: 'tunnels'; readonly bridge: string; readonly overlay: string };

/** Something that a change made on a host and that stays once no step names it any more. */
export interface Trace {
  readonly thing: Thing;
  /** Its name among the parts of the host's state. */
  readonly part: string;
  /** A short description. */
  readonly detail: string;
  /** A step that wants it has all of these among its params. */
  readonly namedBy: readonly string[];
  /** The part to which it belongs: while that is left over too, this one is not listed. */
  readonly goesWith?: string;
  /** The host has a mark for it, and it is found by that, not by records. */
  readonly marked?: true;
  /** What a step can remove. Undefined: no step removes this. */
  readonly removable?: Removable;
  /**
   * The host's own network depends on it, so only an undo removes it: files that bring up the network at boot stay,
   * too.
   */
  readonly carriesHost?: true;
}

/** The name of the Linux bridge that was left; undefined if it is something else. */
export function linuxBridge({ removable }: Trace): string | undefined {
  return removable?.is === 'link' && removable.type === 'linux' ? removable.name : undefined;
}

/** How the host itself shows what meshbook made there, without a run's record. */
export interface Marks<C> {
  readonly queries: readonly FactQuery<unknown>[];
  /** Everything with a mark, each with a change that would have made it. */
  find(facts: Facts): readonly { readonly trace: Trace; readonly change: C }[];
  /** Whether a part of the host's state belongs to something with a mark. */
  bears(part: string, facts: Facts): boolean;
}
