import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, powerCycled, rebooted } from '../faults/faults.ts';
import { afterLast, betweenConfirms, inUndo, inVerify, midChange, type Point } from '../faults/points.ts';
import type { FaultCase } from '../faults/run-case.ts';
import { shippedMesh } from './shipped-mesh.ts';

const failed = 4;
const unreachable = 3;
const inDoubt = 5;
const gone = [failed, unreachable, inDoubt];

/** A power cut for the whole site. */
const allPowerCycled: Fault = {
  name: 'all hosts lose their power',
  reboots: 'all',
  inject: async ({ fleet: { hosts, machines } }) => {
    await Promise.all(hosts.map((host) => machines.stop(host)));
    await Promise.all(hosts.map((host) => machines.start(host)));
  },
};

/**
 * Names are on disk after five seconds (ext4's `commit`), content after thirty (the kernel's
 * `dirty_expire_centisecs`): in between, a file may have been removed while its replacement isn't written yet.
 */
const allPowerCycledLater: Fault = {
  ...allPowerCycled,
  name: 'all hosts lose their power, ten seconds later',
  inject: async (scene) => {
    await sleep(10_000);
    await allPowerCycled.inject(scene);
  },
};

/** The moment at which the controller learns that all hosts are confirmed. */
const afterConfirm: Point = {
  name: 'right after the confirm',
  play: {},
  host: 'docker2',
  at: ({ type }) => type === 'run-finished',
};

/** By then everything that the run did has long been on disk. */
const afterUndo: Point = {
  name: 'after the undo',
  play: { at: 'last', command: 'sleep 40; test $(hostname) != docker1', timeout: 120 },
  host: 'docker2',
  at: ({ type }) => type === 'run-finished',
};

/** With two hosts, these are about different ones. */
const afterLastOfTwo: Point = { ...afterLast, play: { at: 'last', slowHost: 'docker1' } };
const betweenTwoConfirms: Point = { ...betweenConfirms, host: 'docker2' };

function undone(fault: Fault, points: readonly Point[], exits: FaultCase['exits'] = gone): FaultCase[] {
  return points.map((point) => ({ fault, point, end: 'before', exits }));
}

/** Cases that need hosts with a kernel of their own: what a power cut destroys, and what a boot restores. */
export const vmCases: readonly FaultCase[] = [
  ...shippedMesh,
  ...undone(powerCycled, [midChange, afterLastOfTwo, inVerify, inUndo]),
  { fault: powerCycled, point: betweenTwoConfirms, end: 'planned', window: true, exits: gone },
  ...undone(rebooted, [midChange, inVerify]),
  ...undone(allPowerCycled, [midChange]),
  ...undone(allPowerCycledLater, [afterUndo], [failed]),
  { fault: allPowerCycled, point: afterConfirm, end: 'planned', exits: [0] },
];
