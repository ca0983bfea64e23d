import type { Json } from '../../../src/json/json.ts';
import { differences, type Snapshot } from '../../../src/lab/snapshot.ts';
import type { Fault, Scene } from './faults.ts';
import type { Fleet, Snapshots } from './fleet.ts';
import type { Play } from './playbook.ts';
import type { Point } from './points.ts';

export interface FaultCase {
  readonly fault: Fault;
  readonly point: Point;
  /** The run's own play, besides the point's. */
  readonly play?: Play;
  /** The final state of every host. */
  readonly end: 'before' | 'planned';
  /**
   * The documented window: one host is confirmed and others may not be. They may differ until `meshbook recover` has
   * completed the decision.
   */
  readonly window?: true;
  /** Whether only `meshbook recover` can finish the undo of the faulty host, which must be reported (exit 5). */
  readonly doubt?: true;
  readonly exits: readonly (number | string)[];
  /** The fault comes after the run: the hosts' state by then is the planned one. */
  readonly ownPlan?: true;
  /**
   * A link that a run leaves behind and the next boot doesn't restore, with its routes: not part of the planned state.
   */
  readonly leftover?: string;
  /** Links with another MAC address after each boot. */
  readonly randomMacs?: readonly string[];
  /** What the host concerned reports as the cause of its undo. */
  readonly by?: Fault['undoneBy'];
  /** One of those that run on every commit. */
  readonly fast?: true;
  /** A further condition, checked while the run's folder still exists. */
  readonly also?: (scene: Scene) => Promise<string | undefined>;
}

export interface CaseResult {
  readonly outcomes: readonly string[];
  /** From the fault until no host was working any more. */
  readonly seconds: number;
  /** What is wrong; empty if all is as it must be. */
  readonly wrong: readonly string[];
}

/** Runs one case on restored hosts, and leaves them restored, unless something is wrong. */
export async function runCase(fleet: Fleet, fault: FaultCase): Promise<CaseResult> {
  const { point } = fault;
  const { confirmTimeout, slack, patience } = fleet.machines;
  const wrong: string[] = [];
  const play = { ...point.play, ...fault.play };
  // If all must be as before, the planned state is needed only if it is already known.
  const undisturbed =
    fault.end === 'planned' && !fault.ownPlan ? await fleet.planned(play) : fleet.knownPlan(play);
  const before = await fleet.snapshots();
  await fault.fault.before?.({ fleet, host: point.host });
  try {
    const controller = fleet.apply(play, ...(point.more ?? []));
    const scene: Scene = { fleet, controller, host: point.host };
    if (!(await controller.until(point.at, point.freeze ?? false))) {
      return { outcomes: [], seconds: 0, wrong: [`the run never came to this point: ${controller.stderr}`] };
    }
    const planned = fault.ownPlan ? await fleet.snapshots() : undisturbed;
    const started = Date.now();
    await fault.fault.inject(scene);
    if (point.freeze) controller.signal('SIGCONT');
    const exit = await withLimit(controller, patience * 1000);
    if (!fault.exits.includes(exit))
      wrong.push(`the controller ended with ${exit}, not ${fault.exits.join(' or ')}`);
    const busy = await fleet.settled(confirmTimeout + slack);
    if (busy.length > 0) wrong.push(`${busy.join(', ')} not settled`);
    const seconds = Math.round((Date.now() - started) / 1000);
    // What a host could not undo without power or daemon, it must undo once that is back.
    await fault.fault.mend?.(scene);
    await fleet.settled(confirmTimeout + slack);
    const also = await fault.also?.(scene);
    if (also !== undefined) wrong.push(also);
    if (fault.by !== undefined) wrong.push(...(await untrue(scene, fault.by)));

    const first = await outcomes(fleet, fault, before, planned);
    const kinds = new Set([...first.values()].map(([kind]) => kind));
    const told = [...first].map(
      ([host, [kind]]) => `${host} ${fault.doubt && kind === 'mixed' ? 'in doubt' : kind}`,
    );
    const ends = [...kinds].length === 1 && kinds.has(fault.end);
    if (fault.doubt || (fault.window && !ends)) {
      if (fault.window && fleet.record(controller.run).decision !== 'confirm')
        wrong.push('no decision is on record');
      if (fault.window && kinds.has('mixed')) wrong.push(...describe(first));
      const recover = await fleet.start(['recover', controller.run]).end;
      if (recover !== 0) wrong.push(`recover ended with ${recover}`);
      const last = await outcomes(fleet, fault, before, planned);
      if ([...last.values()].some(([kind]) => kind !== fault.end)) wrong.push(...describe(last));
      told.push(`after recover all ${fault.end}`);
    } else if (!ends) {
      wrong.push(...describe(first));
    }
    if (wrong.length === 0) await clear(fleet, controller.run, fault, before, wrong);
    if (wrong.length > 0)
      wrong.push(controller.stderr.trim(), ...controller.events.slice(-6).map((e) => JSON.stringify(e)));
    return { outcomes: summarised(told, fleet.hosts.length), seconds, wrong };
  } finally {
    await fault.fault.after?.({ fleet, host: point.host });
  }
}

/** Host and controller must agree on what caused the undo. */
async function untrue({ fleet, controller, host }: Scene, by: 'timer' | 'boot'): Promise<string[]> {
  const report = await fleet.on(host, `cat /var/lib/meshbook/transactions/${controller.run}/report`);
  const finished = controller.events.find((event) => event.type === 'run-finished');
  const result = finished?.type === 'run-finished' ? finished.results[host] : undefined;
  const told = result === undefined || result.outcome === 'in-doubt' || result.trouble?.code === 'expired';
  return [
    ...(report.includes(`undone by=${by} ok`) ? [] : [`the report of ${host} says ${report}`]),
    ...(told ? [] : [`the controller says of ${host}: ${JSON.stringify(result)}`]),
  ];
}

async function withLimit(controller: Scene['controller'], ms: number): Promise<number | string> {
  const timer = setTimeout(() => controller.signal('SIGKILL'), ms);
  const end = await controller.end;
  clearTimeout(timer);
  return end;
}

/** Returns the state of each host, and the differences if it is neither of the two. */
async function outcomes(fleet: Fleet, one: FaultCase, before: Snapshots, planned?: Snapshots) {
  const now = await fleet.snapshots();
  return new Map<string, readonly string[]>(
    fleet.hosts.map((host): [string, readonly string[]] => {
      const [is, was] = [now, before].map((all) => all.get(host)) as [Snapshot, Snapshot];
      const left = sinceBefore(one, host, was, is);
      if (left.length === 0) return [host, ['before']];
      const shall = planned?.get(host);
      if (shall === undefined) return [host, ['mixed', ...left]];
      // The planned state is from before the last boot of some case.
      const missing = differences(
        withoutLeftover(withoutRandomMacs(shall, one), one),
        withoutLeftover(withoutRandomMacs(is, one), one),
      );
      if (missing.length === 0) return [host, ['planned']];
      return [host, ['mixed', ...(left.length < missing.length ? left : missing)]];
    }),
  );
}

function sinceBefore(one: FaultCase, host: string, was: Snapshot, is: Snapshot): string[] {
  const { fault, point } = one;
  const rebooted = fault.reboots === 'all' || (fault.reboots === 'host' && host === point.host);
  return rebooted
    ? differences(withoutRandomMacs(was, one), withoutRandomMacs(is, one))
    : differences(was, is);
}

function withoutLeftover(snapshot: Snapshot, { leftover }: FaultCase): Snapshot {
  const without = (list: Json | undefined, key: string) =>
    (list as readonly Readonly<Record<string, Json>>[]).filter((item) => item[key] !== leftover);
  return {
    ...snapshot,
    interfaces: without(snapshot.interfaces, 'name'),
    routes: without(snapshot.routes, 'dev'),
  };
}

function withoutRandomMacs(snapshot: Snapshot, { randomMacs = [] }: FaultCase): Snapshot {
  const random = ['docker0', ...randomMacs];
  const interfaces = snapshot.interfaces as readonly { readonly name: string }[];
  return {
    ...snapshot,
    interfaces: interfaces.map((one) => (random.includes(one.name) ? { ...one, mac: 'any' } : one)) as Json,
  };
}

function describe(found: ReadonlyMap<string, readonly string[]>): string[] {
  return [...found].map(
    ([host, [kind, ...details]]) => `${host} is ${kind} ${details.slice(0, 12).join('; ')}`,
  );
}

/** Undoes a run that is in force, and removes what a killed controller left of a run that never began. */
async function clear(
  fleet: Fleet,
  run: string,
  one: FaultCase,
  before: Snapshots,
  wrong: string[],
): Promise<void> {
  if (one.end === 'planned') {
    const undo = await fleet.start(['undo', run, '--yes']).end;
    if (undo !== 0) wrong.push(`the undo of what was kept ended with ${undo}`);
    for (const [host, is] of await fleet.snapshots()) {
      const left = sinceBefore(one, host, before.get(host) as Snapshot, is);
      if (left.length > 0) wrong.push(`${host} after the undo of what was kept: ${left.join('; ')}`);
    }
  } else if (one.fault.kills) {
    const recover = await fleet.start(['recover', run]).end;
    if (recover !== 0) wrong.push(`recover ended with ${recover}`);
  }
}

/** `all before` instead of each host by name. */
function summarised(told: readonly string[], hosts: number): string[] {
  const kinds = new Set(told.slice(0, hosts).map((line) => line.split(' ')[1]));
  return kinds.size === 1 ? [`all ${[...kinds][0]}`, ...told.slice(hosts)] : [...told];
}
