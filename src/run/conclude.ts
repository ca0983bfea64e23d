import { isUndoneStage } from '../changes/stage.ts';
import { confirmScript, endScript, extendScript, forgetScript } from '../transaction/host-scripts.ts';
import { clockTime } from './clock-time.ts';
import { endingOf } from './ending.ts';
import type { Trouble } from './events.ts';
import { inParallel } from './parallel.ts';
import { ask, isLost } from './patience.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { askRunState, awaitUndo, expired } from './run-state.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';

/**
 * Ends a run on every host: those that keep their changes are confirmed, the others undone. Confirms are not atomic: a
 * host whose deadline passes first has undone itself, and says so.
 */
export async function concludeRun(
  active: readonly Progress[],
  failed: boolean,
  options: ApplyOptions,
): Promise<void> {
  const { leaveArmed, onFailure, signal } = options;
  const end = { failed, interrupted: signal.aborted, onFailure, leaveArmed };
  const endings = active.map((progress) => ({
    progress,
    ending: endingOf({ troubled: progress.trouble !== undefined }, end),
  }));
  if (active.length > 0 && endings.every(({ ending }) => ending === 'stays-armed')) {
    const armedUntil = new Date(Date.now() + options.confirmTimeout * 1000).toISOString();
    // The deadlines are extended for the last time.
    await inParallel(active, options.forks, ({ connection, run }) =>
      connection.run(extendScript(run).text, { timeoutMs: 10_000 }).catch(() => {}),
    );
    for (const progress of active) [progress.outcome, progress.armedUntil] = ['armed', armedUntil];
    return;
  }
  options.decide(
    failed && onFailure === 'undo_all' ? 'undo' : 'confirm',
    endings.filter(({ ending }) => ending === 'undo').map(({ progress: { target } }) => target.name),
  );
  await inParallel(endings, options.forks, async ({ progress, ending }) => {
    if (progress.begun.length === 0) await forget(progress);
    else if (ending === 'undo') await undo(progress, options);
    else await confirm(progress, options);
  });
}

/**
 * Nothing was begun: what was stored for it is removed. A host that can't be reached forgets it itself at its
 * deadline.
 */
async function forget(progress: Progress): Promise<void> {
  progress.outcome = 'not-started';
  await progress.connection.run(forgetScript(progress.run).text, { timeoutMs: 10_000 }).catch(() => {});
}

/** A host that has undone the run itself isn't told to do so again, so that its report stays true. */
async function undo(progress: Progress, options: ApplyOptions): Promise<void> {
  const stages = progress.begun.filter(({ name }) => isUndoneStage(name));
  // Packages stay; with nothing else to undo, the host only has to be told that the run is over.
  if (stages.length === 0) {
    await ask(progress, endScript(progress.run).text).catch(() => {});
    progress.outcome = 'undone';
    return;
  }
  try {
    const { state } = await askRunState(progress, progress.run);
    if (state === 'undone') return await undoneByItself(progress, options);
    const { outcome, changes, stays = [], trouble, notices = [] } = await undoStages(progress, stages);
    progress.outcome = outcome;
    if (outcome === 'undone') [progress.undoable, progress.stays] = [changes, stays];
    progress.notices = notices;
    if (trouble !== undefined) progress.trouble = alone(progress, trouble, options);
  } catch (error) {
    inDoubt(progress, error, options);
  }
}

async function undoneByItself(progress: Progress, options: ApplyOptions, hint?: string): Promise<void> {
  const { trouble: before } = progress;
  const { outcome, trouble, notices = [] } = expired(await awaitUndo(progress, progress.run), hint);
  progress.outcome = outcome;
  progress.notices = notices;
  // Perhaps the reason why it was left alone for so long.
  const known = before === undefined || before.code === trouble.code ? '' : `${before.message}; `;
  progress.trouble = { ...before, ...trouble, message: `${known}${trouble.message}` };
  options.emit({ type: 'trouble', host: progress.target.name, trouble: progress.trouble });
}

function inDoubt(progress: Progress, error: unknown, options: ApplyOptions, unless = ''): void {
  progress.outcome = 'in-doubt';
  progress.trouble = alone(progress, troubleOf(error), options, unless);
  options.emit({ type: 'trouble', host: progress.target.name, trouble: progress.trouble });
}

/** The first error; and when an unreachable host, whose deadline nobody extends any more, ends it. */
function alone(progress: Progress, trouble: Trouble, options: ApplyOptions, unless = ''): Trouble {
  const { trouble: first = trouble, applied, disconnectedSince = Date.now() } = progress;
  if (!isLost(trouble)) return first;
  const { confirmTimeout } = options;
  const by = clockTime(new Date(disconnectedSince + confirmTimeout * 1000));
  const when = applied ? `at ${by} at the latest` : `${confirmTimeout} s after its last change`;
  return { ...first, hint: `${unless}it begins ${when} to undo everything on its own` };
}

async function confirm(progress: Progress, options: ApplyOptions): Promise<void> {
  const host = progress.target.name;
  const kept = progress.trouble === undefined && !options.signal.aborted ? 'changed' : 'kept';
  options.emit({ type: 'phase', host, phase: 'confirm', state: 'begin' });
  try {
    const answer = await ask(progress, confirmScript(progress.run, options.token).text);
    if (answer.trim() === 'confirmed') progress.outcome = kept;
    else
      await undoneByItself(progress, options, `meshbook recover ${progress.run} gives it the run once more`);
  } catch (error) {
    inDoubt(progress, error, options, 'unless the confirm has reached it, ');
  }
  options.emit({ type: 'phase', host, phase: 'confirm', state: 'end' });
}
