import type { Facts } from '../facts/fact.ts';
import { fileFact } from '../facts/file.ts';
import { evaluate, type Guard, guardFact, guardSchema } from '../facts/guard.ts';
import { forgetMissingModule } from '../facts/kernel-module.ts';
import { argument, either, list, seconds } from '../facts/schema.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { type ChangeBase, changeSchema, type FieldDiff, none, type Primitive } from './change.ts';

/** A command of the user's own: a shell script, or a program with arguments. */
export interface RunChange extends ChangeBase {
  readonly type: 'run';
  readonly command: string | readonly string[];
  readonly chdir?: string;
  /** A shell script that takes back what the command did. */
  readonly undo?: string;
  /** Seconds, for the command and for its undo each. */
  readonly timeout: number;
  /** Asked on the host again before the command runs. */
  readonly guard?: Guard;
  /** It runs every time, so that a plan made afterwards holds it again: no part of verify. */
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
      // Undo takes back only what was begun, and must know of it after a power cut, too.
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

/** Of a script of many lines the first that tells what it does: no comment, and not what only sets up the shell. */
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

/** A guard that holds thanks to this very command, which was begun before, leaves it to be undone. */
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

// A script goes by a file: arguments can be read by everybody. timeout(1) gives the command a process group
// of its own, and ends all of it.
function run(command: string | readonly string[], name: string, { chdir, timeout }: RunChange): Sh {
  const file = typeof command === 'string' ? sh`printf '%s\n' ${command} >"$before/"${name}` : undefined;
  const argv = typeof command === 'string' ? sh`sh "$before/"${name}` : sh`${command}`;
  return lines(
    file,
    chdir === undefined ? undefined : sh`cd -- ${chdir}`,
    raw('status=0; read -r since _ </proc/uptime'),
    sh`timeout -k 5 ${timeout} ${argv} || status=$?`,
    // A command may end with these by itself, too, or because the kernel has no memory left for it. The uptime (proc(5))
    // has two places behind its point: without it, it is in hundredths of a second.
    raw('read -r now _ </proc/uptime\ntook=$((${now%.*}${now#*.} - ${since%.*}${since#*.}))'),
    sh`case $status in 124 | 137) if [ "$took" -ge ${Math.floor(timeout * 100)} ]; then echo ${timeout} >"$before/timed-out"; fi ;; esac`,
    raw('if [ "$status" -ne 0 ]; then exit "$status"; fi'),
  );
}
