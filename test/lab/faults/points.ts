import type { RunEvent } from '../../../src/run/events.ts';
import { type Play, slowly } from './playbook.ts';

/** A moment of a run. */
export interface Point {
  readonly name: string;
  /** What the run must do to have this moment. */
  readonly play: Play;
  readonly more?: readonly string[];
  /** The host concerned. */
  readonly host: string;
  readonly at: (event: RunEvent) => boolean;
  /** Whether the controller is stopped during the fault: otherwise the moment would have passed. */
  readonly freeze?: true;
}

/** A run that causes its own fault has it in place of its command. */
export function within(name: string, play: Play): Point {
  return { name, play, host: 'docker2', at: ({ type }) => type === 'run-started' };
}

const phase = (name: string, state: 'begin' | 'end', host?: string) => (event: RunEvent) =>
  event.type === 'phase' &&
  event.phase === name &&
  event.state === state &&
  (host ?? event.host) === event.host;

const slowBegins = (verb: 'apply' | 'undo', host: string) => (event: RunEvent) =>
  event.type === 'change' &&
  event.verb === verb &&
  event.state === 'begin' &&
  event.host === host &&
  event.summary.includes('sleep');

export const beforeArm: Point = {
  name: 'before arm',
  play: {},
  host: 'docker2',
  at: phase('prepare', 'begin', 'docker2'),
};

/** All hosts are armed before any is changed. */
export const afterArm: Point = {
  name: 'after arm',
  play: { at: 'first' },
  host: 'docker2',
  at: phase('apply', 'begin'),
};

export const midChange: Point = {
  name: 'in the middle of a change',
  play: { at: 'middle' },
  host: 'docker2',
  at: slowBegins('apply', 'docker2'),
};

/** Long enough for another controller to come, look and go. */
export const longChange: Point = {
  ...midChange,
  play: { at: 'middle', command: 'sleep 15', timeout: 40 },
};

/** One host still has something to do; this one is finished. */
export const afterLast: Point = {
  name: 'after the last change',
  play: { at: 'last', slowHost: 'docker3' },
  host: 'docker2',
  at: phase('apply', 'end', 'docker2'),
};

export const inVerify: Point = {
  name: 'during verify',
  play: {},
  host: 'docker2',
  at: phase('verify', 'begin', 'docker2'),
  freeze: true,
};

/** When all are verified. */
export const inChecks: Point = {
  name: 'during checks',
  play: {},
  host: 'docker2',
  at: phase('check', 'begin', 'docker2'),
  freeze: true,
};

/** The interface of this very session is being moved into a bridge. */
export const inMove: Point = {
  name: "while SSH's own interface is moved",
  play: { uplink: true },
  host: 'docker2',
  at: (event) =>
    event.type === 'change' &&
    event.state === 'begin' &&
    event.host === 'docker2' &&
    event.summary.includes('uplink of'),
};

/** One after the other: the first is confirmed, the last is not. */
export const betweenConfirms: Point = {
  name: 'between confirms',
  play: {},
  more: ['--forks', '1'],
  host: 'docker3',
  at: phase('confirm', 'end', 'docker1'),
  freeze: true,
};

/** Everything else is done by then, and one host fails. */
export const failsLate =
  '  - { name: Fails, command: { run: "test $(hostname) != docker1", always: true } }\n';

export const inUndo: Point = {
  name: 'during undo',
  play: { at: 'middle', undo: slowly, extra: failsLate },
  host: 'docker2',
  at: slowBegins('undo', 'docker2'),
};
