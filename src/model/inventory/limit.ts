import type { Checked, Diagnostic } from '../../diagnostics/diagnostic.ts';
import { lineText, positionAt } from '../../diagnostics/position.ts';
import { readSource } from '../../source/read-source.ts';
import {
  hostsIn,
  hostsOfTerm,
  type KnownNames,
  matchHosts,
  noSets,
  type PatternOrigin,
  type TermSets,
} from './pattern.ts';
import { splitPattern } from './pattern-parts.ts';

/**
 * The hosts that `--limit` selects: a host pattern, in which `@FILE` stands for the lines of a file, one pattern each
 * (blank lines and lines that begin with `#` are skipped). As in Ansible, a line `!x` or `&x` applies to the whole
 * selection, wherever it is; every other line adds its hosts.
 */
export function limitHosts(limit: string, inventory: KnownNames): Checked<readonly string[]> {
  const origin = { option: '--limit' } as const;
  const terms = splitPattern(limit);
  if (!terms.some(({ name }) => name.startsWith('@'))) return matchHosts(limit, inventory, origin);
  const sets = noSets();
  const diagnostics: Diagnostic[] = [];
  for (const term of terms) {
    if (!term.name.startsWith('@')) {
      const { value, diagnostics: found } = hostsOfTerm(term, limit, inventory, origin);
      diagnostics.push(...found);
      if (value !== undefined) sets[term.operator].push(value);
      continue;
    }
    const ofFile = term.operator === 'add' ? sets : noSets();
    diagnostics.push(...readHosts(term.name.slice(1), inventory, ofFile));
    if (term.operator !== 'add') sets[term.operator].push(new Set(hostsIn(ofFile, inventory)));
  }
  return diagnostics.length > 0 ? { diagnostics } : { value: hostsIn(sets, inventory), diagnostics };
}

/** Adds the meaning of a file's lines to the sets. */
function readHosts(path: string, inventory: KnownNames, sets: TermSets): readonly Diagnostic[] {
  const { value: source, diagnostics } = readSource(path);
  if (source === undefined) return diagnostics;
  const found: Diagnostic[] = [];
  const lines = positionAt(source, source.text.length).line;
  const added: string[] = [];
  let narrows = false;
  for (let line = 1; line <= lines; line++) {
    const { text, start } = lineText(source, line);
    if (/^\s*(#|$)/.test(text)) continue;
    const range = { source, start, end: start + text.length };
    const matched = readLine(text.trim(), inventory, { range }, sets);
    found.push(...matched.diagnostics);
    if (matched.value === undefined) narrows = true;
    else added.push(...matched.value);
  }
  // A file without hosts selects none, not all.
  if (added.length > 0 || !narrows) sets.add.push(new Set(added));
  return found;
}

/** The hosts that a line adds; undefined for one that only narrows. */
function readLine(
  pattern: string,
  inventory: KnownNames,
  origin: PatternOrigin,
  sets: TermSets,
): Checked<readonly string[]> {
  const terms = splitPattern(pattern);
  if (terms.length === 0 || terms.some(({ operator }) => operator === 'add'))
    return matchHosts(pattern, inventory, origin);
  return {
    diagnostics: terms.flatMap((term) => {
      const { value, diagnostics } = hostsOfTerm(term, pattern, inventory, origin);
      if (value !== undefined) sets[term.operator].push(value);
      return diagnostics;
    }),
  };
}
