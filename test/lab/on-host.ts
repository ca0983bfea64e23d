import { expect } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { SettleAction } from '../../src/changes/settle/action.ts';
import type { FactQuery, Facts } from '../../src/facts/fact.ts';
import { compileProbe } from '../../src/facts/probe.ts';
import { newRunId } from '../../src/journal/run-id.ts';
import { labExec } from '../../src/lab/lab.ts';
import type { LabState } from '../../src/lab/state.ts';
import { controlProgram } from '../../src/transaction/control.ts';
import { EventReader, type HostEvent } from '../../src/transaction/events.ts';
import {
  confirmScript,
  prepareScript,
  type Start,
  stageFolder,
  startScript,
  statusScript,
  type Verb,
} from '../../src/transaction/host-scripts.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { type Stage, stagesOf } from '../../src/transaction/stage.ts';
import { parseStatus } from '../../src/transaction/status.ts';

/** The output of a script on a host; fails the test if the script fails. */
export async function on(lab: LabState, host: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await labExec(lab, host, script);
  expect(`${stderr} (${exitCode})`).toMatch(/\(0\)$/);
  return stdout;
}

/** Reads facts from a lab host like a run. */
export async function read(
  lab: LabState,
  host: string,
  queries: readonly FactQuery<unknown>[],
): Promise<Facts> {
  const { script, parse } = compileProbe(queries, 'a7c1f0e25b');
  return parse(await on(lab, host, script.text));
}

/** Changes on a host, with the program that a run would store there. */
export interface OnHost {
  apply(): Promise<HostEvent[]>;
  undo(): Promise<HostEvent[]>;
  /** The host's output when it is told to start. */
  started(verb: Verb, start: Start): Promise<string>;
  /** The state of the run there. */
  report(): Promise<string>;
}

const hold = {
  control: controlProgram({ holder: 'test@here', confirmTimeout: 300, hardCap: 3600 }),
  token: 'test',
};

/** Stores the program for these changes, which must all belong to one stage, and saves what its undo needs. */
export async function prepared(
  lab: LabState,
  host: string,
  changes: readonly Change[],
  settle: readonly SettleAction[] = [],
): Promise<OnHost> {
  const run = newRunId();
  const steps = [{ index: 0, name: 'Test', kind: 'test', changes, settle, unknowns: [] }];
  const [stage, more] = stagesOf({ host, steps });
  if (stage === undefined || more !== undefined) throw new Error('the changes are not of exactly one stage');
  const ids = [...stage.changes, ...stage.settles].map(({ id }) => id);
  const store = prepareScript(run, stage.name, compileProgram(stage, 'test'), ids, hold);
  const events = new EventReader(1000).push(await on(lab, host, store.text));
  expect(events.at(-1), JSON.stringify(events)).toEqual({ type: 'end', outcome: 'ok' });
  // The test is about the program, not the timer; a host holds only one run at a time.
  expect(await on(lab, host, confirmScript(run, hold.token).text)).toBe('confirmed\n');
  const started = (verb: Verb, how: Start) => on(lab, host, startScript(run, stage.name, verb, how).text);
  const start = async (verb: Verb) => {
    await started(verb, { attempt: newRunId(), pass: { skip: [], left: [] } });
    return new EventReader(1000).push(await on(lab, host, eventsOf(run, stage, verb)));
  };
  const report = async () => parseStatus(await on(lab, host, statusScript(run).text))[0]?.report ?? '';
  return { apply: () => start('apply'), undo: () => start('undo'), started, report };
}

function eventsOf(run: string, stage: Stage, verb: Verb): string {
  return `cat ${stageFolder(run, stage.name)}/${verb}.events`;
}
