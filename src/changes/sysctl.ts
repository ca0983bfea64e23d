import { argument, either, nothing, text } from '../facts/schema.ts';
import { normalSysctl, type SysctlFact, sysctlFact, sysctlPath } from '../facts/sysctl.ts';
import { lines, raw, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, networkPaths, none, type Primitive } from './change.ts';
import { thing } from './thing.ts';

/** The value of a kernel parameter in the running kernel. */
export interface SysctlChange extends ChangeBase {
  readonly type: 'sysctl';
  readonly name: string;
  /** Null: the kernel doesn't have it yet (a module or an interface adds it). */
  readonly before: SysctlFact;
  readonly after: string;
}

export const sysctlPrimitive: Primitive<SysctlChange> = {
  type: 'sysctl',
  schema: changeSchema<SysctlChange>('sysctl', {
    name: argument,
    before: either(text, nothing),
    after: argument,
  }),
  scope: 'live',
  paths: () => networkPaths,
  risks: [],
  stage: 'main',
  needsSettled: false,
  touches: ({ name }) => [thing.kernelParameter(name), ...linksOf(name).map((name) => thing.settings(name))],
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: () => undefined,
  verifiable: () => true,
  undoable: () => true,
  conditional: () => false,
  marks: 'no marks',
  title: ({ name, before }) => ({
    action: before === null ? 'create' : 'update',
    noun: 'kernel parameter',
    target: name,
  }),
  fields: ({ before, after }) => [{ field: 'value', ...(before === null ? {} : { before }), after }],
  predict: ({ name, after }, facts) => facts.with(sysctlFact(name), normalSysctl(after)),
  save: ({ name }) =>
    lines(sh`path=${sysctlPath(name)}`, raw('if [ -e "$path" ]; then cat "$path" >"$before/value"; fi')),
  apply: ({ name, after }) =>
    lines(
      sh`path=${sysctlPath(name)}`,
      sh`if ! [ -e "$path" ]; then echo ${`this kernel has no parameter ${name}`} >&2; exit 1; fi`,
      sh`printf '%s\n' ${after} >"$path"`,
    ),
  // If it came with what was changed, it is gone with it.
  undo: ({ name }) =>
    lines(
      sh`path=${sysctlPath(name)}`,
      raw('if [ -e "$before/value" ] && [ -e "$path" ]; then cat "$before/value" >"$path"; fi'),
    ),
  recheck: {
    queries: ({ name }) => [sysctlFact(name)],
    parts: ({ name }, facts) => ({ [`kernel parameter ${name}`]: facts.get(sysctlFact(name)) }),
    // It is gone with its interface.
    uses: ({ name }) => linksOf(name).map((name) => thing.link(name)),
    leaves: none,
  },
};

/** The interface to which a parameter belongs. */
function linksOf(name: string): string[] {
  return /^\/proc\/sys\/net\/[^/]+\/(?:conf|neigh)\/([^/]+)\//.exec(sysctlPath(name))?.slice(1) ?? [];
}
