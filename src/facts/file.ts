import { hash } from 'node:crypto';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { either, nothing, oneOf, record, type Schema, text } from './schema.ts';
import { holdsSecret } from './secrets.ts';
import { beginning, Unreadable } from './unreadable.ts';

interface Owned {
  /** Octal, four digits: `0644`. */
  readonly mode: string;
  /** A name, or the number if the host has no name for it. */
  readonly owner: string;
  readonly group: string;
  /** For a symbolic link: the real file, which everything else here describes. */
  readonly target?: string;
}

/** A file of UTF-8 text, at most `longestContent` bytes. */
export interface TextFile extends Owned {
  readonly kind: 'text';
  readonly content: string;
}

/** A file that isn't text, or is longer than `longestContent`. */
export interface OpaqueFile extends Owned {
  readonly kind: 'opaque';
  readonly sha256: string;
}

/** A directory, a device, a socket, a pipe. */
export interface NoFile extends Owned {
  readonly kind: 'directory' | 'other';
}

/** A symbolic link to a path that does not exist. */
interface DanglingLink {
  readonly kind: 'dangling';
  readonly target: string;
}

/** What is at a path; null: nothing. */
export type FileFact = TextFile | OpaqueFile | NoFile | DanglingLink | null;

/** The same without any file's content: all that a secret file's plan may know. */
export type FileHashFact = OpaqueFile | NoFile | DanglingLink | null;

/** Bytes. For longer files only the SHA-256 is read. */
export const longestContent = 1024 * 1024;

const owned = { mode: text, owner: text, group: text };
const target = { target: text };
const opaque = either(
  nothing,
  record({ kind: oneOf('opaque'), sha256: text, ...owned }, target),
  record({ kind: oneOf('directory', 'other'), ...owned }, target),
  record({ kind: oneOf('dangling'), ...target }),
);

export const fileSchema: Schema = either(
  record({ kind: oneOf('text'), content: text, ...owned }, target),
  opaque,
);

const files: FactFamily<FileFact> = {
  name: 'file',
  command: 'stat and base64',
  schema: fileSchema,
  query: (keys) => query(keys, longestContent),
  parse: (output, keys) => parseFiles(output, keys),
  canonical: (value) => (value === null ? null : { ...value }),
  withoutSecrets: (value) =>
    value?.kind === 'text' && holdsSecret(value.content)
      ? { unknown: 'the file holds a password or a private key, and is not saved' }
      : { value },
};

const fileHashes: FactFamily<FileHashFact> = {
  name: 'file_hash',
  command: 'stat and sha256sum',
  schema: opaque,
  query: (keys) => query(keys, -1),
  parse: (output, keys) =>
    new Map(
      [...parseFiles(output, keys)].map(([key, value]) => [
        key,
        value?.kind === 'text' ? hashed(value) : value,
      ]),
    ),
  canonical: (value) => (value === null ? null : { ...value }),
  // Not even a digest: a short secret could be guessed from it.
  withoutSecrets: (value) =>
    value?.kind === 'opaque' ? { unknown: 'nothing of a secret file is saved' } : { value },
};

/** What is at an absolute path without control characters, including content. Links are followed. */
export function fileFact(path: string): FactQuery<FileFact> {
  return { family: files, key: path };
}

/** The same without its content. */
export function fileHashFact(path: string): FactQuery<FileHashFact> {
  return { family: fileHashes, key: path };
}

/** A text file's fact as `fileHashFact` would return it. */
export function hashed({ content, mode, owner, group, target }: TextFile): OpaqueFile {
  return {
    kind: 'opaque',
    sha256: sha256(content),
    mode,
    owner,
    group,
    ...(target === undefined ? {} : { target }),
  };
}

export function sha256(content: string | Buffer): string {
  return hash('sha256', content);
}

/** Whether a fact is a file with exactly this content. */
export function holds(fact: FileFact, content: string): boolean {
  if (fact?.kind === 'text') return fact.content === content;
  return fact?.kind === 'opaque' && fact.sha256 === sha256(content);
}

// stat's line is MODE/SIZE/PERMISSIONS/UID/GID/OWNER/GROUP/PATH: user and group names contain no slash, but those of a
// directory service contain spaces. A path that stat doesn't report is absent, unless a folder on the way may not be
// searched.
function query(paths: readonly string[], limit: number): Sh {
  return lines(
    sh`set -- ${paths}`,
    raw(`stat -L --printf '%f/%s/%a/%u/%g/%U/%G/%n\\n' -- "$@" 2>/dev/null | while IFS= read -r line; do
  printf '%s\\n' "$line"
  case $line in 8???/*) ;; *) continue ;; esac
  path=\${line#*/*/*/*/*/*/*/}
  size=\${line#*/}
  if [ "\${size%%/*}" -le ${limit} ]; then
    printf 'base64 '
    base64 -w0 -- "$path" 2>/dev/null || printf '!'
    printf '\\n'
  else
    printf 'sha256 %s\\n' "$(sha256sum 2>/dev/null <"$path" || printf '!')"
  fi
done
for path do
  if [ -h "$path" ]; then printf 'link %s\\n%s\\n' "$path" "$(readlink -m -- "$path")"; continue; fi
  [ -e "$path" ] && continue
  folder=\${path%/*}
  until [ -e "\${folder:=/}" ]; do folder=\${folder%/*}; done
  if [ -d "$folder" ] && ! [ -x "$folder" ]; then printf 'denied %s\\n' "$path"; fi
done`),
  );
}

function parseFiles(output: string, keys: readonly string[]): ReadonlyMap<string, FileFact> {
  const found = new Map<string, FileFact>();
  const hidden = new Set<string>();
  const links = new Map<string, string>();
  const rest = output.split('\n').reverse();
  for (let line = rest.pop(); line !== undefined; line = rest.pop()) {
    if (line === '') continue;
    if (line.startsWith('link ')) links.set(line.slice(5), rest.pop() ?? '');
    else if (line.startsWith('denied ')) hidden.add(line.slice(7));
    else {
      const { path, regular, owned } = parseStat(line);
      const content = regular ? parseContent(rest.pop() ?? '', owned) : { kind: kindOf(line), ...owned };
      if (content === undefined) hidden.add(path);
      else found.set(path, content);
    }
  }
  return new Map(
    keys
      .filter((key) => !hidden.has(key))
      .map((key) => [key, withTarget(found.get(key) ?? null, links.get(key))] as const),
  );
}

function withTarget(fact: FileFact, target: string | undefined): FileFact {
  if (target === undefined) return fact;
  return fact === null ? { kind: 'dangling', target } : { ...fact, target };
}

function parseStat(line: string): { path: string; regular: boolean; owned: Owned } {
  const match = /^([0-9a-f]+)\/\d+\/([0-7]+)\/(\d+)\/(\d+)\/([^/]*)\/([^/]*)\/(\/.*)$/.exec(line);
  if (match === null) throw new Unreadable(`unexpected line ${beginning(line)}`);
  const [, type = '', mode = '', uid = '', gid = '', user = '', group = '', path = ''] = match;
  const name = (text: string, number: string) => (text === 'UNKNOWN' ? number : text);
  const owned = { mode: mode.padStart(4, '0'), owner: name(user, uid), group: name(group, gid) };
  return { path, regular: type.startsWith('8') && type.length === 4, owned };
}

// st_mode's type in four bits (inode(7)): 4 is a directory.
function kindOf(line: string): 'directory' | 'other' {
  return /^4[0-9a-f]{3}\//.test(line) ? 'directory' : 'other';
}

/** Undefined if it could not be read. */
function parseContent(line: string, owned: Owned): TextFile | OpaqueFile | undefined {
  const match = /^(base64|sha256) ([A-Za-z0-9+/=]*)(!?)(?: .*)?$/.exec(line);
  if (match === null) throw new Unreadable(`unexpected line ${beginning(line)}`);
  const [, form, value = '', failed] = match;
  if (failed === '!') return undefined;
  if (form === 'sha256') return { kind: 'opaque', sha256: value, ...owned };
  const bytes = Buffer.from(value, 'base64');
  const text = asText(bytes);
  return text === undefined
    ? { kind: 'opaque', sha256: sha256(bytes), ...owned }
    : { kind: 'text', content: text, ...owned };
}

function asText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
