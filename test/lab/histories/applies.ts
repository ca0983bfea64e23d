import type { Deed } from './deeds.ts';
import { doubtWithoutReason } from './doubt.ts';
import { afterEach, expectEqual, nothingIsLeftOver, pairsReachEachOther, planIsEmpty } from './laws.ts';
import { applyWithMishap } from './mishaps.ts';
import { nameOf, type Wish } from './wish.ts';
import { Finding, said, type World } from './world.ts';

type Apply = Extract<Deed, { do: 'apply' }>;

/** Applies the present files. */
export async function applyDeed(world: World, deed: Apply): Promise<void> {
  const before = { wish: world.wish, now: world.now, runs: world.runs() };
  const wish = { ...world.wish, ...deed.edit };
  const { limit, fails } = deed;
  if (limit !== undefined && !wish.hosts.includes(limit)) return;
  const failing = fails !== undefined && wish.hosts.includes(fails) && (limit ?? fails) === fails;
  const path = world.write(wish, failing ? failsOn(nameOf(wish, fails)) : '');
  const args = [...argumentsOf(deed, wish, world.machines.confirmTimeout), path];
  if (deed.mishap !== undefined) {
    const done = await applyWithMishap(world, args, deed.mishap, failing);
    if (done !== 'refused') world.wish = wish;
    else world.write(before.wish);
    return afterEach(world);
  }
  const result = await world.meshbook(...args);
  const [run] = world.runs().filter((id) => !before.runs.includes(id));
  if (result.exitCode === 1 && run === undefined) {
    world.write(before.wish);
    await afterEach(world);
    return expectEqual(world, 'a refused apply changes nothing', before.now, world.now);
  }
  world.wish = wish;
  if (failing && result.exitCode === 4 && deed.tags === undefined) {
    await afterEach(world);
    if (deed.onFailure === undefined)
      return expectEqual(world, 'a run that failed is undone', before.now, world.now);
    world.disturbed = true;
    return;
  }
  if (result.exitCode === 5) await doubtWithoutReason(world, result);
  if (result.exitCode !== 0)
    throw new Finding('what the plan showed as clean does not fail', said('apply', result));
  if (run !== undefined && deed.unconfirmed === 'left alone') return leftAlone(world, before.now);
  if (run !== undefined && deed.unconfirmed !== undefined) {
    const confirm = await world.meshbook('confirm', run);
    if (confirm.exitCode !== 0) throw new Finding('a run can be confirmed', said('confirm', confirm));
  }
  if (run !== undefined) world.standing.push({ run, before: before.now });
  await afterEach(world);
  const whole = deed.tags === undefined && limit === undefined;
  if (!whole || failing) return;
  await planIsEmpty(world, path, deed.prune ?? false);
  if (deed.prune) await nothingIsLeftOver(world);
  await pairsReachEachOther(world);
}

function argumentsOf(
  { tags, limit, peers, prune, onFailure, unconfirmed }: Apply,
  wish: Wish,
  seconds: number,
) {
  // A user who confirms by hand needs longer than the deadline for a lost controller.
  const timeout = unconfirmed === 'confirmed later' ? 120 : seconds;
  return [
    ...['apply', '--yes', '--confirm-timeout', `${timeout}s`],
    ...(tags === undefined ? [] : ['--tags', tags]),
    ...(limit === undefined ? [] : ['--limit', nameOf(wish, limit)]),
    ...(limit === undefined || peers === undefined
      ? []
      : [peers === 'along' ? '--include-peers' : '--allow-one-sided']),
    ...(prune === undefined ? [] : ['--prune']),
    ...(onFailure === undefined ? [] : ['--on-failure', onFailure]),
    ...(unconfirmed === undefined ? [] : ['--no-confirm']),
  ];
}

/** Nobody confirms the run: all hosts undo it. */
async function leftAlone(world: World, before: World['now']): Promise<void> {
  const { confirmTimeout, slack } = world.machines;
  const busy = await world.fleet.settled(confirmTimeout + slack);
  if (busy.length > 0) throw new Finding('no host is in doubt', `${busy.join(', ')} stay armed`);
  await afterEach(world);
  expectEqual(world, 'a run that nobody confirms is undone', before, world.now);
}

function failsOn(name: string): string {
  return `  - { name: Fails, hosts: ${name}, command: { run: exit 1, always: true } }\n`;
}

/** Runs of another playbook, none of which succeeds. */
export async function failingRuns(world: World, times: number): Promise<void> {
  const path = world.fleet.write(
    'failing.yml',
    'name: Fails\nhosts: docker_hosts\nsteps:\n  - command: { run: exit 1, always: true }\n',
  );
  const before = world.now;
  for (let i = 0; i < times; i++) {
    const result = await world.meshbook('apply', '--yes', path);
    if (result.exitCode === 5) await doubtWithoutReason(world, result);
    if (result.exitCode !== 4)
      throw new Finding('a run that failed is undone', `apply ended with ${result.exitCode}`);
  }
  await afterEach(world);
  expectEqual(world, 'a run that failed is undone', before, world.now);
}
