import { afterEach, expectEqual } from './laws.ts';
import { judgeUndo } from './undos.ts';
import { Finding, type World } from './world.ts';

/**
 * Undoes everything, the newest run first, with others' changes still there; then again without them, and by force if
 * a report says so. In the end the hosts' canonical facts are as at the start.
 */
export async function undoEverything(world: World): Promise<void> {
  let force = false;
  for (let left = 2 * world.undoable().length + 4; left > 0; left--) {
    const runs = world.undoable();
    if (runs.length === 0) break;
    if (left === 1) throw new Finding('everything can be undone', `still left: ${runs.join(', ')}`);
    const result = await world.meshbook('undo', '--last', '--yes', ...(force ? ['--force'] : []));
    await judgeUndo(world, result, !world.disturbed, force);
    if (world.undoable().length < runs.length) {
      await afterEach(world);
      force = false;
    } else if ([...world.foreign.values()].some(({ size }) => size > 0)) {
      await afterEach(world);
      await clear(world);
    } else {
      force = true;
    }
  }
  await clear(world);
  await afterEach(world);
  expectEqual(world, 'when everything is undone, all is as at the start', world.start, world.now);
}

/** Others remove what they have made. */
async function clear(world: World): Promise<void> {
  for (const ordinal of world.foreign.keys()) {
    for (const [, { remove = ':' }] of world.foreignOn(ordinal))
      await world.fleet.on(world.hostOf(ordinal), remove);
    world.foreign.delete(ordinal);
  }
}
