import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Locate } from '../../source/locate.ts';
import type { RawGroup } from './inventory-groups.ts';

/** The hierarchy of groups. */
export interface GroupTree {
  /** The given groups and all their ancestors, in the order in which their settings apply (the last wins). */
  readonly lineage: (groups: Iterable<string>) => readonly RawGroup[];
}

/**
 * Orders groups as Ansible does: by depth (the longest path from the top), then by name, so that a child's settings
 * win over its parent's, and among equals the alphabetically last. Groups that contain themselves are errors
 * (`group-cycle`), and there is no tree.
 */
export function groupTree(
  groups: ReadonlyMap<string, RawGroup>,
  locate: Locate,
): { value?: GroupTree; diagnostics: readonly Diagnostic[] } {
  const parents = parentsOf(groups);
  const { depths, diagnostics } = measureDepths(groups, parents, locate);
  if (diagnostics.length > 0) return { diagnostics };

  const closures = new Map<string, readonly RawGroup[]>();
  const lineage = (names: Iterable<string>) => {
    const direct = [...new Set(names)].sort();
    const key = direct.join('\n');
    let found = closures.get(key);
    if (found === undefined) {
      found = [...closeUpwards(direct, parents)]
        .flatMap((name) => groups.get(name) ?? [])
        .sort((a, b) => (depths.get(a.name) ?? 0) - (depths.get(b.name) ?? 0) || (a.name < b.name ? -1 : 1));
      closures.set(key, found);
    }
    return found;
  };
  return { value: { lineage }, diagnostics };
}

function parentsOf(groups: ReadonlyMap<string, RawGroup>): Map<string, string[]> {
  const parents = new Map<string, string[]>();
  for (const group of groups.values()) {
    for (const { name } of group.children) parents.set(name, [...(parents.get(name) ?? []), group.name]);
  }
  return parents;
}

function closeUpwards(
  names: readonly string[],
  parents: ReadonlyMap<string, readonly string[]>,
): Set<string> {
  // Iterating over a Set includes elements that are added meanwhile.
  const reached = new Set(names);
  for (const name of reached) for (const parent of parents.get(name) ?? []) reached.add(parent);
  return reached;
}

function measureDepths(
  groups: ReadonlyMap<string, RawGroup>,
  parents: ReadonlyMap<string, readonly string[]>,
  locate: Locate,
): { depths: Map<string, number>; diagnostics: Diagnostic[] } {
  const depths = new Map<string, number>();
  const waiting = new Map([...groups.keys()].map((name) => [name, parents.get(name)?.length ?? 0]));
  const ready = [...waiting.keys()].filter((name) => waiting.get(name) === 0);
  for (const name of ready) {
    const depth = Math.max(0, ...(parents.get(name) ?? []).map((parent) => depths.get(parent) ?? 0)) + 1;
    depths.set(name, depth);
    for (const child of groups.get(name)?.children ?? []) {
      const left = (waiting.get(child.name) ?? 0) - 1;
      waiting.set(child.name, left);
      if (left === 0) ready.push(child.name);
    }
  }
  const stuck = [...groups.keys()].filter((name) => !depths.has(name));
  const circle = stuck.length === 0 ? undefined : findCircle(stuck, groups);
  return { depths, diagnostics: circle === undefined ? [] : [circular(circle, groups, locate)] };
}

/** Follows children among groups that wait for each other until one occurs again. */
function findCircle(
  stuck: readonly string[],
  groups: ReadonlyMap<string, RawGroup>,
): readonly string[] | undefined {
  const among = new Set(stuck);
  // Every one of them has a parent here, so going up must return to a visited one.
  const trail: string[] = [];
  let at = stuck[0];
  while (at !== undefined && !trail.includes(at)) {
    trail.push(at);
    const current = at;
    at = stuck.find((name) =>
      groups.get(name)?.children.some((child) => child.name === current && among.has(name)),
    );
  }
  return at === undefined ? undefined : [...trail.slice(trail.indexOf(at)), at].reverse();
}

function circular(
  circle: readonly string[],
  groups: ReadonlyMap<string, RawGroup>,
  locate: Locate,
): Diagnostic {
  const closing = groups.get(circle.at(-2) ?? '')?.children.find((child) => child.name === circle.at(-1));
  return {
    severity: 'error',
    code: 'group-cycle',
    message: `a group can't contain itself: ${circle.join(' > ')}`,
    ...(closing === undefined ? {} : { range: locate(closing.path, 'key') }),
  };
}
