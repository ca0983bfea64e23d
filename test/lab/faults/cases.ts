import {
  allCut,
  clockOff,
  controllerKilled,
  diskFull,
  type Fault,
  frozen,
  interrupted,
  interruptedTwice,
  networkCut,
  ownTrouble,
  powerCycled,
  poweredOff,
  rebooted,
  secondController,
  sshdKilled,
  staleLock,
} from './faults.ts';
import {
  afterArm,
  afterLast,
  beforeArm,
  betweenConfirms,
  failsLate,
  inChecks,
  inMove,
  inUndo,
  inVerify,
  longChange,
  midChange,
  type Point,
  within,
} from './points.ts';
import type { FaultCase } from './run-case.ts';

/** The exit codes of runs with a fault. */
const failed = 4;
const unreachable = 3;
const inDoubt = 5;

const points: readonly Point[] = [
  beforeArm,
  afterArm,
  midChange,
  afterLast,
  inVerify,
  inChecks,
  betweenConfirms,
  inUndo,
];

/** A fault at every point; `between confirms` expects no undo, as the run is already decided. */
function everywhere(
  fault: Fault,
  exits: readonly (number | string)[],
  fast: readonly Point[] = [],
  where = points,
): FaultCase[] {
  return where.map((point) => ({
    fault,
    point,
    end: point === betweenConfirms ? 'planned' : 'before',
    ...(point === betweenConfirms ? { window: true } : {}),
    ...(fast.includes(point) ? { fast: true } : {}),
    ...(fault.undoneBy !== undefined && ![beforeArm, inUndo].includes(point) ? { by: fault.undoneBy } : {}),
    exits,
  }));
}

/** A step that needs room in the run's folder. */
const another = '  - { name: Another, command: { run: ":", always: true } }\n';

/** On one host, the packets with which the others ask are lost. */
const deaf = (verb: string) =>
  `iptables -w ${verb} INPUT -i newbridge -p icmp --icmp-type echo-request -j DROP`;

const gone = [failed, unreachable, inDoubt];

export const cases: readonly FaultCase[] = [
  ...everywhere(controllerKilled, ['SIGKILL'], [beforeArm, midChange, betweenConfirms]),
  ...everywhere(networkCut, gone),
  ...everywhere(allCut, gone, [], [afterArm, midChange, inVerify]),
  ...everywhere(sshdKilled, gone),
  ...everywhere(rebooted, gone, [midChange]),
  ...everywhere(poweredOff, gone, [], [beforeArm, midChange, afterLast, betweenConfirms, inUndo]),
  ...everywhere(powerCycled, gone, [], [afterArm, inVerify]),
  // By then, confirming needs no more room than is reserved.
  ...everywhere(diskFull, gone, [midChange], [beforeArm, afterArm, midChange, inUndo]).map((one) => ({
    ...one,
    play: { extra: `${another}${one.point.play.extra ?? ''}` },
  })),
  ...everywhere(diskFull, [0], [], [afterLast, inVerify, inChecks, betweenConfirms]).map((one) => ({
    ...one,
    end: 'planned' as const,
  })),
  ...everywhere(interrupted, [130]),
  ...everywhere(interruptedTwice, [130], [midChange]),
  {
    fault: frozen('ovs-vswitchd'),
    point: midChange,
    end: 'before',
    exits: [failed],
  },
  {
    fault: frozen('ovsdb-server'),
    point: midChange,
    end: 'before',
    exits: [inDoubt],
    doubt: true,
  },
  ...(['first', 'middle', 'last'] as const).map((at) => ({
    fault: ownTrouble('a change fails'),
    point: within(`${at} change`, { at, command: 'test $(hostname) != docker2' }),
    end: 'before' as const,
    exits: [failed],
    ...(at === 'last' ? { fast: true as const } : {}),
  })),
  {
    fault: ownTrouble("a change's undo fails", async ({ fleet }) => {
      for (const name of fleet.hosts) await fleet.on(name, ': >/run/mended');
    }),
    point: within('during undo', {
      at: 'middle',
      command: ':',
      undo: 'test -e /run/mended',
      extra: failsLate,
    }),
    end: 'before',
    doubt: true,
    exits: [inDoubt],
  },
  {
    fault: ownTrouble('a change hangs'),
    point: within('in the middle of a change', {
      at: 'middle',
      command: 'test $(hostname) != docker2 || { sleep 1003 & sleep 1003; }',
      timeout: 3,
    }),
    end: 'before',
    exits: [failed],
    fast: true,
    also: async ({ fleet, host }) =>
      (await fleet.on(host, 'pgrep -x -f "sleep 1003" || :')) === '' ? undefined : 'the command still runs',
  },
  {
    fault: ownTrouble('dockerd does not start with the new options'),
    point: within('in the middle of a change', {
      docker: true,
      // dockerd refuses an option that is given in both places.
      extra: `  - command: { run: 'test $(hostname) != docker2 || echo "{\\"mtu\\": 1400}" >/etc/docker/daemon.json', undo: rm -f /etc/docker/daemon.json, always: true }\n`,
    }),
    end: 'before',
    exits: [failed],
  },
  {
    fault: ownTrouble('a check fails'),
    point: within('during checks', {
      extra: `  - { name: Deaf, hosts: docker2, command: { run: "${deaf('-I')}", undo: "${deaf('-D')}", always: true } }\n`,
    }),
    end: 'before',
    exits: [failed],
    fast: true,
    also: async ({ controller }) => {
      const said = JSON.stringify(controller.events.filter(({ type }) => type === 'trouble'));
      const named = ['docker1', 'docker3'].every((host) => said.includes(`Bridges: ${host} → docker2`));
      return named && !/→ docker[13]/.test(said) ? undefined : `the pairs are not named: ${said}`;
    },
  },
  // The path of the run's own SSH session.
  {
    fault: ownTrouble("SSH's own interface goes into a bridge"),
    point: within('and all is well', { uplink: true }),
    end: 'planned',
    exits: [0],
  },
  ...everywhere(controllerKilled, ['SIGKILL'], [], [inMove]),
  ...everywhere(rebooted, gone, [], [inMove]),
  {
    fault: ownTrouble("SSH's own interface goes into a bridge, which goes down"),
    point: within('in the middle of a change', {
      uplink: true,
      extra: `  - { name: Down, hosts: docker2, command: { run: ip link set br-uplink down, always: true }, timeout: 5s }\n`,
    }),
    end: 'before',
    by: 'timer',
    exits: gone,
  },
  { fault: secondController, point: longChange, end: 'planned', exits: [0], fast: true },
  { fault: staleLock, point: within('before arm', {}), end: 'planned', exits: [0] },
  { fault: clockOff('+1 hour'), point: midChange, end: 'before', exits: ['SIGKILL'] },
  { fault: clockOff('-1 hour'), point: midChange, end: 'before', exits: ['SIGKILL'] },
];
