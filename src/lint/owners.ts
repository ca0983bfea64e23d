import { isDeepStrictEqual } from 'node:util';
import { type Diagnostic, error } from '../diagnostics/diagnostic.ts';
import { describePlace } from '../diagnostics/position.ts';
import type { Described } from '../kinds/described.ts';
import type { ResolvedStep } from '../model/resolved.ts';
import { type DescribedThing, type HostThings, paramOf, placeOf, placeOfParam, stepWords } from './things.ts';

/**
 * Two steps that own one object: if they describe it differently, each run would change it back and forth.
 */
export function ownerLints(hosts: readonly HostThings[]): Diagnostic[] {
  return hosts.flatMap(({ things }) => [...twoOwners(things), ...keptFiles(things)]);
}

/**
 * What can have only one owner, in words. Undefined: several steps may describe it, or its file is owned
 * instead.
 */
function ownedIn(thing: Described): string | undefined {
  if (thing.does === 'uses') return undefined;
  switch (thing.is) {
    case 'link':
      if (thing.when === 'boot') return undefined;
      return thing.type === undefined ? `the interface ${thing.name}` : `the bridge ${thing.name}`;
    case 'container-link':
      return `the interface ${thing.name} in container ${thing.container}`;
    case 'file':
      return thing.part ? undefined : `the file ${thing.path}`;
    case 'unit':
      return `the service ${thing.name}`;
    case 'parameter':
      return `the kernel parameter ${thing.name}`;
    case 'network':
      return thing.name === undefined ? undefined : `the ${thing.by} network ${thing.name}`;
    case 'daemon':
      return `the ${thing.name} daemon`;
    default:
      return undefined;
  }
}

function twoOwners(things: readonly DescribedThing[]): Diagnostic[] {
  const first = new Map<string, DescribedThing>();
  return things.flatMap((said) => {
    const object = ownedIn(said.thing);
    if (object === undefined) return [];
    // Steps may disagree about whether an interface is a bridge.
    const key = said.thing.is === 'link' ? `link ${said.thing.name}` : object;
    const owner = first.get(key);
    if (owner === undefined) {
      first.set(key, said);
      return [];
    }
    const param = contradiction(owner, said);
    if (param === undefined) return [];
    const place = describePlace(placeOfParam(owner.step));
    return error(
      'two-owners',
      `${object} is described by two steps${param === '' ? '' : `, with different ${param}`}`,
      placeOfParam(said.step, param),
      `the other is at ${place}: each run would do both, and never be done`,
    );
  });
}

/**
 * A param on which they disagree; empty if they are of different kinds. Lists may be merged, so they don't
 * count.
 */
function contradiction(one: DescribedThing, other: DescribedThing): string | undefined {
  const [a, b]: [ResolvedStep, ResolvedStep] = [one.step, other.step];
  if (a.step.kind !== b.step.kind) return '';
  if (one.thing.does !== other.thing.does) return 'state';
  // One name may be written in two ways: ssh and ssh.service.
  const named = paramOf(one.thing, one.thing.is === 'file' ? 'path' : 'name');
  const shared = Object.keys(a.params).filter((key) => key !== named && Object.hasOwn(b.params, key));
  return shared.find(
    (key) => !Array.isArray(a.params[key]) && !isDeepStrictEqual(a.params[key], b.params[key]),
  );
}

/** Files that belong to an object that another step describes: no step may own them as well. */
function keptFiles(things: readonly DescribedThing[]): Diagnostic[] {
  const files = things.flatMap(({ thing, step }) =>
    thing.is === 'file' && thing.does === 'makes' ? [{ thing, step }] : [],
  );
  const keepers = new Map(files.flatMap((one) => (one.thing.part ? [[one.thing.path, one]] : [])));
  return files.flatMap((said) => {
    const keeper = said.thing.part ? undefined : keepers.get(said.thing.path);
    if (keeper === undefined) return [];
    return error(
      'two-owners',
      `the file ${said.thing.path} is what ${stepWords(keeper)} writes`,
      placeOf(said, 'path'),
      `give its options to the ${keeper.step.step.kind} step`,
    );
  });
}
