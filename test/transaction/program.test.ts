import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import type { FileFact } from '../../src/facts/file.ts';
import { EventReader, type HostEvent } from '../../src/transaction/events.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

// This machine's sh runs the programs for real, on files of a folder of their own.
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-program-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | null, before: FileFact = null): Change {
  const after = content === null ? null : { content, mode: '0640', owner: 'root', group: 'root' };
  return { type: 'file', path: join(folder, name), before, after };
}

function command(script: string, undo?: string): Change {
  return { type: 'run', command: script, timeout: 10, always: true, ...(undo === undefined ? {} : { undo }) };
}

function store(changes: readonly Change[]): string {
  const steps = changes.map((change, index) => ({
    index,
    name: `step ${index}`,
    kind: 'test',
    changes: [change],
    unknowns: [],
  }));
  const [stage] = stagesOf({ host: 'here', steps });
  if (stage === undefined) throw new Error('no stage');
  const home = join(folder, 'stage');
  for (const id of stage.order) mkdirSync(join(home, 'before', id), { recursive: true });
  const program = join(home, 'program');
  writeFileSync(program, compileProgram(stage, 'a test\nwith a second line'));
  writeFileSync(join(home, 'journal'), '');
  return program;
}

function run(program: string, verb: string): HostEvent[] {
  execFileSync('sh', [program, verb]);
  return new EventReader(9).push(readFileSync(join(folder, 'stage', `${verb}.events`), 'utf8'));
}

describe('a host program', () => {
  it('applies in order and undoes everything', () => {
    writeFileSync(join(folder, 'old'), 'before', { mode: 0o604 });
    const old: FileFact = { kind: 'text', content: 'before', mode: '0604', owner: 'root', group: 'root' };
    const program = store([
      file('old', "it's\n'after'\n", old),
      file('deep/er/new', 'new'),
      file('gone', null),
    ]);
    expect(run(program, 'prepare')).toEqual([{ type: 'end', outcome: 'ok' }]);
    expect(run(program, 'apply').at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    expect(readFileSync(join(folder, 'old'), 'utf8')).toBe("it's\n'after'\n");
    expect(readFileSync(join(folder, 'deep/er/new'), 'utf8')).toBe('new');
    for (let time = 1; time <= 2; time++) {
      expect(run(program, 'undo').map((event) => ('id' in event ? event.id : event.outcome))).toEqual([
        '3',
        '3',
        '2',
        '2',
        '1',
        '1',
        'ok',
      ]);
      expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('before');
      expect(statSync(join(folder, 'old')).mode & 0o777).toBe(0o604);
      expect(existsSync(join(folder, 'deep'))).toBe(false);
    }
  });

  it('stops at the first failure, says why, and undoes only what was begun', () => {
    const program = store(
      [
        command('echo one >>log', 'echo undo one >>log'),
        command('echo two >>log; echo "no such luck" >&2; exit 7', 'echo undo two >>log'),
        command('echo three >>log', 'echo undo three >>log'),
      ].map((change) => ({ ...change, chdir: folder }) as Change),
    );
    run(program, 'prepare');
    expect(run(program, 'apply')).toEqual([
      { type: 'begin', id: '1' },
      { type: 'ok', id: '1' },
      { type: 'begin', id: '2' },
      { type: 'failed', id: '2', exitCode: 7, output: 'no such luck\n' },
      { type: 'end', outcome: 'failed' },
    ]);
    run(program, 'undo');
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('one\ntwo\nundo two\nundo one\n');
  });

  it('reports a command that did not run as such, and does not run its undo', () => {
    const guarded = (name: string): Change => ({
      type: 'run',
      command: `echo ran ${name} >>${folder}/log`,
      undo: `echo undid ${name} >>${folder}/log`,
      timeout: 10,
      guard: { creates: join(folder, name) },
    });
    writeFileSync(join(folder, 'there'), '');
    const program = store([guarded('there'), guarded('missing')]);
    run(program, 'prepare');
    expect(run(program, 'apply')).toEqual([
      { type: 'begin', id: '1' },
      { type: 'not-run', id: '1' },
      { type: 'begin', id: '2' },
      { type: 'ok', id: '2' },
      { type: 'end', outcome: 'ok' },
    ]);
    const events = run(program, 'undo');
    expect(events.map((event) => ('id' in event ? event.id : event.outcome))).toEqual(['2', '2', 'ok']);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('ran missing\nundid missing\n');
  });

  it('distinguishes a command that took too long from one that exits with the same status', () => {
    const failure = (script: string, timeout: number) => {
      rmSync(join(folder, 'stage'), { recursive: true, force: true });
      const program = store([{ type: 'run', command: script, timeout, always: true }]);
      run(program, 'prepare');
      return run(program, 'apply').find(({ type }) => type === 'failed');
    };
    expect(failure('echo begun; sleep 60', 1)).toMatchObject({
      exitCode: 124,
      timeout: 1,
      output: 'begun\n',
    });
    expect(failure('echo begun; sleep 60', 0.25)).toMatchObject({
      exitCode: 124,
      timeout: 0.25,
      output: 'begun\n',
    });
    const byItself = { type: 'failed', id: '1', exitCode: 124, output: '' };
    expect(failure('exit 124', 60)).toEqual(byItself);
    // Ends in a later second than it began, before its own has passed. A busy machine may take longer: try again.
    const nextSecond =
      'read -r a _ </proc/uptime; b=$a; while [ "${b%.*}" = "${a%.*}" ]; do read -r b _ </proc/uptime; done';
    const uptime = () => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
    let failed: unknown;
    let took: number;
    do {
      execFileSync('sh', [
        '-c',
        'until read -r now _ </proc/uptime; [ "${now#*.}" -ge 50 ]; do sleep 0.05; done',
      ]);
      const start = uptime();
      failed = failure(`${nextSecond}; exit 124`, 1);
      took = uptime() - start;
    } while (took >= 1);
    expect(failed).toEqual(byItself);
  });

  it('extends the deadline for a slow command, even if its timeout is not a whole number of seconds', () => {
    for (const [name, text] of Object.entries({ armed: '', timeout: '1', cap: '99999999999' }))
      writeFileSync(join(folder, name), `${text}\n`);
    const left = 'read -r until <../deadline; read -r now _ </proc/uptime; echo "$((until - ${now%.*}))"';
    const slow = { ...command(`test "$(${left})" -gt 500`), chdir: join(folder, 'stage'), timeout: 1000.5 };
    const program = store([slow as Change]);
    run(program, 'prepare');
    expect(run(program, 'apply').at(-1)).toEqual({ type: 'end', outcome: 'ok' });
  });

  it('says how much of a long output is left out', () => {
    const program = store([command('seq 2000; exit 1')]);
    run(program, 'prepare');
    const failed = run(program, 'apply').find(({ type }) => type === 'failed');
    expect(failed).toMatchObject({ cut: 8893, output: expect.stringMatching(/\n2000\n$/) });
  });

  it('goes on undoing if one undo fails, and says so', () => {
    const program = store([file('a', 'a'), command('true', 'exit 3')]);
    run(program, 'prepare');
    run(program, 'apply');
    const events = run(program, 'undo');
    expect(events.at(-1)).toEqual({ type: 'end', outcome: 'failed' });
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });

  it('skips what the undo is told to leave alone', () => {
    const program = store(['1', '2', '3'].map((name) => file(name, name)));
    run(program, 'prepare');
    run(program, 'apply');
    process.env.MESHBOOK_SKIP = '1 3';
    try {
      expect(run(program, 'undo').map((event) => ('id' in event ? event.id : event.outcome))).toEqual([
        '2',
        '2',
        'ok',
      ]);
    } finally {
      delete process.env.MESHBOOK_SKIP;
    }
    expect(['1', '2', '3'].map((name) => existsSync(join(folder, name)))).toEqual([true, false, true]);
    run(program, 'undo');
    expect(['1', '2', '3'].map((name) => existsSync(join(folder, name)))).toEqual([false, false, false]);
  });

  it('keeps the events of the first part of an undo at boot when the second runs', () => {
    const program = store([file('a', 'a'), file('b', 'b')]);
    writeFileSync(program, readFileSync(program, 'utf8').replace('scope_1=disk', 'scope_1=ovsdb'));
    run(program, 'prepare');
    run(program, 'apply');
    const events = (scope: string) => {
      execFileSync('sh', [program, 'undo'], { env: { ...process.env, MESHBOOK_SCOPES: scope } });
      const text = readFileSync(join(folder, 'stage', 'undo.events'), 'utf8');
      return new EventReader(9)
        .push(text)
        .map((event) => `${event.type} ${'id' in event ? event.id : event.outcome}`);
    };
    expect(events('disk')).toEqual(['begin 2', 'ok 2', 'end ok']);
    expect(events('ovsdb')).toEqual(['begin 2', 'ok 2', 'end ok', 'begin 1', 'ok 1', 'end ok']);
    // Another boot starts again.
    expect(events('disk')).toEqual(['begin 2', 'ok 2', 'end ok']);
  });

  it('stops after the current change on request', () => {
    const program = store([command(`: >${folder}/stage/stop`), file('never', 'x')]);
    run(program, 'prepare');
    expect(run(program, 'apply').at(-1)).toEqual({ type: 'end', outcome: 'stopped' });
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it("reports what can't be saved before anything is changed", () => {
    mkdirSync(join(folder, 'taken'));
    const program = store([file('taken', 'x')]);
    const events = run(program, 'prepare');
    expect(events.map(({ type }) => type)).toEqual(['failed', 'end']);
  });

  it('reports its end only when everything is on disk', () => {
    const program = store([file('deep/new', 'x')]);
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const sync = (failing: string) =>
      writeFileSync(join(bin, 'sync'), `#!/bin/sh\necho "$*" >>${folder}/synced\n[ "$1" != ${failing} ]\n`, {
        mode: 0o755,
      });
    writeFileSync(program, readFileSync(program, 'utf8').replace('PATH=/', `PATH=${bin}:/`));
    const lastSync = () => readFileSync(join(folder, 'synced'), 'utf8').trim().split('\n').at(-1);
    run(program, 'prepare');
    sync('nothing');
    expect(run(program, 'apply').at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    expect(lastSync()).toBe(`-f / /etc /var /var/lib ${folder}/deep`);
    rmSync(join(folder, 'synced'));
    // The folder has gone with the file.
    expect(run(program, 'undo').at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    expect(lastSync()).toBe(`-f / /etc /var /var/lib ${folder}`);
    rmSync(join(folder, 'stage/stop'));
    sync('-f');
    expect(run(program, 'apply').at(-1)).toEqual({ type: 'end', outcome: 'failed' });
    expect(run(program, 'undo').at(-1)).toEqual({ type: 'end', outcome: 'failed' });
  });

  it('gives commands a standard umask and no input', () => {
    const program = store([command(`cat >${folder}/input; umask >${folder}/umask`)]);
    run(program, 'prepare');
    run(program, 'apply');
    expect(readFileSync(join(folder, 'input'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, 'umask'), 'utf8').trim()).toBe('0022');
  });

  it("keeps the user's text out of the code", () => {
    const program = readFileSync(store([file("a'; touch pwned; '", 'x')]), 'utf8');
    expect(program).toContain('# a test with a second line');
    expect(() => execFileSync('sh', ['-n'], { input: program })).not.toThrow();
  });
});
