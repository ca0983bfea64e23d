import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import type { OverlaySpec } from '../model/types.ts';
import { type Link, parts } from './graph.ts';

/** The hint for a named host that is not a member. */
export const whoAreMembers =
  "an overlay's members are the playbook's hosts, or those that its own `hosts` names";

/**
 * The links of the shape `links`, by the members' indexes. Each is there once, both ends are members, and together
 * they connect all members.
 */
export function readPairs(
  spec: OverlaySpec,
  names: readonly string[],
  places: ReadonlyMap<string, number>,
): Checked<readonly Link[]> {
  const diagnostics: Diagnostic[] = [];
  const links: Link[] = [];
  const first = new Map<number, number>();
  for (const [index, [a, b]] of (spec.links ?? []).entries()) {
    const [left, right] = [places.get(a), places.get(b)];
    if (left === undefined) diagnostics.push(endElsewhere(spec, names, a, [index, 0]));
    if (right === undefined) diagnostics.push(endElsewhere(spec, names, b, [index, 1]));
    if (left === undefined || right === undefined) continue;
    if (left === right) {
      diagnostics.push(toItself(spec, a, index));
      continue;
    }
    const pair = Math.min(left, right) * names.length + Math.max(left, right);
    const earlier = first.get(pair);
    if (earlier !== undefined) diagnostics.push(twice(spec, [a, b], index, earlier));
    else first.set(pair, index);
    links.push([left, right]);
  }
  if (diagnostics.length > 0) return { diagnostics };
  const groups = parts(names.length, links);
  if (groups.length > 1) return { diagnostics: [apart(spec, names, groups)] };
  return { value: links, diagnostics };
}

function endElsewhere(
  spec: OverlaySpec,
  names: readonly string[],
  end: string,
  place: readonly [number, number],
): Diagnostic {
  return {
    severity: 'error',
    code: 'link-not-member',
    message: `a link of overlay '${spec.name}' ends at '${end}', which is not one of its hosts`,
    range: spec.at('links', ...place),
    hint: didYouMean(end, names) ?? whoAreMembers,
  };
}

function toItself(spec: OverlaySpec, end: string, index: number): Diagnostic {
  return {
    severity: 'error',
    code: 'link-to-itself',
    message: `a link of overlay '${spec.name}' goes from '${end}' to itself`,
    range: spec.at('links', index),
    hint: 'a link is a tunnel between two hosts',
  };
}

function twice(
  spec: OverlaySpec,
  [a, b]: readonly [string, string],
  index: number,
  earlier: number,
): Diagnostic {
  return {
    severity: 'error',
    code: 'link-twice',
    message: `overlay '${spec.name}' links '${a}' and '${b}' twice: element ${earlier + 1} of the list is the same link`,
    range: spec.at('links', index),
    hint: 'write each link once; it is made at both of its ends',
  };
}

function apart(
  spec: OverlaySpec,
  names: readonly string[],
  groups: readonly (readonly number[])[],
): Diagnostic {
  const told = groups.slice(0, 3).map((group) => {
    const some = group.slice(0, 3).map((i) => names[i]);
    return group.length > 3 ? `${some.join(', ')} and ${group.length - 3} more` : some.join(', ');
  });
  const more = groups.length > 3 ? ' | …' : '';
  return {
    severity: 'error',
    code: 'overlay-not-connected',
    message: `overlay '${spec.name}' falls into ${groups.length} parts: ${told.join(' | ')}${more}`,
    range: spec.at('links'),
    hint: 'add links between the parts, or make an overlay of each',
  };
}
