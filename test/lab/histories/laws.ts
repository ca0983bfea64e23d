import { setTimeout as sleep } from 'node:timers/promises';
import { differences, type Snapshot } from '../../../src/lab/snapshot.ts';
import type { Snapshots } from '../faults/fleet.ts';
import { Finding, said, type World } from './world.ts';

/** What must hold after each deed; reads the hosts' facts again. */
export async function afterEach(world: World): Promise<void> {
  await Promise.all(world.fleet.hosts.map((host, index) => lookAt(world, host, index + 1)));
  world.now = await world.fleet.snapshots();
}

async function lookAt(world: World, host: string, ordinal: number): Promise<void> {
  const things = world.foreignOn(ordinal);
  const questions = things.map(
    ([what, { there = ':' }]) => `( ${there} ) >/dev/null 2>&1 || echo "gone: ${what}"`,
  );
  const said = await world.fleet.on(host, `( ${held} )\n${questions.join('\n')}\n:`);
  for (const line of said.split('\n').filter(Boolean)) {
    if (line.startsWith('gone: '))
      throw new Finding('what others made is still there', `${host}: ${line.slice(6)}`);
    throw new Finding('no host is in doubt', `${host}: ${line}`);
  }
}

// A run that is not decided or not finished. A host finishes a moment after its own report.
const held = `
cd /var/lib/meshbook/transactions 2>/dev/null || exit 0
state() {
  if [ -e "$1/armed" ]; then echo "still armed"; fi
  if [ -h "$1/decision" ] && ! [ -e "$1/report" ]; then echo "decided and not finished"; fi
}
for home in */; do
  [ -d "$home" ] || continue
  for try in 1 2 3 4; do
    if [ -z "$(state "$home")" ]; then break; fi
    sleep 1
  done
  state "$home"
done`;

/** After an apply that reported that everything is as the playbook says. */
export async function planIsEmpty(world: World, playbook: string, prune: boolean): Promise<void> {
  const more = prune ? ['--prune'] : [];
  const result = await world.meshbook('plan', '--detailed-exitcode', playbook, ...more);
  if (result.exitCode !== 0) throw new Finding('the plan after an apply is empty', said('plan', result));
}

/** After an apply that prunes, if nobody has changed anything: bridges have the names in the steps, and no others. */
export async function nothingIsLeftOver(world: World): Promise<void> {
  const { wish, disturbed, fleet } = world;
  if (disturbed) return;
  for (const ordinal of wish.hosts) {
    const said = await fleet.on(
      world.hostOf(ordinal),
      `ovs-vsctl --timeout=10 list-br | grep -v '^br-phy$'; ls -d /sys/class/net/*/bridge 2>/dev/null | cut -d/ -f5 | grep -v '^docker0$'; :`,
    );
    const left = said.split('\n').filter((name) => name !== '' && name !== wish.ovs && name !== wish.bridge);
    if (left.length > 0)
      throw new Finding(
        'nothing is left over after an apply that prunes',
        `on host ${ordinal}: ${left.join(', ')}`,
      );
  }
}

/** Each member reaches every other's bridge, and so does a container on it if Docker has the bridge. */
export async function pairsReachEachOther(world: World): Promise<void> {
  const { wish } = world;
  // The plan has warned about an underlay address that isn't the host's.
  if (wish.bridge === '' || wish.tunnels === 'absent' || wish.underlay !== 'own') return;
  const addresses = world.bridgeAddresses();
  // The ports of a ring start forwarding when both ends have agreed.
  const end = Date.now() + (wish.shape === 'ring' ? 45_000 : 12_000);
  while (true) {
    const silent = await Promise.all(wish.hosts.map((ordinal) => notReached(world, ordinal, addresses)));
    const pairs = silent.flat();
    if (pairs.length === 0) return;
    if (Date.now() > end) throw new Finding('pairs reach each other', `not reached: ${pairs.join(', ')}`);
    await sleep(500);
  }
}

async function notReached(world: World, ordinal: number, addresses: ReadonlyMap<number, string>) {
  const others = [...addresses].filter(([other]) => other !== ordinal);
  const pings = others
    .map(([other, address]) => `ping -n -c 1 -W 1 ${address} >/dev/null 2>&1 || echo ${other}`)
    .join('\n');
  const script = world.wish.docker ? `${pings}\ndocker run --rm lab-web sh -c '${pings}'` : pings;
  const said = await world.fleet.on(world.hostOf(ordinal), `${script}\n:`);
  return said
    .split('\n')
    .filter(Boolean)
    .map((other) => `${ordinal} → ${other}`);
}

/** Throws if a host's canonical facts have changed. `except` are hosts that can't be compared. */
export function expectEqual(
  world: World,
  law: string,
  before: Snapshots,
  now: Snapshots,
  except: readonly string[] = [],
): void {
  const left = [...now].flatMap(([host, is]) =>
    except.includes(host)
      ? []
      : differences(world.comparable(before.get(host) as Snapshot), world.comparable(is)).map(
          (line) => `${host}: ${line}`,
        ),
  );
  if (left.length > 0) throw new Finding(law, left.slice(0, 20).join('\n'));
}
