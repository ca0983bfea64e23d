/** One term of a host pattern. */
export interface PatternTerm {
  readonly operator: 'add' | 'keep' | 'remove';
  /** Without the operator. */
  readonly name: string;
  /** Of the term's name in the pattern. */
  readonly offset: number;
}

/**
 * Splits `a:b,c:&d:!e`. Colons and commas inside brackets belong to a range (`web[0:2]`) or a glob's set.
 * A regular expression (`~…`) ends at the next colon or comma outside of brackets, as in Ansible.
 */
export function splitPattern(pattern: string): PatternTerm[] {
  const terms: PatternTerm[] = [];
  for (const match of pattern.matchAll(/(?:\[[^\]]*\]|[^,:[])+|\[/g)) {
    const [text] = match;
    const lead = /^\s*([!&]?)\s*/.exec(text) ?? [''];
    const name = text.slice(lead[0].length).trimEnd();
    if (name === '' && lead[1] === '') continue;
    const operator = lead[1] === '!' ? 'remove' : lead[1] === '&' ? 'keep' : 'add';
    terms.push({ operator, name, offset: match.index + lead[0].length });
  }
  return terms;
}

/** A glob as Ansible's fnmatch has it: `*`, `?`, `[abc]`, `[!abc]`; the whole name must match. */
export function globToRegExp(glob: string): RegExp {
  const source = glob.replace(/\[!?[^\]]+\]|[^[]|\[/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (part.length > 1) return part.replace(/\\/g, '\\\\').replace(/^\[!/, '[^');
    return part.replace(/[.+^${}()|[\]\\/]/, '\\$&');
  });
  return new RegExp(`^(?:${source})$`);
}

/** `web[0:2]` as a name and a slice; both ends count, as in Ansible. Undefined for everything else. */
export function readSlice(term: string): { name: string; from: number; to: number | undefined } | undefined {
  const match = /^(.+)\[(?:(-?\d+)|(\d+)[:-](\d*)|:(\d+))\]$/.exec(term);
  if (match === null) return undefined;
  const [, name = '', index, from, to, upTo] = match;
  if (index !== undefined) return { name, from: Number(index), to: Number(index) };
  if (upTo !== undefined) return { name, from: 0, to: Number(upTo) };
  return { name, from: Number(from), to: to === '' ? undefined : Number(to) };
}
