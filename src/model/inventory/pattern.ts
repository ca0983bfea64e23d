import type { Code } from '../../diagnostics/codes/registry.ts';
import type { Checked, Diagnostic, SourceRange } from '../../diagnostics/diagnostic.ts';
import { nearest } from '../../diagnostics/nearest.ts';
import { allowance, spendReading, spendWork } from '../../source/allowance.ts';
import type { LostNames } from '../schema/draft.ts';
import type { Group } from '../types.ts';
import { expandHostRange } from './host-range.ts';
import { LinearPattern, PatternFault } from './linear-pattern.ts';
import { globPattern, type PatternTerm, readSlice, splitPattern } from './pattern-parts.ts';

/** The source of a pattern, for messages: a place in a file, or a command-line option. */
export type PatternOrigin = { readonly range: SourceRange } | { readonly option: '--limit' };

/** The names that a pattern may mean: those of an inventory, or of a few hosts. */
export interface KnownNames {
  readonly hosts: ReadonlyMap<string, unknown>;
  readonly groups: ReadonlyMap<string, Pick<Group, 'name' | 'hosts'>>;
}

interface What extends KnownNames {
  /** Names whose hosts could not be read. */
  readonly lost?: LostNames;
}

/** The hosts of a pattern's terms, by operator. */
export type TermSets = Readonly<Record<PatternTerm['operator'], ReadonlySet<string>[]>>;

export function noSets(): TermSets {
  return { add: [], keep: [], remove: [] };
}

/**
 * The hosts that a pattern selects, in inventory order. Ansible's language: names of hosts and groups, `all`, globs,
 * `~regex`, `group[0:2]` (positions from 0, both ends included), joined by `:` or `,`; `&x` keeps only what is also in
 * x, `!x` removes x. All unions apply first, then `&`, then `!`; a pattern of only those begins with all hosts. Beyond
 * Ansible, `docker[1:3]` is also a range of host names, as inventories and our reports write it, if no group or host
 * is named `docker`.
 *
 * A term that matches nothing is an error (`unknown-pattern`), even after `!`: a misspelt exclusion would change a
 * host that was to be spared. A pattern may select no hosts (`a:!a`). A term that might match a lost name is no error,
 * but then there is no value.
 */
export function matchHosts(
  pattern: string,
  inventory: What,
  origin: PatternOrigin,
): Checked<readonly string[]> {
  if (pattern.length > allowance.pattern) {
    const most = allowance.pattern.toLocaleString('en');
    const message = `a host pattern is longer than ${most} characters`;
    return { diagnostics: [problem('invalid-pattern', message, '', undefined, origin)] };
  }
  const diagnostics: Diagnostic[] = [];
  const sets = noSets();
  let complete = true;
  const terms = splitPattern(pattern);
  if (terms.length === 0)
    diagnostics.push(problem('invalid-pattern', 'a host pattern is empty', pattern, undefined, origin));
  for (const term of terms) {
    const found = hostsOfTerm(term, pattern, inventory, origin);
    diagnostics.push(...found.diagnostics);
    if (found.value === undefined) complete = false;
    else sets[term.operator].push(found.value);
  }
  if (!complete || diagnostics.length > 0) return { diagnostics };
  return { value: hostsIn(sets, inventory), diagnostics };
}

/** The hosts that one term of a pattern matches, whatever its operator. */
export function hostsOfTerm(
  term: PatternTerm,
  pattern: string,
  inventory: What,
  origin: PatternOrigin,
): Checked<ReadonlySet<string>> {
  spendWork(1 + inventory.hosts.size / 16);
  const found = matchTerm(term.name, inventory);
  if (found.error === undefined) return { value: new Set(found.names), diagnostics: [] };
  if (found.code === 'unknown-pattern' && mayBeLost(term.name, inventory.lost)) return { diagnostics: [] };
  return { diagnostics: [problem(found.code, found.error, pattern, term, origin, found.hint)] };
}

/** The result of all terms, in inventory order. */
export function hostsIn({ add, keep, remove }: TermSets, { hosts }: Pick<KnownNames, 'hosts'>): string[] {
  return [...hosts.keys()].filter(
    (name) =>
      (add.length === 0 || add.some((set) => set.has(name))) &&
      keep.every((set) => set.has(name)) &&
      !remove.some((set) => set.has(name)),
  );
}

type Matched =
  | { readonly names: Iterable<string>; readonly error?: undefined }
  | { readonly error: string; readonly code: 'unknown-pattern' | 'invalid-pattern'; readonly hint?: string };

function matchTerm(term: string, inventory: What): Matched {
  if (term === '') return { code: 'invalid-pattern', error: "nothing follows '!' or '&'" };
  if (term.startsWith('~')) return matchRegExp(term.slice(1), inventory);
  if (term.startsWith('@'))
    return { code: 'invalid-pattern', error: `a file of hosts ('${term}') can be given to --limit only` };
  const slice = readSlice(term);
  const exact = matchName(slice?.name ?? term, inventory);
  if (exact === undefined) {
    const ranged = matchRange(term, inventory);
    if (ranged.length > 0) return { names: ranged };
    // Brackets may also be a glob's set of characters: web[12].
    const globbed = /[*?[]/.test(term) ? matchGlob(term, inventory) : [];
    return globbed.length > 0 ? { names: globbed } : unknown(slice?.name ?? term, inventory);
  }
  return slice === undefined ? { names: exact } : takeSlice(exact, slice, term);
}

/** A slice or a glob might match any lost host; `web2` a refused `web[1:`. */
function mayBeLost(term: string, lost: LostNames | undefined): boolean {
  if (lost === undefined || lost.size === 0) return false;
  if (/[~*?[]/.test(term)) return lost.has('all');
  return lost.has(term) || lost.has(term.replace(/\d.*$/, ''));
}

/** A group before a host, as in Ansible. */
function matchName(name: string, { hosts, groups }: What): readonly string[] | undefined {
  const group = groups.get(name);
  if (group !== undefined) return group.hosts;
  if (hosts.has(name)) return [name];
  if (!/[*?]/.test(name)) return undefined;
  const globbed = matchGlob(name, { hosts, groups });
  return globbed.length > 0 ? globbed : undefined;
}

/** The existing names of a range: `docker[1:3]`. */
function matchRange(term: string, { hosts }: What): readonly string[] {
  if (!/^[^[]*\[[^\]]*:/.test(term)) return [];
  const names = expandHostRange(term).value ?? [];
  spendWork(4 * names.length);
  return names.filter((name) => hosts.has(name));
}

function matchGlob(glob: string, inventory: What): readonly string[] {
  try {
    return matchAll(globPattern(glob), true, inventory);
  } catch (error) {
    // A set such as `[z-a]` has no characters.
    if (error instanceof PatternFault) return [];
    throw error;
  }
}

function matchAll(pattern: LinearPattern, whole: boolean, { hosts, groups }: What): readonly string[] {
  const found = new Set([...hosts.keys()].filter((name) => pattern.matches(name, whole)));
  for (const group of groups.values())
    if (pattern.matches(group.name, whole)) for (const name of group.hosts) found.add(name);
  return [...hosts.keys()].filter((name) => found.has(name));
}

function matchRegExp(source: string, inventory: What): Matched {
  try {
    // From the beginning of a name, not necessarily to its end.
    const names = matchAll(new LinearPattern(source), false, inventory);
    return names.length > 0
      ? { names }
      : { code: 'unknown-pattern', error: `no host or group matches ~${source}` };
  } catch (error) {
    if (!(error instanceof PatternFault)) throw error;
    return {
      code: 'invalid-pattern',
      error: `'${source}' is not a regular expression that can be used here: ${error.message}`,
    };
  }
}

function takeSlice(
  names: readonly string[],
  { name, from, to }: { name: string; from: number; to: number | undefined },
  term: string,
): Matched {
  const start = from < 0 ? names.length + from : from;
  const taken = start < 0 ? [] : names.slice(start, (from < 0 ? start : (to ?? names.length - 1)) + 1);
  if (taken.length > 0) return { names: taken };
  const count = `${names.length} host${names.length === 1 ? '' : 's'}`;
  return { code: 'unknown-pattern', error: `'${term}' is outside of '${name}', which has ${count}` };
}

function unknown(name: string, { hosts, groups }: What): Matched {
  if (/[*?[]/.test(name)) return { code: 'unknown-pattern', error: `no host or group matches '${name}'` };
  spendWork(2 * (groups.size + hosts.size));
  const meant = nearest(name, [...groups.keys(), ...hosts.keys()]);
  return {
    code: 'unknown-pattern',
    error: `there is no host or group '${name}'`,
    hint:
      meant === undefined
        ? `the groups are ${[...groups.keys()].slice(0, 20).join(', ')}`
        : `did you mean '${meant}'?`,
  };
}

function problem(
  code: Code,
  error: string,
  pattern: string,
  term: PatternTerm | undefined,
  origin: PatternOrigin,
  hint?: string,
): Diagnostic {
  spendReading(pattern.length);
  const more = hint === undefined ? {} : { hint };
  if ('option' in origin) return { severity: 'error', code, message: `${origin.option}: ${error}`, ...more };
  return { severity: 'error', code, message: error, range: narrow(origin.range, pattern, term), ...more };
}

/** The term's own place, if the file has the pattern character for character. */
function narrow(range: SourceRange, pattern: string, term: PatternTerm | undefined): SourceRange {
  const begin = range.source.text.slice(range.start, range.end).indexOf(pattern);
  if (term === undefined || begin < 0) return range;
  const start = range.start + begin + term.offset;
  return { source: range.source, start, end: start + Math.max(1, term.name.length) };
}
