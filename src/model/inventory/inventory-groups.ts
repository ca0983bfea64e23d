import type { Code } from '../../diagnostics/codes/registry.ts';
import { type Diagnostic, error } from '../../diagnostics/diagnostic.ts';
import { didYouMean } from '../../diagnostics/nearest.ts';
import { describePlace } from '../../diagnostics/position.ts';
import type { Locate } from '../../source/locate.ts';
import { loseNames } from '../schema/draft.ts';
import { asMapping, type Body, type Mapping, type Path, type RawSettings } from '../schema/raw-inventory.ts';
import { usableParts, validateSchema } from '../schema/schema.ts';
import { groupSchema } from './inventory-schema.ts';
import { anchored } from './settings.ts';

export interface RawGroup {
  readonly name: string;
  /** The group's bodies: at most one in each file, in the order of the files, in which they apply. */
  readonly bodies: readonly [Body, ...Body[]];
  readonly children: readonly Child[];
}

interface Child {
  readonly name: string;
  readonly path: Path;
}

/** Receives the hosts of a group, or those outside groups, in file order. */
export type OnHosts = (hosts: Mapping, path: Path, group: string) => void;

/**
 * Reads groups, nested to any depth. Within one file a group has one body, and may be named as a child any number of
 * times; bodies of several files are merged.
 */
export class GroupReader {
  readonly groups = new Map<string, RawGroup>();
  readonly diagnostics: Diagnostic[] = [];
  private readonly locate: Locate;
  private readonly onHosts: OnHosts;
  private readonly lost: Set<string>;

  /** `lost` collects the names that are refused. */
  constructor(locate: Locate, onHosts: OnHosts, lost: Set<string>) {
    this.locate = locate;
    this.lost = lost;
    this.onHosts = onHosts;
  }

  read(groups: Mapping, path: Path): void {
    for (const [name, body] of Object.entries(groups)) this.readGroup(name, body, [...path, name]);
  }

  private readGroup(name: string, body: unknown, path: Path): void {
    const problem = groupNameProblem(name);
    if (problem !== undefined) this.error('invalid-name', problem, path);
    const other = this.groups.get(name);
    const inThisFile = other?.bodies.find((one) => one.path[0] === path[0]);
    if (inThisFile !== undefined) {
      const place = describePlace(this.locate(inThisFile.path, 'key'));
      this.error(
        'duplicate-group',
        `the group '${name}' is defined twice`,
        path,
        `the other is at ${place}; to refer to it, write only its name`,
      );
      this.lost.add('all');
      loseNames(body, this.lost);
      return;
    }
    const problems = validateSchema(groupSchema, body, this.locate, path);
    this.diagnostics.push(...problems);
    const raw = asMapping(body);
    const children: Child[] = [...(other?.children ?? [])];
    const settings: RawSettings = problems.length === 0 ? raw : this.soundGroup(body);
    const own: Body = { settings: anchored(settings, this.locate(path).source.path), path };
    this.groups.set(name, { name, bodies: other ? [...other.bodies, own] : [own], children });
    for (const key of Object.keys(raw)) {
      if (key === 'hosts') this.onHosts(asMapping(raw[key]), [...path, key], name);
      if (key === 'children') children.push(...this.readChildren(raw[key], [...path, key]));
    }
  }

  private soundGroup(body: unknown): RawSettings {
    const { usable, refused } = usableParts(groupSchema, body, this.lost);
    // Other unknown keys may be a misspelt `hosts`.
    const harmless = ['vars', 'ssh', 'become'];
    if (asMapping(body) !== body || refused.some((key) => !harmless.includes(key))) this.lost.add('all');
    return usable;
  }

  private readChildren(children: unknown, path: Path): Child[] {
    if (Array.isArray(children)) {
      return children.flatMap((name, i) => (typeof name === 'string' ? [{ name, path: [...path, i] }] : []));
    }
    return Object.entries(asMapping(children)).map(([name, body]) => {
      // Without a body it refers to a group that is defined elsewhere.
      if (body !== null) this.readGroup(name, body, [...path, name]);
      return { name, path: [...path, name] };
    });
  }

  /** Call it after reading everything: every child must exist. */
  checkChildren(): void {
    for (const group of this.groups.values()) {
      for (const child of group.children) {
        if (this.groups.has(child.name)) continue;
        const hint =
          didYouMean(child.name, this.groups.keys()) ?? `to make an empty group, write '${child.name}: {}'`;
        this.error('unknown-group', `there is no group '${child.name}'`, child.path, hint);
        this.lost.add('all').add(child.name);
      }
    }
  }

  private error(code: Code, message: string, path: Path, hint?: string): void {
    this.diagnostics.push(error(code, message, this.locate(path, 'key'), hint));
  }
}

function groupNameProblem(name: string): string | undefined {
  if (name === 'all') return "the group 'all' always contains every host and can't be defined";
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) return undefined;
  return `'${name}' can't name a group: letters, digits, '.', '_' and '-' can`;
}
