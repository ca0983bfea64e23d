import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { hostRunsFact } from '../facts/host-runs.ts';
import type { KnownHost } from '../plan/plan-hosts.ts';
import { clockTime } from './clock-time.ts';

/**
 * A warning for each run with armed hosts: their present state is temporary until it is undone. `now` is when they
 * were read.
 */
export function armedWarnings(hosts: readonly KnownHost[], now: Date): Diagnostic[] {
  const found = hosts.flatMap(({ resolved: { host }, facts }) =>
    (facts.find(hostRunsFact) ?? []).flatMap(({ run, holder, secondsLeft }) =>
      secondsLeft === undefined ? [] : [{ host: host.name, run, holder, secondsLeft }],
    ),
  );
  return [...new Set(found.map(({ run }) => run))].map((run) => {
    const armed = found.filter((one) => one.run === run);
    const first = Math.min(...armed.map(({ secondsLeft }) => secondsLeft));
    const at = clockTime(new Date(now.getTime() + first * 1000));
    const [who, it] = armed.length === 1 ? ['the host is', 'undoes'] : ['the hosts are', 'undo'];
    return {
      severity: 'warning',
      code: 'armed',
      message: `${who} armed by run ${run} of ${armed[0]?.holder}, and ${it} it at ${at} unless it is confirmed`,
      hosts: armed.map(({ host }) => host),
      hint: `meshbook confirm ${run}`,
    };
  });
}
