import { describe, expect, it } from 'vitest';
import { recapText } from '../../src/report/run/recap.ts';
import type { RunEvent } from '../../src/run/events.ts';
import { type HostRun, runProgram } from '../../src/run/program-run.ts';
import type { StageIndex } from '../../src/run/stage-item.ts';
import { undoStages } from '../../src/run/undo-host.ts';

const main: StageIndex = {
  name: 'main',
  items: {
    1: { step: 0, summary: 'create file /etc/a' },
    2: { step: 1, summary: 'run command touch /srv/trace', stays: true },
    3: { step: 2, summary: 'run command touch /srv/idle', stays: true },
  },
};

/** A host whose program reports these lines. */
function host(lines: readonly string[]) {
  const events: RunEvent[] = [];
  const connection: HostRun['connection'] = {
    run: async (_, options) => {
      options?.onStdout?.(`${lines.join('\n')}\n`);
      return { exitCode: 0, stdout: '', stderr: '', durationMs: 0 };
    },
    close: () => {},
  };
  const run: HostRun = {
    target: { name: 'a', address: 'a', become: false, ssh: {} as never },
    transport: { connect: async () => connection, close: () => {} },
    connection,
    run: 'R1',
    emit: (event) => events.push(event),
  };
  return { run, events };
}

describe('the effect of a command without an undo stays', () => {
  it('it is no change that an undo reports or counts, and the recap says that it stays', async () => {
    const { run, events } = host(['begin 2', 'ok 2', 'begin 1', 'ok 1', 'end ok']);
    const result = await undoStages(run, [main]);
    expect(result).toEqual({ outcome: 'undone', changes: 1, stays: ['2'] });
    expect(events.flatMap((event) => (event.type === 'change' ? [event.id, event.state] : []))).toEqual([
      '1',
      'begin',
      '1',
      'ok',
    ]);
    const text = recapText(
      { type: 'run-finished', run: 'R2', undoes: 'R1', exitCode: 0, results: { a: result } },
      { color: false, width: 80 },
    );
    expect(text).toContain('a  undone  1 change; 1 command stays\n');
  });

  it('it is known of a failed apply: of commands that were begun, not of those that did not run', async () => {
    const lines = ['begin 1', 'ok 1', 'begin 2', 'not-run 2', 'begin 3', 'failed 3 3 ', 'end failed'];
    const result = await runProgram(host(lines).run, main, 'apply');
    expect(result).toMatchObject({ completed: 1, undoable: 1, stays: ['3'], notRun: ['2'] });
  });
});
