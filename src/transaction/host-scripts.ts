import { createHash } from 'node:crypto';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import type { StageName } from './stage.ts';

/** What a stored program can be told to do. */
export type Verb = 'prepare' | 'apply' | 'undo';

const transactions = '/var/lib/meshbook/transactions';

/** How often tail looks for events where it can't be told of them (it takes overlayfs, for one, for a remote file system). */
const followSeconds = 0.05;

/** A stage's folder on the host. Only root can look into it. */
export function stageFolder(run: string, stage: StageName): string {
  return `${transactions}/${run}/${stage}`;
}

/**
 * Stores a program on the host and lets it save what its undo will need. Nothing of the host's own is
 * changed. Prints the events of `prepare`.
 */
export function prepareScript(run: string, stage: StageName, program: string, ids: readonly string[]): Sh {
  const folder = stageFolder(run, stage);
  const sum = createHash('sha256').update(program).digest('hex');
  return lines(
    raw('set -eu; umask 077'),
    sh`mkdir -p ${`${transactions}/${run}`}`,
    sh`mkdir ${folder}`,
    sh`mkdir -p ${[`${folder}/before`, ...ids.map((id) => `${folder}/before/${id}`)]}`,
    sh`printf %s ${program} >${`${folder}/program.part`}`,
    sh`printf '%s  %s\n' ${sum} ${`${folder}/program.part`} | sha256sum -c >/dev/null`,
    sh`: >${`${folder}/journal`}`,
    sh`mv ${`${folder}/program.part`} ${`${folder}/program`}`,
    sh`sh ${`${folder}/program`} prepare`,
    sh`find ${folder} '(' -type f -o -type d ')' ! -name '*.events' -exec sync {} +`,
    sh`cat ${`${folder}/prepare.events`}`,
  );
}

/**
 * Starts a stored program detached from this connection, then prints its events until it ends.
 * Closing the connection neither stops nor truncates it.
 */
export function startScript(run: string, stage: StageName, verb: Verb): Sh {
  const folder = stageFolder(run, stage);
  const events = `${folder}/${verb}.events`;
  return lines(
    sh`test -f ${`${folder}/program`} || { echo 'this host holds no such transaction' >&2; exit 3; }`,
    sh`: >${events}`,
    sh`setsid sh ${`${folder}/program`} ${verb} </dev/null >/dev/null 2>&1 &`,
    sh`echo $! >${`${folder}/${verb}.pid`}`,
    sh`tail -n +1 -f -s ${followSeconds} --pid=$! ${events}`,
  );
}

/** Prints the events of a program that was started before, from a byte offset on, until it ends. */
export function followScript(run: string, stage: StageName, verb: Verb, offset: number): Sh {
  const folder = stageFolder(run, stage);
  return lines(
    sh`tail -c ${`+${offset + 1}`} -f -s ${followSeconds} --pid="$(cat ${`${folder}/${verb}.pid`})" ${`${folder}/${verb}.events`}`,
  );
}

/** Prints the names of the stages of a run that are stored on the host, a line each. */
export function storedStagesScript(run: string): Sh {
  return lines(
    sh`cd ${`${transactions}/${run}`} 2>/dev/null || exit 0`,
    raw('for program in */program; do if [ -f "$program" ]; then echo "${program%/program}"; fi; done'),
  );
}

/** Removes a run's folder from a host on which nothing was begun. */
export function forgetScript(run: string): Sh {
  return sh`rm -rf -- ${`${transactions}/${run}`}`;
}

/** Asks a running apply to stop after the change that it is at. */
export function stopScript(run: string, stage: StageName): Sh {
  return sh`: >${`${stageFolder(run, stage)}/stop`}`;
}
