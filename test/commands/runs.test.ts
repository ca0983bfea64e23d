import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastRun } from '../../src/commands/gates/skipped-runs.ts';
import { forgetHosts } from '../../src/commands/lab.ts';
import type { Io } from '../../src/commands/output/io.ts';
import { forgetRun, runs } from '../../src/commands/runs.ts';
import { type UndoOptions, undo } from '../../src/commands/undo.ts';
import { Journal } from '../../src/journal/journal.ts';
import type { Outcome } from '../../src/run/events.ts';

let stateDir: string;
let journal: Journal;
let out: string;
let err: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'meshbook-runs-'));
  journal = new Journal(stateDir);
  [out, err] = ['', ''];
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const io = (answer?: string): Io =>
  ({
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    terminal: { color: false, width: 120 },
    interactive: answer !== undefined,
    ask: async () => answer,
  }) as unknown as Io;

const stage = (name: 'main' | 'packages') => ({ name, items: { '1': { step: 0, summary: 'a change' } } });

/** Runs that start in the same millisecond have no order. */
async function run(id: string, outcomes: Record<string, Outcome>, more: { packages?: boolean } = {}) {
  const targets = Object.keys(outcomes).map((name) => ({
    name,
    address: `${name}.example`,
    ssh: { user: 'root' },
    become: false,
  }));
  const own = journal.start({ id, verb: 'apply', playName: 'a play', steps: [] }, targets);
  const each = (name: 'main' | 'packages') => new Map(targets.map((target) => [target.name, stage(name)]));
  if (more.packages) own.stages(each('packages'));
  own.stages(each('main'));
  own.finish(new Map(Object.entries(outcomes).map(([host, outcome]) => [host, { outcome, changes: 1 }])), 0);
  await new Promise((resolve) => setTimeout(resolve, 3));
}

describe('a run whose hosts are gone', () => {
  it('is forgotten only after the user has agreed to the consequences', async () => {
    await run('r1', { a: 'changed', b: 'changed' });
    await expect(forgetRun('r1', { stateDir }, io())).rejects.toThrow('no terminal to ask on');
    await expect(forgetRun('r1', { stateDir }, io('n'))).rejects.toThrow('the answer was not yes');
    expect(journal.last().id).toBe('r1');
    out = '';
    expect(await forgetRun('r1', { stateDir, limit: 'a' }, io('y'))).toBe(0);
    expect(out).toBe(
      [
        'Forget run r1, on 1 host: a',
        ' - No host is asked or touched: what the run changed there stays.',
        ' - This controller no longer offers the run to an undo, nor counts it in conflicts and drift.',
        " - The run's folder on the hosts stays, and with it the undo by hand. To delete it, as root on each host:",
        '     rm -r /var/lib/meshbook/transactions/r1',
        'Run r1 is forgotten on 1 host.',
        '',
      ].join('\n'),
    );
    expect(journal.leftToUndo(journal.read('r1')).map(({ target }) => target.name)).toEqual(['b']);
    await forgetRun('r1', { stateDir, yes: true }, io());
    out = '';
    expect(await forgetRun('r1', { stateDir, yes: true }, io())).toBe(0);
    expect(out).toBe('Run r1 has left nothing there that could be forgotten.\n');
    await runs({ stateDir }, io());
    expect(out).toContain('2 forgotten');
  });

  it("can't be undone, and the message says how to undo it after all", async () => {
    await run('r1', { a: 'changed' });
    await forgetRun('r1', { stateDir, yes: true }, io());
    const options = { stateDir, yes: true } as unknown as UndoOptions;
    expect(await undo('r1', options, io())).toBe(0);
    expect(err).toContain('Run r1 is forgotten on a, and is not undone there.');
    expect(err).toContain('  sh /var/lib/meshbook/transactions/r1/control undo asked\n');
    await expect(undo(undefined, { ...options, last: true }, io())).rejects.toThrow('no run left to undo');
    expect(err).toContain('Passed over: run r1: 1 forgotten\n');
  });

  it('is forgotten with its lab, by the addresses of its hosts', async () => {
    await run('r1', { a: 'changed', b: 'changed' });
    await run('r2', { b: 'changed' });
    await run('r3', { c: 'changed' });
    await run('r4', { a: 'undone' });
    expect(forgetHosts(journal, new Set(['a.example', 'b.example']))).toEqual(['r1', 'r2']);
    expect(journal.last().id).toBe('r3');
    expect(forgetHosts(journal, new Set(['a.example', 'b.example']))).toEqual([]);
  });
});

describe('the newest run to undo on some hosts', () => {
  const last = (limit: string) => lastRun(journal, false, limit, io());

  it('is one that has something left there, whatever the hosts of later runs', async () => {
    await run('r1', { a: 'changed', c: 'changed' });
    await run('r2', { a: 'changed', c: 'undone' });
    await run('r3', { a: 'changed', b: 'changed' });
    expect(last('c').run.id).toBe('r1');
    expect(err.split('\n')).toEqual([
      'Passed over: run r2: nothing is left to undo on c',
      'Passed over: run r3: nothing is left to undo on c',
      '',
    ]);
    expect(last('b,c')).toMatchObject({ run: { id: 'r3' }, chosen: new Set(['b', 'c']) });
    expect(last('a').run.id).toBe('r3');
    expect(() => last('d')).toThrow("there is no host or group 'd'");
    await run('r4', { d: 'undone' });
    expect(() => last('d')).toThrow('there is no run left to undo on d');
  });
});

describe('the newest run to undo', () => {
  it('is found past those with nothing left to undo, each with its reason, and past broken records', async () => {
    await run('r1', { a: 'changed' });
    await run('r2', { a: 'undone', b: 'not-started' });
    await run('r3', { a: 'undone' }, { packages: true });
    await run('r4', { a: 'changed' });
    await run('r5', { a: 'changed' });
    await forgetRun('r4', { stateDir, yes: true }, io());
    writeFileSync(join(stateDir, 'runs/r5/run.json'), '{"formatVersion": 7}');
    expect(lastRun(journal, false, undefined, io()).run.id).toBe('r1');
    expect(err.split('\n')).toEqual([
      'Passed over: run r2: 1 undone, 1 not started',
      'Passed over: run r3: 1 undone; its packages stay unless --packages is given',
      'Passed over: run r4: 1 forgotten',
      '',
    ]);
    await runs({ stateDir, json: true }, io());
    expect(err).toContain(
      "r5/run.json can't be read: its format version is 7, this meshbook reads 1 and 2\n",
    );
    const listed = JSON.parse(out.slice(out.indexOf('['))) as { id: string; now: unknown }[];
    expect(listed.find(({ id }) => id === 'r4')?.now).toMatchObject({
      a: { state: 'forgotten', was: 'changed', forgotten: { at: expect.any(String) } },
    });
  });
});
