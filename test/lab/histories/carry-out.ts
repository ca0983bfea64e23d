import { applyDeed, failingRuns } from './applies.ts';
import { handMade } from './by-hand.ts';
import type { Deed } from './deeds.ts';
import { afterEach } from './laws.ts';
import { undoDeed } from './undos.ts';
import type { World } from './world.ts';

/** Does a deed on the hosts, and throws a Finding if a law is broken, now or afterwards. */
export async function carryOut(world: World, deed: Deed): Promise<void> {
  switch (deed.do) {
    case 'apply':
      return applyDeed(world, deed);
    case 'failing runs':
      return failingRuns(world, deed.times);
    case 'undo':
      return undoDeed(world, deed);
    case 'by hand':
      return byHand(world, deed.host, deed.what);
    case 'reboot':
      return reboot(world, deed.host);
  }
}

async function byHand(world: World, ordinal: number, what: keyof typeof handMade): Promise<void> {
  const thing: (typeof handMade)[typeof what] = handMade[what];
  const { exitCode, stderr } = await world.machines.exec(world.hostOf(ordinal), `set -e\n${thing.make}`);
  if (exitCode === 9) return;
  if (exitCode !== 0) throw new Error(`by hand on host ${ordinal}, ${what}: ${stderr}`);
  world.disturbed = true;
  if ('there' in thing) {
    const made = world.foreign.get(ordinal) ?? new Set();
    world.foreign.set(ordinal, made.add(what));
  } else {
    await world.forgetGone(ordinal, (other) => other.onOurs === true);
  }
  await afterEach(world);
}

async function reboot(world: World, ordinal: number): Promise<void> {
  const host = world.hostOf(ordinal);
  await world.machines.stop(host);
  await world.machines.start(host);
  await world.fleet.settled(world.machines.slack);
  await world.booted(ordinal);
  await afterEach(world);
}
