import { createHash } from 'node:crypto';
import { armedStage, isArmedStage, stagesOnRequest } from '../changes/stage.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { processes } from './process.ts';
import type { StageName } from './stage.ts';

/** What a stored program can be told to do. */
export type Verb = 'prepare' | 'apply' | 'undo';

const transactions = '/var/lib/meshbook/transactions';

/** How often tail looks for events if the file system doesn't notify it (it takes overlayfs for a remote one). */
const followSeconds = 0.05;

/** What an undo skips: ids of changes and settle actions. */
export interface Skipped {
  readonly skip: readonly string[];
  /** Those among them that are still as the run left them, or as someone has made them since. */
  readonly left: readonly string[];
}

/** A stage's folder on the host. Only root can look into it. */
export function stageFolder(run: string, stage: StageName): string {
  return `${transactions}/${run}/${stage}`;
}

/** A host's transaction of a run, whatever its stages. */
export interface Hold {
  /** The program from `controlProgram`. */
  readonly control: string;
  /** Whoever knows it may confirm. */
  readonly token: string;
}

/** The tools that our programs and their undo call, besides those that a step's kind needs. */
const tools = [
  'awk',
  'base64',
  'find',
  'flock',
  'grep',
  'head',
  'mktemp',
  'readlink',
  'sed',
  'setsid',
  'sha256sum',
  'sync',
  'tail',
  'timeout',
];

/**
 * Locks the host, stores a stage's program there and lets it save what its undo will need; for the armed stage the
 * host is then armed, so that it undoes the stage itself. Changes nothing of the host's own. Prints the events of
 * `prepare`.
 */
export function prepareScript(
  run: string,
  stage: StageName,
  program: string,
  ids: readonly string[],
  hold: Hold,
): Sh {
  const home = `${transactions}/${run}`;
  const folder = stageFolder(run, stage);
  const sum = createHash('sha256').update(program).digest('hex');
  return lines(
    raw('set -eu; umask 077'),
    sh`for tool in ${tools}; do command -v "$tool" >/dev/null || { echo "this host has no $tool" >&2; exit 7; }; done`,
    sh`mkdir -p ${home}`,
    // Written whole or not at all: nothing could undo half a control.
    sh`if ! { printf '%s\n' ${hold.token} >${`${home}/token`} && printf %s ${hold.control} >${`${home}/control.part`} && mv ${[`${home}/control.part`, `${home}/control`]}; } 2>/dev/null; then`,
    sh`  echo "cannot write to ${home}: $(df -Pk ${home} | awk 'END { print $4 " KiB are free on " $6 }')" >&2`,
    sh`  if ! [ -s ${`${home}/control`} ]; then rm -rf -- ${home}; fi`,
    raw('  exit 7'),
    raw('fi'),
    sh`sh ${`${home}/control`} lock`,
    sh`mkdir ${folder}`,
    sh`mkdir -p ${[`${folder}/before`, ...ids.map((id) => `${folder}/before/${id}`)]}`,
    sh`printf %s ${program} >${`${folder}/program.part`}`,
    sh`printf '%s  %s\n' ${sum} ${`${folder}/program.part`} | sha256sum -c >/dev/null`,
    sh`: >${`${folder}/journal`}`,
    sh`mv ${`${folder}/program.part`} ${`${folder}/program`}`,
    sh`sh ${`${folder}/program`} prepare`,
    sh`find ${home} '(' -type f -o -type d ')' ! -name '*.events' -exec sync {} +`,
    isArmedStage(stage)
      ? sh`if [ "$(tail -n 1 ${`${folder}/prepare.events`})" = 'end ok' ]; then sh ${`${home}/control`} arm; fi`
      : undefined,
    sh`cat ${`${folder}/prepare.events`}`,
  );
}

/** One start of a stored program, and which of its events are wanted. */
export interface Start {
  /** Names this start: the script may be sent again, and the program is started only once. */
  readonly attempt: string;
  /** In bytes; earlier events are already known. */
  readonly offset?: number;
  /** For an undo. Without it, a host that has undone the armed stage itself doesn't do so again. */
  readonly pass?: Skipped;
}

/**
 * Starts a stored program detached from this connection, unless this attempt has already done so, and prints its
 * events until it ends. Closing the connection neither stops nor truncates it; the same script with another offset
 * continues.
 */
export function startScript(
  run: string,
  stage: StageName,
  verb: Verb,
  { attempt, offset = 0, pass }: Start,
): Sh {
  const home = `${transactions}/${run}`;
  const folder = stageFolder(run, stage);
  const program = `${folder}/program`;
  const [events, known, pid] = [
    `${folder}/${verb}.events`,
    `${folder}/${verb}.attempt`,
    `${folder}/${verb}.pid`,
  ];
  // The run's control decides and reports the undo of what was armed.
  const command =
    verb === 'undo' && isArmedStage(stage)
      ? sh`${`${home}/control`} undo asked ${pass === undefined ? ['once'] : []}`
      : sh`${program} ${verb}`;
  return lines(
    sh`test -f ${program} || { echo 'this host holds no such transaction' >&2; exit 3; }`,
    pass === undefined || pass.skip.length === 0
      ? undefined
      : sh`export MESHBOOK_SKIP=${pass.skip.join(' ')} MESHBOOK_LEFT=${pass.left.length || ''}`,
    sh`exec 9<${program}`,
    raw(`flock -w 90 9 || { echo 'another meshbook is busy on this host' >&2; exit 8; }`),
    processes,
    sh`if [ "$(cat ${known} 2>/dev/null)" = ${attempt} ]; then`,
    // By now the number may be another process's.
    sh`  alive ${pid} || pid=`,
    raw('else'),
    // Nobody else may work here meanwhile. If the lock can't be taken because the disk is full, it undoes even so.
    verb === 'undo' && isArmedStage(stage)
      ? sh`  sh ${`${home}/control`} lock || case $? in 8 | 9) exit $? ;; esac`
      : undefined,
    sh`  : >${events}`,
    sh`  setsid sh ${command} </dev/null >/dev/null 2>&1 9<&- &`,
    sh`  pid=$!; identify "$pid"; { echo "$identity" >${pid}; echo ${attempt} >${known}; } 2>/dev/null`,
    raw('fi'),
    raw('exec 9<&-'),
    sh`tail -c ${`+${offset + 1}`} \${pid:+-f -s ${followSeconds} --pid="$pid"} ${events}`,
    // A program that began on a full disk could not even report that.
    sh`if ! tail -n 1 ${events} | grep -q '^end ' && stat -f -c '%f %S' ${folder} | awk '{ exit $1 * $2 >= 65536 }'; then`,
    sh`  echo "no space left on $(stat -c %m ${folder}), so that the host can't say how its program ended" >&2; exit 7`,
    raw('fi'),
  );
}

/** What a host knows about a run that changed it. */
export interface RunMemory {
  /** Stages whose program is stored there. */
  readonly stages: readonly string[];
  /** `confirmed`, `undone`, or empty while it is armed. */
  readonly decision: string;
  /**
   * Ids of what the armed stage has begun, of what it has completed, and of what its last undo has undone. Commands
   * that did not run are in none of them.
   */
  readonly begun: ReadonlySet<string>;
  readonly applied: ReadonlySet<string>;
  readonly undone: ReadonlySet<string>;
}

/** Prints what a host knows about these runs, for `readMemory`; writes nothing. */
export function memoryScript(runs: readonly string[]): Sh {
  return lines(
    sh`for run in ${runs}; do (`,
    sh`cd ${transactions}/"$run" 2>/dev/null || exit 0`,
    raw(`echo "run $run"
for program in */program; do if [ -f "$program" ]; then echo "stage \${program%/program}"; fi; done
if [ -h decision ]; then echo "decision $(readlink decision)"; fi
if [ -f ${armedStage}/journal ]; then sed 's/^/begun /' ${armedStage}/journal; fi
if [ -f ${armedStage}/apply.events ]; then sed -n 's/^ok /applied /p; s/^not-run /not-run /p' ${armedStage}/apply.events; fi
if [ -f ${armedStage}/undo.events ]; then sed -n 's/^ok /undone /p' ${armedStage}/undo.events; fi
); done`),
  );
}

/** Parses the output of `memoryScript`; runs that the host doesn't know are left out. */
export function readMemory(output: string): Map<string, RunMemory> {
  const runs = output.split(/^run /m).slice(1);
  return new Map(runs.map((text) => [text.slice(0, text.indexOf('\n')), memoryOf(text)]));
}

function memoryOf(text: string): RunMemory {
  const words = text.split('\n').map((line) => line.split(' '));
  const all = (key: string) => words.flatMap(([word, value]) => (word === key && value ? [value] : []));
  const notRun = new Set(all('not-run'));
  return {
    stages: all('stage'),
    decision: all('decision')[0] ?? '',
    begun: new Set(all('begun').filter((id) => !notRun.has(id))),
    applied: new Set(all('applied')),
    undone: new Set(all('undone')),
  };
}

/** Removes every trace of a run from a host on which nothing was begun. */
export function forgetScript(run: string): Sh {
  const home = `${transactions}/${run}`;
  return sh`if [ -s ${`${home}/control`} ]; then sh ${`${home}/control`} forget; else rm -rf -- ${home}; fi`;
}

/**
 * Removes what a finished run has left pending on a host, and prints `cleared` if there was something. What was armed,
 * decided or begun is left alone, except packages, which stay.
 */
export function clearScript(run: string): Sh {
  const home = `${transactions}/${run}`;
  return lines(
    sh`cd ${home} 2>/dev/null || exit 0`,
    raw(`if [ -h decision ] || [ -e armed ] || [ -s ${armedStage}/journal ]; then exit 0; fi`),
    raw(`if ${stagesOnRequest.map((stage) => `[ -s ${stage}/journal ]`).join(' || ')}; then`),
    endScript(run),
    raw('else'),
    forgetScript(run),
    raw('fi || exit'),
    raw('echo cleared'),
  );
}

/** Lets a host keep its changes. Prints `confirmed`, or `undone` if the host was faster. */
export function confirmScript(run: string, token: string): Sh {
  return sh`printf '%s\n' ${token} | sh ${`${transactions}/${run}/control`} confirm`;
}

/** Ends a run that did only its packages, which stay: nothing else is there to undo. */
export function endScript(run: string): Sh {
  return sh`sh ${`${transactions}/${run}/control`} undo asked once`;
}

/** Arms a host again that has undone the run itself, so that it can be applied once more. */
export function reopenScript(run: string): Sh {
  return sh`sh ${`${transactions}/${run}/control`} reopen`;
}

/** Prints a line for the run, or for every transaction on the host: see `parseStatus`. Writes nothing. */
export function statusScript(run?: string): Sh {
  return lines(
    sh`cd ${transactions} 2>/dev/null || exit 0`,
    raw('read -r now _ </proc/uptime'),
    run === undefined ? raw('for home in */; do') : sh`for home in ${run}; do`,
    raw(`  home=\${home%/}
  if ! [ -s "$home/control" ]; then continue; fi
  decision=$(readlink "$home/decision") || decision=pending
  left=-
  if [ -e "$home/armed" ] && read -r until <"$home/deadline"; then left=$((until - \${now%%.*})); fi
  report=$(cat "$home/report" 2>/dev/null)
  # Packages are taken back without the control, so that its report is older than that.
  if [ "$decision" = confirmed ] && ! [ -s "$home/${armedStage}/journal" ] && ${stagesOnRequest.map((stage) => `[ "$(tail -n 1 "$home/${stage}/undo.events" 2>/dev/null)" = 'end ok' ]`).join(' && ')}; then
    decision=undone report='undone by=asked ok'
  fi
  printf '%s\t%s\t%s\t%s\t%s\n' "$home" "$decision" "$left" "$(cat "$home/holder")" "$report"
done`),
  );
}

/**
 * Fails with the status and the output of a failed lock while a run other than these has locked the host. Writes
 * nothing.
 */
export function lockScript(runs: readonly string[]): Sh {
  return lines(
    raw('('),
    raw('  other=$(readlink /var/lib/meshbook/lock) || exit 0'),
    sh`  there=${transactions}/"$other"`,
    sh`  case ${` ${runs.join(' ')} `} in *" $other "*) exit 0 ;; esac`,
    sh`  if ! [ -f "$there/control" ] || sh "$there/control" over "$other"; then exit 0; fi`,
    raw('  echo "run $other holds this host: $(cat "$there/holder" 2>/dev/null)" >&2'),
    raw('  exit 9'),
    raw(') || exit $?'),
  );
}

/** Prints the notices of the host's last undo of a run, as events. Writes nothing. */
export function noticesScript(run: string): Sh {
  return sh`sed -n '/^notice /p' ${`${stageFolder(run, armedStage)}/undo.events`} 2>/dev/null || :`;
}

/** Extends the deadline, for a host that waits for others. */
export function extendScript(run: string): Sh {
  return sh`sh ${`${transactions}/${run}/control`} extend`;
}

/** Asks a running apply to stop after its present change. */
export function stopScript(run: string, stage: StageName): Sh {
  return sh`: >${`${stageFolder(run, stage)}/stop`}`;
}
