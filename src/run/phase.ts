import type { Trouble } from './events.ts';
import { inParallel } from './parallel.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';

/** Does one phase of a run on these hosts. What fails on one is that one's trouble. */
export async function each(
  hosts: readonly Progress[],
  options: ApplyOptions,
  phase: 'prepare' | 'apply' | 'verify',
  work: (progress: Progress) => Promise<void>,
): Promise<void> {
  await inParallel(hosts, options.forks, async (progress) => {
    const host = progress.target.name;
    options.emit({ type: 'phase', host, phase, state: 'begin' });
    try {
      await work(progress);
    } catch (error) {
      fail(progress, troubleOf(error), options);
    }
    options.emit({ type: 'phase', host, phase, state: 'end' });
  });
}

/** A host is in trouble; where everything is undone then, all others stop after the change that they are at. */
export function fail(progress: Progress, trouble: Trouble, options: ApplyOptions): void {
  progress.trouble ??= trouble;
  if (options.onFailure === 'undo_all') progress.halt.abort();
  options.emit({ type: 'trouble', host: progress.target.name, trouble });
}

/** Whether the run goes no further. */
export function stopped(active: readonly Progress[], options: ApplyOptions): boolean {
  return options.signal.aborted || active.some(({ trouble }) => trouble !== undefined);
}
