import { raw } from '../sh/sh.ts';
import type { FactFamily, FactQuery } from './fact.ts';
import { flag, list, record, text } from './schema.ts';

/** A run that a host keeps. */
export interface HostRun {
  readonly run: string;
  /** `user@machine` of the controller. */
  readonly holder: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Whether it isn't decided yet whether the run stays. */
  readonly pending: boolean;
}

/** Runs of any controller that stand on the host, or still go on; those that were undone are left out. */
const family: FactFamily<readonly HostRun[]> = {
  name: 'host_runs',
  command: 'readlink',
  schema: list(record({ run: text, holder: text, since: text, pending: flag })),
  query: () =>
    raw(`for home in /var/lib/meshbook/transactions/*/; do
  home=\${home%/}
  if ! [ -f "$home/control" ]; then continue; fi
  decision=$(readlink "$home/decision") || decision=pending
  printf '%s\\t%s\\t%s\\n' "\${home##*/}" "$decision" "$(cat "$home/holder")"
done`),
  parse: (output) => new Map([['', output.split('\n').flatMap(runOf)]]),
  canonical: (value) => value.map((run) => ({ ...run })),
};

export const hostRunsFact: FactQuery<readonly HostRun[]> = { family, key: '' };

function runOf(line: string): HostRun[] {
  const [, run, decision, holder = '', since = ''] =
    /^([\w-]+)\t(confirmed|pending)\t(.*) since (\S+)$/.exec(line) ?? [];
  return run === undefined ? [] : [{ run, holder, since, pending: decision === 'pending' }];
}
