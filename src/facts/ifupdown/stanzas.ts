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
  const names = new Set([one, other].flatMap(namesIn));
  return [...names].filter((name) => declarationOf(one, name) !== declarationOf(other, name));
}

function namesIn(text: string): string[] {
  const lines = text.split('\n');
  return lines
    .filter((line) => /^[ \t]*iface[ \t]/.test(line) || bringsUp.test(line) || namesMembers.test(line))
    .flatMap((line) => line.trim().split(/\s+/));
}

/** The stanzas of one interface, and the words that bring it up, as one text; equal if nothing differs. */
function declarationOf(text: string, name: string): string {
  if (!text.includes(name)) return '';
  const stanzas = stanzasOf(text).filter(({ iface }) => iface?.name === name);
  const lines = text.split('\n').filter((line) => line.split(/\s+/).includes(name));
  const up = lines.filter((line) => bringsUp.test(line));
  const members = lines.filter((line) => namesMembers.test(line));
  return [...up, ...members, ...stanzas.flatMap(({ lines }) => lines)].join('\n');
}
