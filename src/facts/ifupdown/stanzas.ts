import { once } from '../once.ts';

/** One `iface` of a text in the format of interfaces(5), or the lines between two of them. */
export interface Stanza {
  /** As in the text; the last line of all may lack its newline. */
  readonly lines: readonly string[];
  /** For an `iface`. */
  readonly iface?: { readonly name: string; readonly family: string; readonly method: string };
}

const keyword =
  /^[ \t]*(iface|mapping|auto|allow-\S+|no-auto-down|no-scripts|rename|template|source|source-directory)[ \t]/;

/**
 * A text, split into its `iface` stanzas and the lines between them. Blank lines and comments after a stanza don't
 * belong to it. All lines together are the text again.
 */
export function stanzasOf(text: string): Stanza[] {
  const found: { lines: string[]; iface?: Stanza['iface'] }[] = [];
  for (const line of text.split('\n')) {
    const [, name, family, method] = /^[ \t]*iface[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)/.exec(line) ?? [];
    const last = found.at(-1);
    if (name !== undefined && family !== undefined && method !== undefined) {
      found.push({ lines: [line], iface: { name, family, method } });
    } else if (last === undefined || (last.iface !== undefined && keyword.test(line)))
      found.push({ lines: [line] });
    else last.lines.push(line);
  }
  return found.flatMap(({ lines, iface }) => {
    if (iface === undefined) return [{ lines }];
    const end = lines.findLastIndex((line) => line.trim() !== '' && !line.trim().startsWith('#')) + 1;
    const behind = lines.slice(end);
    return [{ lines: lines.slice(0, end), iface }, ...(behind.length === 0 ? [] : [{ lines: behind }])];
  });
}

const bringsUp = /^[ \t]*(auto|allow-\S+)[ \t]/;
const namesMembers = /^[ \t]*(bridge_ports|slaves|bond-slaves|ovs_ports|up ip link set dev \S+ master)[ \t]/;

/** Links that two texts declare differently: whether and how they come up, and their members. */
export function redeclaredLinks(one: string, other: string): string[] {
  const [a, b] = [declarations(one), declarations(other)];
  return [...new Set([...a.keys(), ...b.keys()])].filter(
    (name) => (a.get(name) ?? '') !== (b.get(name) ?? ''),
  );
}

/** For each name in a text, its stanzas and the words that bring it up, as one text; equal if nothing differs. */
const declarations = once((text): ReadonlyMap<string, string> => {
  const lines = text.split('\n').map((line) => ({ line, words: line.trim().split(/\s+/) }));
  const up = lines.filter(({ line }) => bringsUp.test(line));
  const members = lines.filter(({ line }) => namesMembers.test(line));
  const stanzas = stanzasOf(text);
  const named = [...lines.filter(({ line }) => /^[ \t]*iface[ \t]/.test(line)), ...up, ...members];
  const names = new Set(named.flatMap(({ words }) => words));
  return new Map(
    [...names].map((name) => {
      const about = [...up, ...members].filter(({ words }) => words.includes(name));
      const own = stanzas.filter(({ iface }) => iface?.name === name);
      return [name, [...about.map(({ line }) => line), ...own.flatMap((stanza) => stanza.lines)].join('\n')];
    }),
  );
});
