import type { RunEvent } from '../../../src/run/events.ts';
import { type Play, slowly } from './playbook.ts';

/** A moment of a run. */
export interface Point {
  readonly name: string;
  /** What the run must be like to have this moment. */
  readonly play: Play;
  readonly more?: readonly string[];
  /** The host that it is about. */
  readonly host: string;
  readonly at: (event: RunEvent) => boolean;
  /** Whether the controller is stopped while the fault comes about: else the moment would be over. */
  readonly freeze?: true;
}

/** A run that brings its own trouble has it at the place of its command. */
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

/** All hosts are armed before the first change of any. */
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

/** Time enough for another controller to come, look and go. */
export const longChange: Point = {
  ...midChange,
  play: { at: 'middle', command: 'sleep 15', timeout: 40 },
};

/** One host still has something to do; this one is through. */
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

/** The way that this very session takes is on its way into a bridge. */
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

/** One after the other: the first has its confirm, the last has not. */
export const betweenConfirms: Point = {
  name: 'between confirms',
  play: {},
  more: ['--forks', '1'],
  host: 'docker3',
  at: phase('confirm', 'end', 'docker1'),
  freeze: true,
};

/** Everything is done by then, and one host fails. */
export const failsLate =
  '  - { name: Fails, command: { run: "test $(hostname) != docker1", always: true } }\n';

export const inUndo: Point = {
  name: 'during undo',
  play: { at: 'middle', undo: slowly, extra: failsLate },
  host: 'docker2',
  at: slowBegins('undo', 'docker2'),
};
