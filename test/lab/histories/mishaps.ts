import { linkDown, linkUp } from '../../../src/lab/lab.ts';
import { differences, type Snapshot } from '../../../src/lab/snapshot.ts';
import type { RunEvent } from '../../../src/run/events.ts';
import type { Mishap } from './deeds.ts';
import { Finding, said, type World } from './world.ts';

interface Trouble {
  before?(world: World, host: string): Promise<void>;
  make(world: World, host: string): Promise<void>;
  mend?(world: World, host: string): Promise<void>;
}

const troubles: Readonly<Record<Exclude<Mishap['what'], 'controller killed'>, Trouble>> = {
  'host cut off': {
    make: (world, host) => linkDown(world.machines.lab, host),
    mend: (world, host) => linkUp(world.machines.lab, host),
  },
  'host rebooted': {
    make: async (world, host) => {
      await world.machines.stop(host);
      await world.machines.start(host);
    },
  },
  // meshbook's data is on a small file system during the run.
  'disk full': {
    before: async (world, host) => {
      await world.fleet.on(
        host,
        `mkdir -p /var/lib/meshbook /run/small /run/real; mount -t tmpfs -o size=8m,mode=0700 tmpfs /run/small
cp -a /var/lib/meshbook/. /run/small; mount --bind /var/lib/meshbook /run/real; mount --bind /run/small /var/lib/meshbook`,
      );
    },
    make: async (world, host) => {
      await world.fleet.on(host, 'cat /dev/zero >/var/lib/meshbook/filler 2>/dev/null || :');
    },
    mend: async (world, host) => {
      await world.fleet.on(
        host,
        `rm -f /var/lib/meshbook/filler; umount -l /var/lib/meshbook
find /run/real -mindepth 1 -delete; cp -a /run/small/. /run/real; umount -l /run/real; umount -l /run/small`,
      );
    },
  },
};

/** Applies with a fault in the middle, and settles the result as the report says. */
export async function applyWithMishap(
  world: World,
  args: readonly string[],
  { what, at, host: ordinal }: Mishap,
  failing: boolean,
): Promise<'refused' | 'done'> {
  const { fleet, machines } = world;
  const host = world.hostOf(ordinal);
  const before = world.now;
  const trouble = what === 'controller killed' ? undefined : troubles[what];
  await trouble?.before?.(world, host);
  const controller = fleet.start(args);
  const wanted = (event: RunEvent) => event.type === 'phase' && event.phase === at && event.state === 'begin';
  const came = await controller.until(wanted, true);
  if (came) {
    if (trouble === undefined) controller.signal('SIGKILL');
    else await trouble.make(world, host);
    controller.signal('SIGCONT');
  }
  const timer = setTimeout(() => controller.signal('SIGKILL'), machines.patience * 1000);
  const exit = await controller.end;
  clearTimeout(timer);
  const last = controller.events.slice(-2).map((event) => JSON.stringify(event));
  world.log.push(
    `$ meshbook ${args.join(' ')}   # ${exit}${came ? `, ${what}` : ''}`,
    controller.stderr,
    ...last,
  );
  if (!came) {
    await trouble?.mend?.(world, host);
    if (exit === 1) return 'refused';
  }
  const busy = await fleet.settled(machines.confirmTimeout + machines.slack);
  if (busy.length > 0)
    throw new Finding('no host is in doubt', `${busy.join(', ')} did not come to an end after: ${what}`);
  if (came) await trouble?.mend?.(world, host);
  await fleet.settled(machines.confirmTimeout + machines.slack);
  if (what === 'host rebooted' && came) await world.booted(ordinal);
  // Between two confirms hosts may end differently, and the report names the command that makes them equal.
  const advised = last.some((event) => event.includes(`meshbook recover ${controller.run}`));
  if (controller.run !== '' && (exit === 'SIGKILL' || exit === 5 || advised)) {
    const recover = await world.meshbook('recover', controller.run);
    if (recover.exitCode !== 0) throw new Finding('recover settles a run', said('recover', recover));
  }
  await judge(world, args, before, what === 'host rebooted' && came ? [host] : [], failing);
  if (controller.run !== '' && world.undoable().includes(controller.run))
    world.standing.push({ run: controller.run, before });
  return 'done';
}

/** All hosts are as before, or all as planned. */
async function judge(
  world: World,
  args: readonly string[],
  before: ReadonlyMap<string, Snapshot>,
  except: readonly string[],
  failing: boolean,
): Promise<void> {
  const now = await world.fleet.snapshots();
  const left = [...now].flatMap(([host, is]) =>
    except.includes(host)
      ? []
      : differences(world.comparable(before.get(host) as Snapshot), world.comparable(is)).map(
          (line) => `${host}: ${line}`,
        ),
  );
  if (left.length === 0) return;
  const plan = args.filter(
    (arg, index) => !['--yes', '--confirm-timeout'].includes(arg) && args[index - 1] !== '--confirm-timeout',
  );
  const { exitCode } = failing
    ? { exitCode: 2 }
    : await world.meshbook('plan', '--detailed-exitcode', ...plan.slice(1));
  if (exitCode !== 0)
    throw new Finding('a run ends wholly as before or wholly as planned', left.slice(0, 20).join('\n'));
}
