import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChangeBase } from '../../src/changes/change.ts';
import { RunError } from '../../src/diagnostics/errors.ts';
import { earlierStages } from '../../src/journal/earlier.ts';
import { expire } from '../../src/journal/expire.ts';
import { Journal } from '../../src/journal/journal.ts';
import { newRunId } from '../../src/journal/run-id.ts';
import { hostStates } from '../../src/journal/run-state.ts';
import type { RecordedStage } from '../../src/plan/recorded-stage.ts';
import type { HostResult, Outcome, RunEvent } from '../../src/run/events.ts';

let stateDir: string;
let journal: Journal;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'meshbook-journal-'));
  journal = new Journal(stateDir);
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const target = (name: string) => ({ name, address: `${name}.example`, ssh: { user: 'root' }, become: false });
const stage = { name: 'main', items: { '1': { step: 0, summary: 'create file /a' } } } as const;

function run(id: string, outcomes: Record<string, Outcome>, more: { undoes?: string } = {}): void {
  const hosts = Object.keys(outcomes);
  const verb = more.undoes === undefined ? 'apply' : 'undo';
  const own = journal.start({ id, verb, playName: 'a play', steps: ['a step'], ...more }, hosts.map(target));
  own.stages(new Map(hosts.map((host) => [host, stage])));
  const results = Object.entries(outcomes).map(([host, outcome]): [string, HostResult] => [
    host,
    { outcome, changes: 1 },
  ]);
  own.finish(new Map(results), 0);
}

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('the journal', () => {
  it('is empty before the first run', () => {
    expect(journal.list()).toEqual([]);
    expect(() => journal.last()).toThrow('no run left to undo');
  });

  it('has a run from its start on, readable for its owner only', () => {
    journal.start({ id: 'r1', verb: 'apply', playName: 'a play', steps: [] }, [target('a')]);
    const record = new Journal(stateDir).read('r1');
    expect(record).toMatchObject({
      id: 'r1',
      verb: 'apply',
      hosts: { a: { target: target('a'), stages: [] } },
    });
    expect(record.finishedAt).toBeUndefined();
    expect(statSync(join(stateDir, 'runs/r1/run.json')).mode & 0o777).toBe(0o600);
  });

  it('neither lists nor creates anything if its folder of runs is a link that leads out', () => {
    const outside = mkdtempSync(join(tmpdir(), 'meshbook-outside-'));
    new Journal(outside).start({ id: 'r1', verb: 'apply', playName: 'a play', steps: [] }, []);
    symlinkSync(join(outside, 'runs'), join(stateDir, 'runs'));
    for (const work of [
      () => journal.list(),
      () => journal.unreadable(),
      () => journal.read('r1'),
      () => journal.start({ id: 'r2', verb: 'apply', playName: 'a play', steps: [] }, []),
    ]) {
      expect(thrownBy(work)).toMatchObject({
        code: 'state',
        message: expect.stringMatching(/runs, which leads to .*, is outside /),
      });
    }
    expect(readdirSync(join(outside, 'runs'))).toEqual(['r1']);
    rmSync(outside, { recursive: true });
  });

  it('finds a run by the beginning or the end of its id, or of its last part, if no other matches', () => {
    for (const id of ['20261129-131845-fc567e', '20261129-140000-0a567e', '20261130-000000-123456'])
      run(id, { a: 'changed' });
    expect(journal.read('fc567e').id).toBe('20261129-131845-fc567e');
    expect(journal.read('fc56').id).toBe('20261129-131845-fc567e');
    expect(journal.read('1234').id).toBe('20261130-000000-123456');
    expect(journal.read('20261130').id).toBe('20261130-000000-123456');
    expect(journal.read('20261129-1318').id).toBe('20261129-131845-fc567e');
    expect(thrownBy(() => journal.read('567e'))).toMatchObject({
      code: 'state',
      message: '2 runs have 567e in their ids',
      hint: 'write more of one: 20261129-131845-fc567e, 20261129-140000-0a567e',
    });
    for (const short of ['fc5', '456', '2'])
      expect(thrownBy(() => journal.read(short))).toMatchObject({
        message: `${short} is too short to name a run`,
        hint: 'write at least 4 characters of its id: meshbook runs lists them',
      });
    for (const none of ['c567', '131845', '', '../x'])
      expect(thrownBy(() => journal.read(none))).toMatchObject({ message: `there is no run ${none} here` });
  });

  it("starts no run that it can't record", () => {
    writeFileSync(join(stateDir, 'runs'), '');
    const start = () => journal.start({ id: 'r1', verb: 'apply', playName: 'a play', steps: [] }, []);
    expect(start).toThrow(RunError);
    expect(start).toThrow("can't keep a record of the run");
  });

  it('appends events with their time', () => {
    const own = journal.start({ id: 'r1', verb: 'apply', playName: 'a play', steps: [] }, [target('a')]);
    own.event({ type: 'phase', host: 'a', phase: 'connect', state: 'begin' });
    own.event({ type: 'phase', host: 'a', phase: 'connect', state: 'end' });
    const lines = readFileSync(join(stateDir, 'runs/r1/events.jsonl'), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { at: expect.stringMatching(/Z$/), host: 'a', state: 'begin' },
      { state: 'end' },
    ]);
  });

  it('counts a run past its deadline as undone only once its host says so', () => {
    const armedUntil = '2026-01-02T03:04:05.000Z';
    const own = journal.start({ id: 'r1', verb: 'apply', playName: 'p', steps: [] }, ['a', 'b'].map(target));
    own.stages(new Map(['a', 'b'].map((host) => [host, stage])));
    const result = { outcome: 'armed', changes: 1, armedUntil } as const;
    own.finish(new Map(['a', 'b'].map((host) => [host, result])), 0);
    const states = (now: string) =>
      Object.fromEntries(hostStates(journal.read('r1'), journal.list(), new Date(now)));
    const left = () => journal.leftToUndo(journal.read('r1')).map((host) => host.target.name);
    expect(states('2026-01-02T03:04:04Z')).toEqual({ a: { state: 'armed' }, b: { state: 'armed' } });
    const open = { state: 'not-confirmed', was: 'armed', until: armedUntil };
    expect(states('2026-01-02T03:04:06Z')).toEqual({ a: open, b: open });
    expect(left()).toEqual(['a', 'b']);
    const { exitCode, finishedAt } = journal.read('r1');
    const undo = { by: 'timer', ok: true } as const;
    expire(journal, [
      { run: 'r1', target: { ...target('a'), name: 'renamed' }, undo },
      { run: 'r2', target: target('b'), undo },
    ]);
    expect(states('2026-01-02T03:04:06Z')).toEqual({ a: { state: 'undone' }, b: open });
    expect(left()).toEqual(['b']);
    expect(journal.read('r1')).toMatchObject({ exitCode, finishedAt });
    expect(journal.read('r1').hosts.a?.result).toEqual({
      outcome: 'undone',
      changes: 1,
      trouble: {
        code: 'expired',
        message: 'the host has undone everything on its own when its deadline had passed',
      },
    });
    // What is already known is kept.
    expire(journal, [{ run: 'r1', target: target('a'), undo: { by: 'asked', ok: false } }]);
    expect(journal.read('r1').hosts.a?.result?.outcome).toBe('undone');
  });

  it('leaves to undo only what an undo left alone, until another undoes that, too', () => {
    run('r1', { a: 'changed', b: 'changed' });
    const undo = (id: string, left: readonly string[]) => {
      const own = journal.start({ id, verb: 'undo', undoes: 'r1', playName: 'p', steps: [] }, [target('a')]);
      own.stages(new Map([['a', stage]]));
      own.finish(
        new Map([['a', { outcome: 'undone', changes: 0, ...(left.length > 0 ? { left } : {}) }]]),
        4,
      );
    };
    const leftOn = (name: string) =>
      journal.leftToUndo(journal.read('r1')).filter((host) => host.target.name === name);
    undo('u1', ['1']);
    expect(leftOn('a')).toMatchObject([{ stages: [stage], left: ['1'] }]);
    expect(leftOn('b')[0]?.left).toBeUndefined();
    undo('u2', []);
    expect(leftOn('a')).toEqual([]);
    expect(leftOn('b')).toHaveLength(1);
  });

  it('records what runs changed, and finds later ones that are still in force', async () => {
    const kept = (id: string) => ({ changes: { [id]: { change: { type: 'sysctl' } } }, settles: {} });
    const start = (id: string) => {
      const own = journal.start({ id, verb: 'apply', playName: 'p', steps: [] }, [target('a')]);
      own.keep(new Map([['a', kept(id)]]));
      own.stages(new Map([['a', stage]]));
      own.finish(new Map([['a', { outcome: 'changed', changes: 1 }]]), 0);
    };
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      start(id);
      // Runs that start in the same millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    run('u3', { a: 'undone' }, { undoes: 'r3' });
    expect(journal.kept('r2')).toEqual({ a: kept('r2') });
    expect(journal.kept('u3')).toEqual({});
    expect(statSync(join(stateDir, 'runs/r2/changes.json')).mode & 0o777).toBe(0o600);
    expect([...(journal.later(journal.read('r1')).get('a') ?? [])]).toEqual([
      ['r2', kept('r2')],
      ['r4', kept('r4')],
    ]);
    expect(journal.later(journal.read('r4')).size).toBe(0);
  });

  it('knows what was in force when a run began, and what of that has been undone since', async () => {
    const pause = () => new Promise((resolve) => setTimeout(resolve, 3));
    const changes = { '1': { change: { type: 'file' } } };
    for (const id of ['r1', 'r2', 'r3', 'u2', 'r4', 'u3']) {
      if (id.startsWith('u')) run(id, { a: 'undone' }, { undoes: id.replace('u', 'r') });
      else {
        run(id, { a: 'changed' });
        journal.resume(id).keep(new Map([['a', { changes, settles: { [id]: [] } }]]));
      }
      await pause();
    }
    const earlier = earlierStages(journal, journal.read('r4')).get('a') ?? [];
    expect(earlier.map(({ kept, undone }) => [Object.keys(kept.settles)[0], [...undone]])).toEqual([
      ['r3', ['1']],
    ]);
    run('u1', { a: 'undone' }, { undoes: 'r1' });
    const now = earlierStages(journal, journal.read('r4')).get('a') ?? [];
    expect(now.map(({ kept, undone }) => [Object.keys(kept.settles)[0], [...undone]])).toEqual([
      ['r3', ['1']],
      ['r1', ['1']],
    ]);
    expect(earlierStages(journal, journal.read('r1')).get('a')).toEqual([]);
  });

  it('recognises a renamed host by how it is reached', async () => {
    const record = async (id: string, name: string, inventory: string) => {
      const one = { ...target(name), address: '192.0.2.1' };
      const own = journal.start({ id, verb: 'apply', inventory, playName: 'p', steps: [] }, [one]);
      own.stages(new Map([[name, stage]]));
      own.keep(new Map([[name, { changes: {}, settles: { [id]: [] } }]]));
      own.finish(new Map([[name, { outcome: 'changed', changes: 1 }]]), 0);
      await new Promise((resolve) => setTimeout(resolve, 3));
    };
    await record('r1', 'a', '/lab/inventory.yml');
    await record('r2', 'b', '/lab/inventory.yml');
    await record('r3', 'b', '/other/inventory.yml');
    expect([...(journal.later(journal.read('r1')).get('a')?.keys() ?? [])]).toEqual(['r2']);
    run('u1', { a: 'undone' }, { undoes: 'r1' });
    const earlier = earlierStages(journal, journal.read('r2')).get('b') ?? [];
    expect(earlier.map(({ kept }) => Object.keys(kept.settles)[0])).toEqual(['r1']);
  });

  it('lists the runs back to a given one, newest first, and none back to one that is undone', async () => {
    for (const id of ['r1', 'r2', 'r3', 'r4']) {
      run(id, { a: 'changed' });
      // Runs that start in the same millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    run('u3', { a: 'undone' }, { undoes: 'r3' });
    const leadingTo = (id: string) => journal.after(journal.read(id)).map((record) => record.id);
    expect(leadingTo('r1')).toEqual(['r4', 'r2']);
    expect(leadingTo('r4')).toEqual([]);
    expect(() => leadingTo('r3')).toThrow('run r3 is not in force');
    expect(() => leadingTo('u3')).toThrow('run u3 is not in force');
  });

  it.each([
    ['a run that changed hosts', { a: 'changed' }, ['a']],
    ['hosts that were undone at once', { a: 'undone', b: 'kept' }, ['b']],
    ['a host in doubt', { a: 'in-doubt' }, ['a']],
    ['nothing if nothing was begun', { a: 'not-started' }, []],
  ] as const)('leaves to undo: %s', (_, outcomes, left) => {
    run('r1', outcomes);
    expect(journal.leftToUndo(journal.read('r1')).map(({ target: { name } }) => name)).toEqual(left);
  });

  it('finds the newest run that is not undone on all its hosts', () => {
    run('r1', { a: 'changed', b: 'changed' });
    run('r2', { a: 'changed', b: 'changed' });
    run('r3', { a: 'undone' }, { undoes: 'r2' });
    expect(journal.last().id).toBe('r2');
    run('r4', { b: 'undone' }, { undoes: 'r2' });
    expect(journal.last().id).toBe('r1');
  });

  it("skips what is forgotten, host by host: no undo selects it, and it doesn't affect later runs", async () => {
    const change = { changes: { '1': { change: { type: 'sysctl' } } }, settles: {} };
    for (const id of ['r1', 'r2', 'r3']) {
      run(id, { a: 'changed', b: 'changed' });
      journal.resume(id).keep(new Map([...'ab'].map((host) => [host, change])));
      // Runs that start in the same millisecond have no order.
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    journal.forget('r3', ['a', 'b']);
    journal.forget('r2', ['a']);
    expect(journal.read('r2').hosts.a?.forgotten).toEqual({
      user: expect.stringMatching(/./),
      controller: expect.stringMatching(/./),
      at: expect.stringMatching(/^2.*Z$/),
    });
    expect(journal.last().id).toBe('r2');
    expect(journal.leftToUndo(journal.read('r2')).map(({ target }) => target.name)).toEqual(['b']);
    expect(journal.after(journal.read('r1')).map(({ id }) => id)).toEqual(['r2']);
    expect([...journal.later(journal.read('r1')).keys()]).toEqual(['b']);
    expect(journal.standing().get('a')).toMatchObject([{ run: { id: 'r1' } }]);
  });

  it('goes on without unreadable records, and names them', () => {
    run('r1', { a: 'changed' });
    run('r2', { a: 'changed' });
    run('r3', { a: 'changed' });
    const path = (id: string) => join(stateDir, 'runs', id, 'run.json');
    writeFileSync(path('r2'), '{');
    writeFileSync(path('r3'), '{"formatVersion": 3}');
    expect(journal.last().id).toBe('r1');
    expect(journal.unreadable().map(({ message }) => message)).toEqual([
      expect.stringContaining(path('r2')),
      expect.stringContaining('format version is 3'),
    ]);
  });

  it('leaves packages to undo only on request, even after everything else is undone', () => {
    const own = journal.start({ id: 'r1', verb: 'apply', playName: 'a play', steps: [] }, [target('a')]);
    own.stages(new Map([['a', { ...stage, name: 'packages' }]]));
    own.stages(new Map([['a', stage]]));
    own.finish(new Map([['a', { outcome: 'undone', changes: 1 }]]), 4);
    expect(() => journal.last()).toThrow('no run left');
    const [left] = journal.leftToUndo(journal.last(true), true);
    expect(left?.stages.map(({ name }) => name)).toEqual(['packages']);
  });

  it.each(['no-such-run', '../../etc', ''])('refuses %j', (id) => {
    expect(() => journal.read(id)).toThrow(RunError);
  });

  it('reads what runs kept in format version 1: settle actions as texts, and a restart of Docker as a change', () => {
    run('r1', { a: 'changed' });
    const path = join(stateDir, 'runs/r1/run.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"formatVersion": 2', '"formatVersion": 1'));
    const options = { before: { bridge: 'docker0' }, after: { bridge: 'br0' } };
    const parts = { before: { "Docker's bridge": 'docker0' }, after: { "Docker's bridge": 'br0' } };
    const kept = {
      changes: {
        '1': {
          change: { type: 'file', path: '/a', settle: ['daemon-reload', 'docker', 'restart:x.service'] },
        },
        '2': {
          change: { type: 'docker', ...options, restarted: ['web'], deleted: [], settle: ['docker'] },
          ...parts,
        },
        '3': { change: { type: 'sysctl' } },
      },
      settles: { s1: ['1'], s2: ['1', '2'], s3: ['1'] },
    };
    writeFileSync(join(stateDir, 'runs/r1/changes.json'), JSON.stringify({ a: kept }));
    const restart = { type: 'docker-restart', brings: { ...options, restarted: ['web'], deleted: [] } };
    const file: ChangeBase & { path: string } = {
      type: 'file',
      path: '/a',
      settle: [
        { type: 'daemon-reload' },
        { type: 'docker-restart' },
        { type: 'unit-restart', unit: 'x.service' },
      ],
    };
    const now: RecordedStage = {
      ...kept,
      changes: {
        '1': {
          change: file,
        },
        '2': {
          change: restart,
          ...parts,
        },
        '3': { change: { type: 'sysctl' } },
      },
    };
    expect(journal.kept('r1')).toEqual({ a: now });
    // What is kept today comes back as it is.
    journal.resume('r1').keep(new Map([['a', now]]));
    expect(journal.kept('r1')).toEqual({ a: now });
  });

  it('refuses a record of another format, and one that is broken', () => {
    run('r1', { a: 'changed' });
    const path = join(stateDir, 'runs/r1/run.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"formatVersion": 2', '"formatVersion": 3'));
    expect(() => journal.read('r1')).toThrow('format version is 3');
    writeFileSync(path, '{');
    expect(() => journal.read('r1')).toThrow(RunError);
  });

  it('names a damaged file and what to do, for every file of a run and every damage', () => {
    const change = { changes: { '1': { change: { type: 'sysctl' } } }, settles: {} };
    run('r1', { a: 'changed' });
    run('r2', { a: 'changed' });
    journal.resume('r2').keep(new Map([['a', change]]));
    for (const [name, ask, way] of [
      ['run.json', () => journal.read('r2'), 'delete the folder'],
      ['changes.json', () => journal.kept('r2'), 'meshbook runs forget r2'],
      [
        'changes.json',
        () => journal.later({ ...journal.read('r2'), startedAt: '' }),
        'meshbook runs forget r2',
      ],
      ['changes.json', () => journal.standing(), 'meshbook runs forget r2'],
    ] as const) {
      const path = join(stateDir, 'runs/r2', name);
      const whole = readFileSync(path, 'utf8');
      for (const text of ['', whole.slice(0, -9), '\0'.repeat(whole.length), 'null', '[]', '"{}"', '1']) {
        writeFileSync(path, text);
        const error = thrownBy(ask);
        expect(error).toBeInstanceOf(RunError);
        expect(error).toMatchObject({
          code: 'state',
          message: expect.stringContaining(`${path} can't be read: `),
          hint: expect.stringContaining(way),
        });
        expect((error as RunError).hint).toContain('transactions/r2/control undo asked');
      }
      writeFileSync(path, whole);
    }
    expect([...journal.standing().keys()]).toEqual(['a']);
  });

  it('neither reads nor writes through links that lead out of the state folder', () => {
    const outside = mkdtempSync(join(tmpdir(), 'meshbook-outside-'));
    writeFileSync(join(outside, 'file'), 'kept');
    run('r1', { a: 'changed' });
    for (const name of ['token', 'events.jsonl']) {
      rmSync(join(stateDir, 'runs/r1', name), { force: true });
      symlinkSync(join(outside, 'file'), join(stateDir, 'runs/r1', name));
    }
    expect(() => journal.token('r1')).toThrow('the token of run r1 is not kept here');
    const own = journal.resume('r1');
    expect(() => own.event({ event: 'run-finished' } as unknown as RunEvent)).toThrow('ELOOP');
    expect(readFileSync(join(outside, 'file'), 'utf8')).toBe('kept');
    rmSync(outside, { recursive: true });
  });

  it('needs no changes of a run that is undone or forgotten', () => {
    for (const id of ['r1', 'r2', 'r3']) run(id, { a: 'changed' });
    run('u1', { a: 'undone' }, { undoes: 'r1' });
    for (const id of ['r1', 'r2']) writeFileSync(join(stateDir, 'runs', id, 'changes.json'), '{"a": ');
    expect(() => journal.standing()).toThrow('runs/r2/changes.json');
    journal.forget('r2', ['a']);
    expect(journal.standing().size).toBe(0);
  });

  it('gives runs unique names that sort by time', () => {
    const [first, second, third] = [
      newRunId(new Date(1e12)),
      newRunId(new Date(1e12)),
      newRunId(new Date(2e12)),
    ] as const;
    expect(first).not.toBe(second);
    expect([third, first].sort()).toEqual([first, third]);
  });
});
