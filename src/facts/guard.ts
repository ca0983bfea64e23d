import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { userScript } from '../sh/user-script.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { argument, flag, recordOf, type Schema } from './schema.ts';
import { beginning, Unreadable } from './unreadable.ts';

/** A test that tells whether a command has nothing to do. Exactly one of the first three. */
export interface Guard {
  /** Nothing to do if this path exists. */
  readonly creates?: string;
  /** Nothing to do if this shell command succeeds. The user promises that it changes nothing. */
  readonly unless?: string;
  /** Nothing to do if this shell command fails. The same promise. */
  readonly only_if?: string;
  /** The working folder of the shell command. */
  readonly chdir?: string;
}

export const guardSchema: Schema = recordOf<Guard>(
  {},
  { creates: argument, unless: argument, only_if: argument, chdir: argument },
);

/** Whether there is nothing to do. */
const guards: FactFamily<boolean> = {
  name: 'guard',
  command: 'the guards',
  schema: flag,
  query,
  parse,
  canonical: (value) => value,
};

/** Runs a guard on the host. */
export function guardFact({ creates, unless, only_if, chdir }: Guard): FactQuery<boolean> {
  return { family: guards, key: JSON.stringify({ creates, unless, only_if, chdir }) };
}

/** The guard of a query made by `guardFact`. */
export function guardOfKey(key: string): Guard {
  return JSON.parse(key) as Guard;
}

/** Seconds. A guard that takes longer is unknown. */
const patience = 10;

/**
 * Runs a guard in a subshell: exit status 0 means nothing to do, 1 something to do, anything else that the guard could
 * not decide.
 */
export function evaluate({ creates, unless, only_if, chdir }: Guard): Sh {
  if (creates !== undefined)
    return sh`( if [ -e ${creates} ] || [ -h ${creates} ]; then exit 0; else exit 1; fi )`;
  const done = unless === undefined ? 1 : 0;
  return lines(
    raw('('),
    chdir === undefined ? undefined : sh`  cd -- ${chdir} || exit 2`,
    sh`  status=0; { ${userScript(unless ?? only_if ?? '', ['-k', 5, patience])}; } >/dev/null 2>&1 || status=$?`,
    // timeout(1): 124 and 137 if it had to kill the command, 125 if it could not start it.
    raw(`  case $status in 124 | 125 | 137) exit 2 ;; 0) exit ${done} ;; *) exit ${1 - done} ;; esac`),
    raw(')'),
  );
}

function query(keys: readonly string[]): Sh {
  return lines(...keys.map((key, i) => lines(evaluate(guardOfKey(key)), sh`echo "${String(i)} $?"`)));
}

function parse(output: string, keys: readonly string[]): ReadonlyMap<string, boolean> {
  const told = new Map<string, boolean>();
  for (const line of output.trim().split('\n')) {
    const [, index, status] = /^(\d+) (\d+)$/.exec(line) ?? [];
    const key = keys[Number(index)];
    if (key === undefined) throw new Unreadable(`unexpected line ${beginning(line)}`);
    if (status === '0' || status === '1') told.set(key, status === '0');
  }
  return told;
}
