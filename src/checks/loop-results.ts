import type { CheckResult } from './result.ts';
import type { CheckTask } from './tasks.ts';

/** The result of one round of broadcasts on a host. */
export interface LoopCount {
  /** How often each host's broadcast arrived here. */
  readonly heard: ReadonlyMap<string, number>;
  /** Why this host could not take part. */
  readonly cannot?: string;
}

/**
 * A broadcast may arrive once on each other host, and never at its sender. One that didn't arrive at all says
 * nothing about loops. A host that isn't in `ears` has no results.
 */
export function loopResults(
  tasks: readonly CheckTask[],
  ears: ReadonlyMap<string, LoopCount>,
): CheckResult[] {
  const results = tasks.flatMap(({ check, source, target }): CheckResult[] => {
    const [from, to] = [ears.get(source), ears.get(target)];
    if (from === undefined || to === undefined) return [];
    const result = (state: CheckResult['state'], output = '') => [{ check, source, target, state, output }];
    if (from.cannot !== undefined) return result('unknown', `can't send on ${source}: ${from.cannot}`);
    if (to.cannot !== undefined) return result('unknown', `can't listen on ${target}: ${to.cannot}`);
    const times = to.heard.get(source) ?? 0;
    if (times === 0) return result('unknown', 'the broadcast did not arrive');
    return times === 1
      ? result('ok')
      : result('failed', `one broadcast arrived ${times} times: there is a loop`);
  });
  const sources = new Map(tasks.map((task) => [task.source, task.check]));
  const echoes = [...sources].flatMap(([source, check]): CheckResult[] => {
    const times = ears.get(source)?.heard.get(source) ?? 0;
    const output = `a broadcast came back to its sender ${times} times: there is a loop`;
    return times === 0 ? [] : [{ check, source, target: source, state: 'failed', output }];
  });
  return [...results, ...echoes];
}
