import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { flag, integer, list, recordOf, text } from './schema.ts';

/** A run that a host keeps. */
export interface HostRun {
  readonly run: string;
  /** `user@machine` of the controller. */
  readonly holder: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Whether the run is not decided yet. */
  readonly pending: boolean;
  /** For an armed one: seconds until the host undoes it. */
  readonly secondsLeft?: number;
}

/** Runs of any controller that are in force on the host, or in progress; undone ones are left out. */
const family: FactFamily<readonly HostRun[]> = {
  name: 'host_runs',
  command: 'readlink',
  schema: list(
    recordOf<HostRun>({ run: text, holder: text, since: text, pending: flag }, { secondsLeft: integer }),
  ),
  query: () =>
    raw(`read -r now _ </proc/uptime
for home in /var/lib/meshbook/transactions/*/; do
  home=\${home%/}
  if ! [ -f "$home/control" ]; then continue; fi
  decision=$(readlink "$home/decision") || decision=pending
  left=-
  if [ -e "$home/armed" ] && read -r until <"$home/deadline"; then left=$((until - \${now%%.*})); fi
  printf '%s\\t%s\\t%s\\t%s\\n' "\${home##*/}" "$decision" "$left" "$(cat "$home/holder")"
done`),
  parse: (output) => new Map([['', output.split('\n').flatMap(runOf)]]),
  canonical: (value) => value.map(({ secondsLeft: _, ...run }) => run),
};

export const hostRunsFact: FactQuery<readonly HostRun[]> = { family, key: '' };

function runOf(line: string): HostRun[] {
  const [, run, decision, left = '-', holder = '', since = ''] =
    /^([\w-]+)\t(confirmed|pending)\t(-|-?\d{1,9})\t(.*) since (\S+)$/.exec(line) ?? [];
  if (run === undefined) return [];
  const pending = decision === 'pending';
  const secondsLeft = pending && left !== '-' ? { secondsLeft: Math.max(0, Number(left)) } : {};
  return [{ run, holder, since, pending, ...secondsLeft }];
}
