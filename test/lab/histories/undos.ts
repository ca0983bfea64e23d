import type { CommandResult } from '../../../src/lab/command.ts';
import type { Deed } from './deeds.ts';
import { doubtWithoutReason } from './doubt.ts';
import { afterEach, expectEqual } from './laws.ts';
import { Finding, said, type World } from './world.ts';

type Undo = Extract<Deed, { do: 'undo' }>;

/** Undoes a run, or all runs after it. */
export async function undoDeed(world: World, deed: Undo): Promise<void> {
  const runs = world.undoable();
  const run = { last: runs.at(-1), oldest: runs[0], 'last but one': runs.at(-2) }[deed.run];
  if (run === undefined) return;
  if (deed.backTo) return backTo(world, run);
  const record = world.fleet.record(run);
  const host = Object.values(record.hosts).find(
    ({ target }) => target.name.replace(/\D/g, '') === String(deed.limit),
  );
  if (deed.limit !== undefined && host === undefined) return;
  const newest = world.standing.at(-1);
  const orderly = !world.disturbed && newest?.run === run && deed.limit === undefined;
  for (let time = deed.twice ? 2 : 1; time > 0; time--) {
    const which = deed.run === 'last' && !deed.twice ? '--last' : run;
    const more = [
      ...(deed.force ? ['--force'] : []),
      ...(host === undefined ? [] : ['--limit', host.target.name]),
    ];
    const result = await world.meshbook('undo', which, '--yes', ...more);
    await judgeUndo(world, result, orderly, deed.force ?? false);
  }
  if (deed.force)
    for (const ordinal of world.foreign.keys())
      await world.forgetGone(ordinal, ({ onOurs }) => onOurs === true);
  await afterEach(world);
  if (orderly) expectEqual(world, 'an undo brings back what was', newest.before, world.now);
  if (world.standing.some((one) => one.run === run)) {
    if (newest?.run !== run || deed.limit !== undefined) world.disturbed = true;
    if (deed.limit === undefined) world.standing = world.standing.filter((one) => one.run !== run);
  }
}

async function backTo(world: World, run: string): Promise<void> {
  const place = world.standing.findIndex((one) => one.run === run);
  const next = world.standing[place + 1];
  const orderly = !world.disturbed && place >= 0;
  const result = await world.meshbook('undo', '--to', run, '--yes');
  await judgeUndo(world, result, orderly, false);
  await afterEach(world);
  if (orderly && next !== undefined)
    expectEqual(world, 'an undo brings back what was', next.before, world.now);
  if (orderly) world.standing = world.standing.slice(0, place + 1);
  else world.disturbed = true;
}

/** Which results an undo may have: only success, if nothing speaks against it. */
export async function judgeUndo(
  world: World,
  result: CommandResult,
  orderly: boolean,
  force: boolean,
): Promise<void> {
  if (result.exitCode === 0) return;
  if (result.exitCode === 5) await doubtWithoutReason(world, result);
  const words = said('undo', result);
  const conflict = result.exitCode === 4 && /conflicts? left alone/.test(result.stdout);
  if (conflict && force) throw new Finding('a forced undo leaves nothing', words);
  if (conflict && orderly) throw new Finding('an undo meets no conflict that nobody made', words);
  // A refusal changes nothing and gives a reason.
  if (!conflict && !(result.exitCode === 1 && !orderly)) throw new Finding('an undo does not fail', words);
}
