import { isArmedStage } from '../changes/stage.ts';
import type { Skipped } from '../transaction/host-scripts.ts';
import type { HostResult } from './events.ts';
import { type HostRun, noticed, runProgram, staying } from './program-run.ts';
import type { StageIndex } from './stage-item.ts';
import { troubleOf } from './trouble.ts';

/**
 * Lets a host undo the stages of a run, the last one first, with the program that it stored itself. Never throws for
 * failures of hosts or connections: a host whose undo failed, or that is unreachable, is in doubt. `pass` is for the
 * armed stage.
 */
export async function undoStages(
  host: HostRun,
  begun: readonly StageIndex[],
  pass?: Skipped,
): Promise<HostResult> {
  const { name } = host.target;
  let changes = 0;
  const notices: string[] = [];
  const stays: string[] = [];
  host.emit({ type: 'phase', host: name, phase: 'undo', state: 'begin' });
  try {
    for (const stage of [...begun].reverse()) {
      const result = await runProgram(
        host,
        stage,
        'undo',
        isArmedStage(stage.name) && pass !== undefined ? { pass } : {},
      );
      changes += result.completed;
      notices.push(...result.notices);
      stays.push(...result.stays);
      if (result.outcome !== 'ok') {
        const trouble = result.trouble ?? { code: 'command-failed', message: 'the undo did not complete' };
        host.emit({ type: 'trouble', host: name, trouble });
        return { outcome: 'in-doubt', changes, trouble, ...noticed(notices) };
      }
    }
  } catch (error) {
    const trouble = troubleOf(error);
    host.emit({ type: 'trouble', host: name, trouble });
    // It never began if another run has locked the host.
    return {
      outcome: trouble.code === 'locked' && changes === 0 ? 'not-started' : 'in-doubt',
      changes,
      trouble,
      ...noticed(notices),
    };
  } finally {
    host.emit({ type: 'phase', host: name, phase: 'undo', state: 'end' });
  }
  return { outcome: 'undone', changes, ...staying(stays), ...noticed(notices) };
}
