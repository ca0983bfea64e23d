import { RunError } from '../diagnostics/errors.ts';
import { lines, raw, type Sh, sh } from '../sh/sh.ts';
import { cannotTell, commandOf, helpers } from './commands.ts';
import type { CheckResult } from './result.ts';
import type { CheckTask } from './tasks.ts';

/** How many checks a host runs at once. */
const atOnce = 16;

/** All checks of one host as one script, and the parser of its output. */
export interface HostChecks {
  readonly script: Sh;
  /** Its time limit in seconds. */
  readonly limit: number;
  /** @throws RunError `protocol` if the output is cut off or isn't the script's. */
  parse(output: string): CheckResult[];
}

/** `nonce` must be unguessable, so that output of a host can't pass for a result. */
export function compileChecks(tasks: readonly CheckTask[], nonce: string): HostChecks {
  const queues = Array.from({ length: Math.min(atOnce, tasks.length) }, (_, first) =>
    tasks.flatMap((task, id) => (id % atOnce === first ? [{ task, id }] : [])),
  );
  const script = lines(
    raw(`set -u
nl='
'`),
    helpers,
    report(nonce),
    ...tasks.map((task, id) => lines(sh`task_${id}() {`, commandOf(task), raw('}'))),
    ...queues.map((queue) =>
      lines(raw('('), ...queue.map(({ task, id }) => sh`report ${id} ${Math.ceil(task.retry)}`), raw(') &')),
    ),
    raw('wait'),
    sh`printf '%s end\\n' ${nonce}`,
  );
  const seconds = queues.map((queue) => queue.reduce((sum, { task }) => sum + secondsOf(task), 0));
  return { script, limit: Math.max(0, ...seconds) + 15, parse: (output) => parse(output, tasks, nonce) };
}

function secondsOf({ action, timeout, retry }: CheckTask): number {
  const packets = action.kind === 'ping' ? (action.params.count ?? 1) : 1;
  // The last attempt begins before the retries are over, and may end a second late.
  return retry + timeout + packets * 0.2 + 3;
}

/**
 * Time comes from the uptime (proc(5)), which setting the clock doesn't change. It has two decimals: without
 * the point it is in hundredths of a second, as is the duration of the last attempt.
 */
function report(nonce: string): Sh {
  return lines(
    raw(`report() { # report TASK SECONDS: tries for so long, and prints one line
  read -r now _ </proc/uptime
  end=$((\${now%%.*} + $2))
  while :; do
    since=$now
    out=$({ "task_$1" 2>&1; printf '\\n%s' "$?"; } | tail -c 1500)
    status=\${out##*"$nl"}
    read -r now _ </proc/uptime
    took=$((\${now%%.*}\${now#*.} - \${since%%.*}\${since#*.}))
    case $status in 0 | ${cannotTell}) break ;; esac
    if [ "\${now%%.*}" -ge "$end" ]; then break; fi
    sleep 0.5
    read -r now _ </proc/uptime
  done`),
    sh`  printf '%s %s %s %s %s\\n' ${nonce} "$1" "$status" "$took" "$(printf %s "\${out%"$nl"*}" | base64 | tr -d '\\n')"`,
    raw('}'),
  );
}

function parse(output: string, tasks: readonly CheckTask[], nonce: string): CheckResult[] {
  const rows = output.split('\n');
  const results = new Map<number, CheckResult>();
  if (rows.pop() !== '' || rows.pop() !== `${nonce} end`) throw garbage('ends before its checks do');
  for (const row of rows) {
    const [, start, id = '', status = '', took = '', text = ''] =
      /^(\w+) (\d{1,6}) (\d{1,3}) (\d{1,12}) ([A-Za-z0-9+/]*={0,2})$/.exec(row) ?? [];
    const task = tasks[Number(id)];
    if (start !== nonce || task === undefined || results.has(Number(id))) {
      throw garbage(`has a line that no check of ours prints: ${JSON.stringify(row.slice(0, 200))}`);
    }
    const printed = Buffer.from(text, 'base64').toString('utf8');
    results.set(Number(id), resultOf(task, Number(status), Number(took), printed));
  }
  if (results.size !== tasks.length) throw garbage('leaves out some of its checks');
  return tasks.map((_, id) => results.get(id) as CheckResult);
}

function resultOf(
  { check, source, target, timeout }: CheckTask,
  status: number,
  hundredths: number,
  text: string,
): CheckResult {
  if (status === 0) return { check, source, target, state: 'ok', output: '' };
  // timeout(1): 124 at the time limit, 137 if that took a KILL. A command may also exit with these itself.
  const isLate = (status === 124 || status === 137) && hundredths >= Math.floor(timeout * 100);
  const late = isLate ? `no answer within ${timeout} s` : '';
  const output = [text.trim(), late].filter((part) => part !== '').join('\n');
  const state = status === cannotTell ? 'unknown' : 'failed';
  return { check, source, target, state, output: output === '' ? `exit status ${status}` : output };
}

function garbage(how: string): RunError {
  return new RunError('protocol', `the host's answer ${how}`);
}
