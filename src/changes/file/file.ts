import type { Facts } from '../../facts/fact.ts';
import {
  type FileFact,
  fileFact,
  fileHashFact,
  fileSchema,
  hashed,
  holds,
  type NoFile,
  type OpaqueFile,
  sha256,
  type TextFile,
} from '../../facts/file.ts';
import { isIfupdownFile, withIfupdownFile } from '../../facts/ifupdown/ifupdown.ts';
import { redeclaredLinks } from '../../facts/ifupdown/stanzas.ts';
import { argument, either, list, nothing, recordOf } from '../../facts/schema.ts';
import { withUnitFile } from '../../facts/unit.ts';
import { lines, raw, type Sh, sh } from '../../sh/sh.ts';
import { type ChangeBase, changeSchema, type FieldDiff, none, type Primitive } from '../change.ts';
import { actionBetween, diffField } from '../fields.ts';
import type { SettleAction } from '../settle/action.ts';
import { settleMakes } from '../settle/registry.ts';
import { thing } from '../thing.ts';
import { fileParts } from './parts.ts';

/** The wanted state of a file. */
interface FileState {
  readonly content: string;
  /** Octal, four digits: `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

export interface FileChange extends ChangeBase {
  readonly type: 'file';
  /** Absolute, without control characters. */
  readonly path: string;
  /** Without its content if the file is secret. */
  readonly before: FileFact;
  /** Null: nothing may be at the path. */
  readonly after: FileState | null;
  /** The content must not be shown. */
  readonly secret?: true;
  /** Only in records, which hold no content: the links that come up otherwise at the next boot because of it. */
  readonly boots?: readonly string[];
}

/** The wanted state of a file; what is undefined stays as it is, or for a new file is root's with mode 0644. */
export interface DesiredFile {
  readonly content: string;
  readonly mode?: string;
  readonly owner?: string;
  readonly group?: string;
}

/** The change to this state, or undefined if nothing differs. Pass the path's `fileFact`. */
export function writeFile(
  path: string,
  before: FileFact,
  wanted: DesiredFile,
  more: { readonly settle?: readonly SettleAction[]; readonly secret?: true } = {},
): FileChange | undefined {
  const now = before !== null && 'mode' in before ? before : undefined;
  const after = {
    content: wanted.content,
    mode: wanted.mode ?? now?.mode ?? '0644',
    owner: wanted.owner ?? now?.owner ?? 'root',
    group: wanted.group ?? now?.group ?? 'root',
  };
  const owned = now?.mode === after.mode && now.owner === after.owner && now.group === after.group;
  return owned && holds(before, after.content) ? undefined : { type: 'file', path, before, after, ...more };
}

/** The change that removes a file, or undefined if there is none. */
export function removeFile(
  path: string,
  before: FileFact,
  more: { readonly settle?: readonly SettleAction[]; readonly secret?: true } = {},
): FileChange | undefined {
  return before === null ? undefined : { type: 'file', path, before, after: null, ...more };
}

const state = recordOf<FileState>({ content: argument, mode: argument, owner: argument, group: argument });

export const filePrimitive: Primitive<FileChange> = {
  type: 'file',
  schema: changeSchema<FileChange>(
    'file',
    { path: argument, before: fileSchema, after: either(state, nothing) },
    { secret: { const: true }, boots: list(argument) },
  ),
  scope: 'disk',
  // Removing a link keeps its target.
  paths: ({ path, before, after }) => {
    if (after !== null) return [{ path, becomes: 'there' }];
    return before?.target === undefined ? [{ path, becomes: 'gone' }] : undefined;
  },
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: (change) => [thing.file(change.path), ...bootLinks(change).map(thing.boot)],
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: {
    queries: [],
    // Files aren't searched by name.
    find: none,
    bears: (part) => /^file \S*meshbook[^/\s]*( |$)/.test(part),
  },
  title: ({ path, before, after }) => ({
    action: actionBetween(before, after),
    noun: 'file',
    target: path,
  }),
  fields,
  predict,
  save,
  apply: (change) => (change.after === null ? sh`rm -f -- ${change.path}` : write(change.after)),
  undo: () => undo,
  withoutSecrets: hideContent,
  recheck: {
    queries: ({ path, secret }) => [secret ? fileHashFact(path) : fileFact(path)],
    parts: ({ path, secret }, facts) => fileParts(path, secret ?? false, facts),
    forRecord: (change) => {
      const { after } = change;
      const boots = bootLinks(change);
      return {
        ...change,
        before: null,
        after: after && { ...after, content: '' },
        ...(boots.length === 0 ? {} : { boots }),
      };
    },
    makes: (change) => bootLinks(change).map(thing.boot),
    // A settle action after it depends on the content: Docker's options are in its files.
    uses: ({ settle = [] }) => settle.flatMap(settleMakes),
    leaves: ({ path, secret }) => [
      {
        thing: thing.file(path),
        part: `file ${path}`,
        detail: 'a file',
        namedBy: [path],
        removable: { is: 'file', path, ...(secret ? { secret } : {}) },
      },
    ],
  },
};

/** The links that ifupdown brings up in another way at the next boot. */
function bootLinks({ path, before, after, boots }: FileChange): readonly string[] {
  if (boots !== undefined || !isIfupdownFile(path)) return boots ?? [];
  return redeclaredLinks(before?.kind === 'text' ? before.content : '', after?.content ?? '');
}

const hidden = '(secret: not shown)\n';

/** Not even a digest stays, but whether the two contents are equal does. */
function hideContent(change: FileChange): FileChange {
  const { before, after, secret } = change;
  if (!secret) return change;
  const isSame = after !== null && holds(before, after.content);
  return {
    ...change,
    before: before?.kind === 'opaque' ? { ...before, sha256: isSame ? sha256(hidden) : '(secret)' } : before,
    after: after && { ...after, content: hidden },
  };
}

function fields({ before, after, secret }: FileChange): FieldDiff[] {
  const was = describe(before, secret);
  const will = after === null ? {} : describe({ kind: 'text', ...after }, secret);
  return ['content', 'mode', 'owner', 'group'].flatMap((field) => {
    const [old, now] = [was[field], will[field]];
    if (old === now || field !== 'content') return diffField(field, old, now);
    // Not even a digest is shown: a short secret could be guessed from it.
    if (secret) return diffField(field, old && '(secret)', now && (old ? '(another secret)' : '(a secret)'));
    return diffField(field, old, now).map((one) => ({ ...one, text: true }));
  });
}

function describe(file: FileFact, secret: true | undefined): Record<string, string> {
  if (file === null) return {};
  if (file.kind === 'dangling') return { content: `(a link to ${file.target}, which does not exist)` };
  const { mode, owner, group } = file;
  return { content: describeContent(file, secret), mode, owner, group };
}

function describeContent(file: TextFile | OpaqueFile | NoFile, secret: true | undefined): string {
  if (!('content' in file) && !('sha256' in file)) return '(not a file)';
  if (file.kind === 'text' && !secret) return file.content;
  const digest = file.kind === 'text' ? sha256(file.content) : file.sha256;
  // A secret's is compared here and never shown.
  return `(not text, sha256 ${secret ? digest : digest.slice(0, 12)})`;
}

function predict({ path, before, after, secret }: FileChange, known: Facts): Facts {
  const content = after === null ? null : after.content;
  const was = before?.kind === 'text' ? before.content : null;
  const facts = withIfupdownFile(withUnitFile(known, path, content), path, was, content);
  const target = before !== null && before.target !== undefined ? { target: before.target } : {};
  const value = after === null ? null : ({ kind: 'text', ...after, ...target } as const);
  const next = secret ? facts : facts.with(fileFact(path), value);
  // If the file was read and its hash was not, no step needs the hash.
  if (facts.state(fileHashFact(path)) === undefined && facts.state(fileFact(path)) !== undefined) return next;
  return next.with(fileHashFact(path), value === null ? null : hashed(value));
}

/**
 * Saves in $before: `real`, the path of the file that will change; `file`, the file itself, absent if there was none;
 * `folders`, its missing parents, deepest first.
 */
function save({ path, after }: FileChange): Sh {
  return lines(
    sh`real=${path}`,
    // A link is followed when the file is written, not when it is removed.
    after === null ? undefined : raw('if [ -h "$real" ]; then real=$(readlink -m -- "$real"); fi'),
    raw(`printf %s "$real" >"$before/real"
if [ -d "$real" ] && ! [ -h "$real" ]; then echo "$real is a folder" >&2; exit 1; fi
if [ -e "$real" ] || [ -h "$real" ]; then cp -a -- "$real" "$before/file"; fi
folder=\${real%/*}
while [ -n "$folder" ] && ! [ -d "$folder" ]; do printf '%s\\n' "$folder"; folder=\${folder%/*}; done >"$before/folders"`),
  );
}

const locate = raw(`real=$(cat "$before/real")
part=\${real%/*}/.\${real##*/}.meshbook`);

// The new file is made beside the old one and replaces it in one step, with the old one's attributes (ACL, SELinux
// context). Nobody else may read it before its mode is set.
function write({ content, mode, owner, group }: FileState): Sh {
  return lines(
    locate,
    raw(`[ -d "\${real%/*}" ] || mkdir -p -- "\${real%/*}"
rm -f -- "$part"
( umask 077; set -C; : >"$part" )
if [ -e "$real" ]; then cp -a --attributes-only -- "$real" "$part"; chmod 0600 -- "$part"; fi`),
    sh`printf %s ${content} >"$part"`,
    sh`chown -- ${`${owner}:${group}`} "$part"`,
    sh`chmod -- ${mode} "$part"`,
    raw('sync -- "$part"\nmv -fT -- "$part" "$real"'),
  );
}

const undo = lines(
  locate,
  raw(`if [ -e "$before/file" ] || [ -h "$before/file" ]; then
  mkdir -p -- "\${real%/*}"
  rm -f -- "$part"
  cp -a -- "$before/file" "$part"
  mv -fT -- "$part" "$real"
else
  rm -f -- "$part"
  # A folder that stands there by now is somebody else's.
  if ! [ -d "$real" ] || [ -h "$real" ]; then rm -f -- "$real"; fi
  while IFS= read -r folder; do rmdir -- "$folder" 2>/dev/null || :; done <"$before/folders"
fi`),
);
