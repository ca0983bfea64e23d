import { RunError } from '../diagnostics/errors.ts';
import { confirmScript, forgetScript } from '../transaction/host-scripts.ts';
import { inParallel } from './parallel.ts';
import type { ApplyOptions, Progress } from './progress.ts';
import { troubleOf } from './trouble.ts';
import { undoStages } from './undo-host.ts';

/** For how long a host that can't be reached is asked to confirm. */
const patienceMs = 20_000;

/**
 * Ends a run on every host: those that shall keep their changes are confirmed, the others undone. Confirms are not
 * atomic: a host whose deadline passes first has undone itself, and says so.
 */
export async function concludeRun(
  active: readonly Progress[],
  failed: boolean,
  options: ApplyOptions,
): Promise<void> {
  if (options.leaveArmed && !failed) {
    for (const progress of active) progress.outcome = 'armed';
    return;
  }
  options.decide(failed && options.onFailure === 'undo_all' ? 'undo' : 'confirm');
  await inParallel(active, options.forks, async (progress) => {
    if (progress.begun.length === 0) await forget(progress);
    else if (failed && mustUndo(progress, options)) await undo(progress, options);
    else await confirm(progress, options);
  });
}

function mustUndo({ trouble }: Progress, { onFailure, signal }: ApplyOptions): boolean {
  if (onFailure === 'keep') return false;
  return onFailure === 'undo_all' || trouble !== undefined || signal.aborted;
}

/** Nothing was begun: what was stored for it goes. A host that can't be asked forgets by itself when it expires. */
async function forget(progress: Progress): Promise<void> {
  progress.outcome = 'not-started';
  await progress.connection.run(forgetScript(progress.run).text, { timeoutMs: 10_000 }).catch(() => {});
}

async function undo(progress: Progress, options: ApplyOptions): Promise<void> {
  const stages = progress.begun.filter(({ name }) => name !== 'packages');
  // Packages stay, and with nothing else to take back the host only has to be told that the run is over.
  if (stages.length === 0) {
    await askToConfirm(progress, options).catch(() => {});
    progress.outcome = 'undone';
    return;
  }
  const result = await undoStages(progress, stages);
  progress.outcome = result.outcome;
  if (result.trouble !== undefined) progress.trouble ??= result.trouble;
}

async function confirm(progress: Progress, options: ApplyOptions): Promise<void> {
  const host = progress.target.name;
  const kept = progress.trouble === undefined && !options.signal.aborted ? 'changed' : 'kept';
  options.emit({ type: 'phase', host, phase: 'confirm', state: 'begin' });
  try {
    const answer = await askToConfirm(progress, options);
    progress.outcome = answer === 'confirmed' ? kept : 'undone';
    if (answer !== 'confirmed') {
      progress.trouble ??= {
        code: 'expired',
        message: 'the host had taken everything back before it was confirmed',
      };
    }
  } catch (error) {
    progress.outcome = 'in-doubt';
    progress.trouble = troubleOf(error);
    options.emit({ type: 'trouble', host, trouble: progress.trouble });
  }
  options.emit({ type: 'phase', host, phase: 'confirm', state: 'end' });
}

async function askToConfirm(progress: Progress, { token, transport }: ApplyOptions): Promise<string> {
  const end = Date.now() + patienceMs;
  while (true) {
    try {
      const result = await progress.connection.run(confirmScript(progress.run, token).text, {
        timeoutMs: 10_000,
      });
      if (result.exitCode === 0) return result.stdout.trim();
      throw new RunError('state', `the host refuses the confirm: ${result.stderr.trim().slice(-300)}`);
    } catch (error) {
      if (!(error instanceof RunError) || error.code === 'state' || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1000));
      progress.connection.close();
      progress.connection = await transport.connect(progress.target).catch(() => progress.connection);
    }
  }
}
