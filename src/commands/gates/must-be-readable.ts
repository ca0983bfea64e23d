import { RunError } from '../../diagnostics/errors.ts';
import { queriesOf } from '../../plan/plan-host.ts';
import type { KnownHost } from '../../plan/plan-hosts.ts';

/**
 * A host with unreadable output would be changed in part, and fail when it is verified. So the run does not begin.
 * @throws RunError `protocol` with the unreadable facts and their hosts, if steps need them.
 */
export function mustBeReadable(hosts: readonly KnownHost[]): void {
  const found = hosts.flatMap(({ resolved, facts }) => {
    const states = queriesOf(resolved).map((query) => facts.state(query));
    const reasons = states.flatMap((state) =>
      state !== undefined && 'unknown' in state && state.unreadable ? [state.unknown] : [],
    );
    return [...new Set(reasons)].map((reason) => ({ host: resolved.host.name, reason }));
  });
  const [first] = found;
  if (first === undefined) return;
  const more = found.slice(1).map(({ host, reason }) => `${host}: ${reason}`);
  throw new RunError('protocol', [first.reason, ...more].join('; '), {
    host: first.host,
    hint: "nothing was changed anywhere; check the host's output, or exclude it with --limit",
  });
}
