import { LinearPattern, refuseLong } from './linear-pattern.ts';

/** One term of a host pattern. */
export interface PatternTerm {
  readonly operator: 'add' | 'keep' | 'remove';
  /** Without the operator. */
  readonly name: string;
  /** The offset of the term's name in the pattern. */
  readonly offset: number;
}

/**
 * Splits `a:b,c:&d:!e`. Colons and commas inside brackets belong to a range (`web[0:2]`) or a glob's set. A regular
 * expression (`~…`) ends at the next colon or comma outside brackets, as in Ansible.
 */
export function splitPattern(pattern: string): PatternTerm[] {
  const terms: PatternTerm[] = [];
  const last = pattern.lastIndexOf(']');
  let start = 0;
  for (let at = 0; at <= pattern.length; at++) {
    const char = pattern[at];
    if (char === '[' && at < last) at = pattern.indexOf(']', at);
    else if (char === undefined || char === ',' || char === ':') {
      const term = readTerm(pattern.slice(start, at), start);
      if (term !== undefined) terms.push(term);
      start = at + 1;
    }
  }
  return terms;
}

function readTerm(text: string, offset: number): PatternTerm | undefined {
  const lead = /^\s*([!&]?)\s*/.exec(text) ?? [''];
  const name = text.slice(lead[0].length).trimEnd();
  if (name === '' && lead[1] === '') return undefined;
  const operator = lead[1] === '!' ? 'remove' : lead[1] === '&' ? 'keep' : 'add';
  return { operator, name, offset: offset + lead[0].length };
}

/** A glob as in Ansible's fnmatch: `*`, `?`, `[abc]`, `[!abc]`; the whole name must match. @throws PatternFault */
export function globPattern(glob: string): LinearPattern {
  refuseLong(glob);
  let source = '';
  for (let at = 0; at < glob.length; ) {
    const end = glob[at] === '[' ? setEnd(glob, at) : at;
    source += globPart(glob.slice(at, end + 1));
    at = end + 1;
  }
  return new LinearPattern(source);
}

/** The end of a set `[abc]` or `[!abc]` that begins at `at`, or `at` if there is none. */
function setEnd(glob: string, at: number): number {
  const first = glob[at + 1] === '!' ? at + 3 : at + 2;
  const end = glob.lastIndexOf(']') < first ? -1 : glob.indexOf(']', first);
  return end < 0 ? at : end;
}

function globPart(part: string): string {
  if (part === '*') return '.*';
  if (part === '?') return '.';
  if (part.length > 1) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^');
  return part.replace(/[.+^${}()|[\]\\/]/, '\\$&');
}

/** `web[0:2]` as a name and a slice; both ends are included, as in Ansible. Undefined for everything else. */
export function readSlice(term: string): { name: string; from: number; to: number | undefined } | undefined {
  const match = /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*)|:(\d+))\]$/.exec(term);
  if (match === null) return undefined;
  const [, name = '', index, from, to, upTo] = match;
  if (index !== undefined) return { name, from: Number(index), to: Number(index) };
  if (upTo !== undefined) return { name, from: 0, to: Number(upTo) };
  return { name, from: Number(from), to: to === '' ? undefined : Number(to) };
}
