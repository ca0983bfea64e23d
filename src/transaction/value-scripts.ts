import type { StageName } from '../changes/stage.ts';
import { type TakenValue, valueFile } from '../changes/values.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { stageFolder } from './host-scripts.ts';
import { processes } from './process.ts';

const valuesFolder = '/run/meshbook';

/**
 * Brings a value of another host to a program that waits for it, in a file that only root can read. Does nothing where
 * the program runs no more, and may be run again.
 */
export function deliverScript(run: string, stage: StageName, value: TakenValue, text: string): Sh {
  const folder = `${valuesFolder}/${run}`;
  const file = `${folder}/${valueFile(value)}`;
  return lines(
    raw('set -eu; umask 077'),
    processes,
    sh`alive ${`${stageFolder(run, stage)}/apply.pid`} || exit 0`,
    sh`mkdir -p ${folder}`,
    // printf is a shell builtin: no user sees its arguments.
    sh`printf %s ${text} >${`${file}.part`}`,
    sh`mv -f ${[`${file}.part`, file]}`,
  );
}

/** Removes what is left of values that a run has brought to a host. */
export function dropValuesScript(run: string): Sh {
  return sh`rm -rf -- ${`${valuesFolder}/${run}`}; rmdir -- ${valuesFolder} 2>/dev/null || :`;
}
