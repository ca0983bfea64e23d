import type { CommandResult } from '../../../src/lab/command.ts';
import { handMade } from './by-hand.ts';
import type { Deed } from './deeds.ts';
import { afterEach, expectEqual, pairsReachEachOther, planIsEmpty } from './laws.ts';
import { applyWithMishap } from './mishaps.ts';
import { nameOf } from './wish.ts';
import { Finding, tail, type World } from './world.ts';

type Apply = Extract<Deed, { do: 'apply' }>;
type Undo = Extract<Deed, { do: 'undo' }>;

/** Does a deed on the hosts, and throws a Finding where something isn't as it must be, now or afterwards. */
export async function carryOut(world: World, deed: Deed): Promise<void> {
  switch (deed.do) {
    case 'apply':
      return apply(world, deed);
    case 'failing runs':
      return failingRuns(world, deed.times);
    case 'undo':
      return undo(world, deed);
    case 'by hand':
      return byHand(world, deed.host, deed.what);
    case 'reboot':
      return reboot(world, deed.host);
  }
}

async function apply(world: World, deed: Apply): Promise<void> {
  const before = { wish: world.wish, now: world.now, runs: world.runs() };
  const wish = { ...world.wish, ...deed.edit };
  const { limit, fails } = deed;
  if (limit !== undefined && !wish.hosts.includes(limit)) return;
  const failing = fails !== undefined && wish.hosts.includes(fails) && (limit ?? fails) === fails;
  const path = world.write(wish, failing ? failsOn(nameOf(wish, fails)) : '');
  const args = ['apply', '--yes', '--confirm-timeout', `${world.machines.confirmTimeout}s`, path];
  if (deed.tags !== undefined) args.push('--tags', deed.tags);
  if (limit !== undefined) {
    args.push('--limit', nameOf(wish, limit));
    if (deed.peers !== undefined) args.push(deed.peers === 'along' ? '--include-peers' : '--allow-one-sided');
  }
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
    expectEqual(world, 'a run that failed is undone', before.now, world.now);
    world.write(wish);
    return;
  }
  if (result.exitCode === 5) await doubtWithoutReason(world, result);
  if (result.exitCode !== 0)
    throw new Finding(
      'what the plan showed as clean does not fail',
      `apply ended with ${result.exitCode}\n${tail(result.stdout, 30)}\n${tail(result.stderr, 20)}`,
    );
  if (run !== undefined) world.standing.push({ run, before: before.now });
  await afterEach(world);
  const whole = deed.tags === undefined && limit === undefined;
  if (!whole || failing) return;
  await planIsEmpty(world, path);
  await pairsReachEachOther(world);
}

function failsOn(name: string): string {
  return `  - { name: Fails, hosts: ${name}, command: { run: exit 1, always: true } }\n`;
}

async function failingRuns(world: World, times: number): Promise<void> {
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

async function undo(world: World, deed: Undo): Promise<void> {
  const runs = world.undoable();
  const run = { last: runs.at(-1), oldest: runs[0], 'last but one': runs.at(-2) }[deed.run];
  if (run === undefined) return;
  const record = world.fleet.record(run);
  const host = Object.values(record.hosts).find(
    ({ target }) => target.name.replace(/\D/g, '') === String(deed.limit),
  );
  if (deed.limit !== undefined && host === undefined) return;
  const newest = world.standing.at(-1);
  const orderly = !world.disturbed && newest?.run === run && deed.limit === undefined;
  for (let time = deed.twice ? 2 : 1; time > 0; time--) {
    const which = deed.run === 'last' && !deed.twice ? '--last' : run;
    const result = await world.meshbook(
      'undo',
      which,
      '--yes',
      ...(deed.force ? ['--force'] : []),
      ...(host === undefined ? [] : ['--limit', host.target.name]),
    );
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

/** What an undo may end with: without anything that speaks against it, with nothing but success. */
export async function judgeUndo(
  world: World,
  result: CommandResult,
  orderly: boolean,
  force: boolean,
): Promise<void> {
  if (result.exitCode === 0) return;
  if (result.exitCode === 5) await doubtWithoutReason(world, result);
  const said = `undo ended with ${result.exitCode}\n${tail(result.stdout, 30)}\n${tail(result.stderr, 20)}`;
  const conflict = result.exitCode === 4 && /conflicts? left alone/.test(result.stdout);
  if (conflict && force) throw new Finding('a forced undo leaves nothing', said);
  if (conflict && orderly) throw new Finding('an undo meets no conflict that nobody made', said);
  // A refusal changes nothing and says why.
  if (!conflict && !(result.exitCode === 1 && !orderly)) throw new Finding('an undo does not fail', said);
}

/** Nothing has gone wrong, and still a host is in doubt: does what the report advises, and says whether that helps. */
async function doubtWithoutReason(world: World, { stdout, stderr }: CommandResult): Promise<never> {
  const advice = advised(stdout);
  const after: string[] = [];
  for (const command of advice) {
    const args = command.split(' ').slice(1);
    const yes = args[0] === 'undo' ? ['--yes'] : [];
    after.push(`${command}: ${(await world.meshbook(...args, ...yes)).exitCode}`);
  }
  throw new Finding(
    'no host is in doubt',
    `exit code 5\n${tail(stdout, 30)}\n${tail(stderr, 20)}\nwhat it advises: ${after.join('; ') || 'nothing'}`,
  );
}

/** The commands that a report says will settle what it tells of. */
export function advised(stdout: string): string[] {
  return [...stdout.matchAll(/^ {2}(meshbook (?:undo|recover) .*)$/gm)].map(([, command = '']) =>
    command.trim(),
  );
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
