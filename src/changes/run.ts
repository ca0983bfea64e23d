import type { Facts } from '../facts/fact.ts';
import { fileFact } from '../facts/file.ts';
import { evaluate, type Guard, guardFact, guardSchema } from '../facts/guard.ts';
import { forgetMissingModule } from '../facts/kernel-module.ts';
import { argument, either, list, seconds } from '../facts/schema.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, type FieldDiff, none, type Primitive } from './change.ts';

/** A user's command: a shell script, or a program with arguments. */
export interface RunChange extends ChangeBase {
  readonly type: 'run';
  readonly command: string | readonly string[];
  readonly chdir?: string;
  /** A shell script that undoes the command. */
  readonly undo?: string;
  /** Seconds, separately for the command and for its undo. */
  readonly timeout: number;
  /** Evaluated on the host again before the command runs. */
  readonly guard?: Guard;
  /** It runs every time, so a plan made afterwards has it again: verify ignores it. */
  readonly always?: true;
}

export const runPrimitive: Primitive<RunChange> = {
  type: 'run',
  schema: changeSchema<RunChange>(
    'run',
    { command: either(argument, list(argument)), timeout: seconds },
    { chdir: argument, undo: argument, guard: guardSchema, always: { const: true } },
  ),
  scope: 'disk',
  risks: [],
  stage: 'main',
  needsSettled: true,
  touches: none,
  moves: none,
  tunnelEnds: none,
  gives: none,
  takes: none,
  limit: ({ timeout }) => Math.ceil(timeout) + 10,
  verifiable: ({ always }) => always === undefined,
  undoable: ({ undo }) => undo !== undefined,
  // Its guard decides.
  conditional: () => true,
  marks: 'no marks',
  title: ({ command }) => ({ action: 'run', noun: 'command', target: nameOf(command) }),
  fields,
  predict,
  apply: (change) =>
    lines(
      change.guard === undefined ? undefined : heed(change.guard),
      // Undo undoes only what was begun, and must know it even after a power cut.
      raw(': >"$before/begun"\nsync "$before/begun" "$before"'),
      run(change.command, 'command', change),
    ),
  undo: (change) =>
    change.undo === undefined
      ? raw(':')
      : lines(
          raw('[ -e "$before/begun" ] || exit 0'),
          run(change.undo, 'undo', change),
          raw('rm -f "$before/begun"'),
        ),
  recheck: 'nothing tells',
};

/** For a script of several lines, the first that says what it does: neither a comment nor a setting of the shell. */
function nameOf(command: string | readonly string[]): string {
  if (typeof command !== 'string') return sh`${command}`.text;
  const all = command.trim().split('\n');
  const [first = ''] = all;
  if (all.length === 1) return first;
  const telling = all.find((line) => !/^\s*($|#|(set|export|umask|trap|cd|exec)\b)/.test(line)) ?? first;
  return `${telling.trim()} …`;
}

function fields({ command, chdir, undo, guard, timeout }: RunChange): FieldDiff[] {
  const shown = {
    ...(typeof command === 'string' && command.trim().includes('\n') ? { script: command } : {}),
    ...(chdir === undefined ? {} : { chdir }),
    ...(guard?.creates === undefined ? {} : { creates: guard.creates }),
    ...(guard?.unless === undefined ? {} : { unless: guard.unless }),
    ...(guard?.only_if === undefined ? {} : { only_if: guard.only_if }),
    timeout: `${timeout} s`,
    undo: undo ?? 'nothing',
  };
  return Object.entries(shown).map(([field, after]) => ({
    field,
    after,
    ...(after.includes('\n') ? { text: true } : {}),
  }));
}

function predict({ guard }: RunChange, before: Facts): Facts {
  const facts = forgetMissingModule(before, 'a command may bring the module');
  if (guard === undefined) return facts;
  const done = facts.with(guardFact(guard), true);
  return guard.creates === undefined
    ? done
    : done.without(fileFact(guard.creates), `a command creates ${guard.creates}`);
}

/** If a guard finds nothing to do because of this very command, begun before, the command must still be undone. */
function heed(guard: Guard): Sh {
  return lines(
    raw('guard=0'),
    sh`${evaluate(guard)} || guard=$?`,
    raw(`case $guard in
0) [ -e "$before/begun" ] || : >"$before/not-run"; exit 0 ;;
1) ;;
*) echo 'the guard could not be run' >&2; exit 1 ;;
esac`),
  );
}

// A script is passed as a file: any user can read arguments. timeout(1) runs the command in its own process group, and
// kills all of it.
function run(command: string | readonly string[], name: string, { chdir, timeout }: RunChange): Sh {
  const file = typeof command === 'string' ? sh`printf '%s\n' ${command} >"$before/"${name}` : undefined;
  const argv = typeof command === 'string' ? sh`sh "$before/"${name}` : sh`${command}`;
  return lines(
    file,
    chdir === undefined ? undefined : sh`cd -- ${chdir}`,
    raw('status=0; read -r since _ </proc/uptime'),
    sh`timeout -k 5 ${timeout} ${argv} || status=$?`,
    // A command may also exit with these itself, or because the kernel is out of memory. The uptime (proc(5)) has two
    // decimals: without the point it is in hundredths of a second.
    raw('read -r now _ </proc/uptime\ntook=$((${now%.*}${now#*.} - ${since%.*}${since#*.}))'),
    sh`case $status in 124 | 137) if [ "$took" -ge ${Math.floor(timeout * 100)} ]; then echo ${timeout} >"$before/timed-out"; fi ;; esac`,
    raw('if [ "$status" -ne 0 ]; then exit "$status"; fi'),
  );
}
