import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { RunError } from '../../src/diagnostics/errors.ts';
import { earlierStages } from '../../src/journal/earlier.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { RunRecord } from '../../src/journal/record.ts';
import { hostStates } from '../../src/journal/run-state.ts';
import { changedParts, type RecordedStage } from '../../src/plan/recorded-stage.ts';
import { runsText, runText } from '../../src/report/run/runs-text.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'meshbook-mutants-'));
afterAll(() => rmSync(stateDir, { recursive: true }));
const folder = join(stateDir, 'runs/r1');
mkdirSync(folder, { recursive: true });

const place = { name: 'a step', at: 'mesh.yml:4' };
const record: RunRecord = {
  formatVersion: 1,
  id: 'r1',
  verb: 'apply',
  user: 'u',
  controller: 'c',
  startedAt: '2026-11-29T13:31:38.000Z',
  decision: 'confirm',
  finishedAt: '2026-11-29T13:32:38.000Z',
  exitCode: 0,
  inventory: '/lab/inventory.yml',
  moreInventories: ['/lab/more.yml'],
  playbook: '/lab/mesh.yml',
  playName: 'mesh',
  steps: ['a step'],
  hosts: {
    a: {
      target: { name: 'a', address: '192.0.2.1', ssh: { user: 'root', port: 22 }, become: false },
      stages: [
        { name: 'packages', items: { '1': { step: 0, summary: 'install x', place } } },
        {
          name: 'main',
          items: {
            '2': { step: 0, summary: 'run x', place, stays: true },
            s1: { summary: 'reload systemd', after: [place] },
          },
        },
      ],
      result: {
        outcome: 'changed',
        changes: 2,
        notRun: ['2'],
        notices: ['a notice'],
        trouble: {
          code: 'command-failed',
          message: 'no',
          hint: 'h',
          output: 'o',
          step: place,
          exitStatus: 1,
        },
      },
      machine: '0123',
    },
    b: {
      target: { name: 'b', address: '192.0.2.2', ssh: {}, become: true },
      stages: [],
      forgotten: { user: 'u', controller: 'c', at: '2026-11-29T13:33:38.000Z' },
    },
  },
};
const kept: Record<string, RecordedStage> = {
  a: {
    changes: {
      '2': {
        change: { type: 'sysctl' },
        before: { 'sysctl x': '0', text: { text: 'a\n' } },
        after: { 'sysctl x': null, text: { hidden: 'sum' } },
      },
    },
    settles: { s1: ['2'] },
  },
};

/** Every value in it, by its path. */
function* ways(value: object, above: readonly string[] = []): Generator<readonly string[]> {
  for (const [key, below] of Object.entries(value)) {
    yield [...above, key];
    if (typeof below === 'object' && below !== null) yield* ways(below, [...above, key]);
  }
}

function mutant<T extends object>(whole: T, way: readonly string[], other: unknown): T {
  const copy = structuredClone(whole);
  const last = way.at(-1) as string;
  const at = way
    .slice(0, -1)
    .reduce((one, key) => one[key] as Record<string, unknown>, copy as Record<string, unknown>);
  if (other === undefined) delete at[last];
  else at[last] = other;
  return copy;
}

const others: readonly unknown[] = [undefined, null, -1, 'x', [], {}, [null], { a: null }];
const terminal = { color: false, width: 80, unicode: true } as Parameters<typeof runsText>[1];

/** Everything that is computed from records without a host. */
function readAll(): void {
  const journal = new Journal(stateDir);
  const list = journal.list();
  runsText(list, terminal);
  for (const run of list) {
    runText(run, list, terminal);
    hostStates(run, list);
    earlierStages(journal, run);
    journal.later(run);
    journal.leftToUndo(run, true);
  }
  for (const stages of journal.standing().values()) for (const stage of stages) changedParts(stage.kept);
  journal.unreadable();
}

it.each([
  ['run.json', record],
  ['changes.json', kept],
] as const)('a forged %s gives a record or an error, and nothing else', (name, whole) => {
  writeFileSync(join(folder, 'run.json'), JSON.stringify(record));
  writeFileSync(join(folder, 'changes.json'), JSON.stringify(kept));
  readAll();
  expect(new Journal(stateDir).unreadable()).toEqual([]);
  expect(new Journal(stateDir).kept('r1')).toEqual(kept);
  const failed: string[] = [];
  for (const way of ways(whole)) {
    for (const other of others) {
      writeFileSync(join(folder, name), JSON.stringify(mutant<object>(whole, way, other)));
      try {
        readAll();
      } catch (error) {
        if (!(error instanceof RunError))
          failed.push(`${way.join('/')} = ${JSON.stringify(other)}: ${error}`);
      }
    }
  }
  expect(failed).toEqual([]);
});

it('says where a record is wrong, and refuses the record of another run', () => {
  writeFileSync(join(folder, 'changes.json'), JSON.stringify(mutant(kept, ['a', 'changes', '2'], null)));
  expect(() => new Journal(stateDir).kept('r1')).toThrow(
    /changes\.json can't be read: it holds no changes of a run: \/a\/changes\/2 must be object/,
  );
  writeFileSync(join(folder, 'run.json'), JSON.stringify(mutant(record, ['hosts', 'a'], null)));
  expect(() => new Journal(stateDir).read('r1')).toThrow(
    /run\.json can't be read: it holds no run: \/hosts\/a must be object/,
  );
  writeFileSync(join(folder, 'run.json'), JSON.stringify(mutant(record, ['id'], '../../x')));
  expect(() => new Journal(stateDir).read('r1')).toThrow('it is of another run, ../../x');
});
