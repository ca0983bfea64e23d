import { raw } from '../../sh/sh.ts';
import type { FactFamily, FactQuery, Facts } from '../fact.ts';
import { once } from '../once.ts';
import { either, list, nothing, oneOf, record, text } from '../schema.ts';

/** The declarations in ifupdown's files: interfaces(5). */
export interface Ifupdown {
  /** Every `iface NAME …` with its file, in the order of the files. */
  readonly declared: readonly { readonly name: string; readonly file: string }[];
  /**
   * How /etc/network/interfaces includes the folder interfaces.d beside it: every file (`glob`), those whose names
   * consist of letters, digits, `_` and `-` (`directory`), or none (null).
   */
  readonly dropIns: 'glob' | 'directory' | null;
}

export const mainFile = '/etc/network/interfaces';
export const dropInFolder = '/etc/network/interfaces.d';

/** Whether ifupdown reads a file at boot. */
export function isIfupdownFile(path: string): boolean {
  return path === mainFile || path.startsWith(`${dropInFolder}/`);
}

const family: FactFamily<Ifupdown> = {
  name: 'ifupdown',
  command: 'grep',
  schema: record({
    declared: list(record({ name: text, file: text })),
    dropIns: either(nothing, oneOf('glob', 'directory')),
  }),
  // Files included from elsewhere are searched, too, but only if the pattern is simple: ifupdown uses a shell's
  // expansion, which may run commands.
  query: () =>
    raw(`elsewhere=$(sed -nE 's:^[[:space:]]*source(-directory)?[[:space:]]+(/[A-Za-z0-9_./*?-]+)[[:space:]]*$:\\2:p' ${mainFile} 2>/dev/null) || :
set -- ${mainFile} ${dropInFolder}/*
for path in $elsewhere; do
  case $path in ${dropInFolder}/*) ;; *) if [ -d "$path" ]; then set -- "$@" "$path"/*; else set -- "$@" "$path"; fi ;; esac
done
grep -HsE '^[[:space:]]*(iface|source|source-directory)[[:space:]]' /dev/null "$@" || :`),
  parse: (output) => new Map([['', parseDeclarations(output)]]),
  canonical: ({ declared, dropIns }) => ({ declared: declared.map((one) => ({ ...one })), dropIns }),
};

export const ifupdownFact: FactQuery<Ifupdown> = { family, key: '' };

/** The interfaces that a text in the format of interfaces(5) declares. */
export const declaredIn = once((text): readonly string[] =>
  [...text.matchAll(/^[ \t]*iface[ \t]+(\S+)/gm)].map(([, name = '']) => name),
);

/** The facts after a file's text has changed; null: there is no file. */
export function withIfupdownFile(
  facts: Facts,
  path: string,
  before: string | null,
  after: string | null,
): Facts {
  const known = facts.find(ifupdownFact);
  const isRead = isSearched(path) || known?.declared.some(({ file }) => file === path);
  if (known === undefined || !isRead) return facts;
  if (path === mainFile && elsewhereIn(before ?? '') !== elsewhereIn(after ?? ''))
    return facts.without(ifupdownFact, `an earlier step changes which files ${path} takes in`);
  const own = declarationsIn(path, after);
  const { dropIns: had } = declarationsIn(path, before);
  const others = known.declared.filter(({ file }) => file !== path);
  const declared = [...others, ...own.declared].sort((a, b) => compare(orderOf(a.file), orderOf(b.file)));
  return facts.with(ifupdownFact, { declared, dropIns: had === own.dropIns ? known.dropIns : own.dropIns });
}

/** The declarations of a file with this text. */
function declarationsIn(path: string, text: string | null): Ifupdown {
  const lines = (text ?? '').split('\n').map((line) => `${path}:${line}\n`);
  return parseDeclarations(lines.join(''));
}

/** Whether the query looks into it wherever the host's own files lead. */
function isSearched(path: string): boolean {
  return path === mainFile || /^\/etc\/network\/interfaces\.d\/[^./][^/]*$/.test(path);
}

/** The lines of the main file by which the query looks into other files than those of interfaces.d. */
function elsewhereIn(text: string): string {
  const lines = text.match(/^[ \t]*source(-directory)?[ \t]+\/(?!etc\/network\/interfaces\.d(\/|$)).*$/gm);
  return (lines ?? []).join('\n');
}

/** The query goes through the main file, interfaces.d in the order of names, and then what is elsewhere. */
function orderOf(file: string): string {
  return file === mainFile ? '' : isSearched(file) ? file : '~';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function parseDeclarations(output: string): Ifupdown {
  const declared: { name: string; file: string }[] = [];
  let dropIns: Ifupdown['dropIns'] = null;
  for (const line of output.split('\n')) {
    const [, file = '', keyword, word = ''] = /^(\/[^:]*):[ \t]*(\S+)[ \t]+(\S+)/.exec(line) ?? [];
    if (keyword === 'iface') declared.push({ name: word, file });
    if (file !== mainFile) continue;
    // A relative path is relative to the file.
    const path = word.startsWith('/') ? word : `/etc/network/${word}`;
    if (keyword === 'source' && path === `${dropInFolder}/*`) dropIns = 'glob';
    if (keyword === 'source-directory' && path.replace(/\/$/, '') === dropInFolder) dropIns ??= 'directory';
  }
  return { declared, dropIns };
}
