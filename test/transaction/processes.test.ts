import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { bootPasses } from '../../src/changes/scope.ts';
import { bootUnits } from '../../src/transaction/boot-units.ts';
import { controlProgram } from '../../src/transaction/control.ts';
import { EventReader } from '../../src/transaction/events.ts';
import { processes } from '../../src/transaction/process.ts';
import { compileProgram } from '../../src/transaction/program.ts';
import { stagesOf } from '../../src/transaction/stage.ts';

// Programs and processes are real ones of this machine, in a folder of their own.
let home: string;
let started: ChildProcess[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'meshbook-processes-'));
  started = [];
});
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(home, { recursive: true });
});

const main = () => join(home, 'transactions', 'run', 'main');

/** Stores a program of one command. */
function store(command: string): string {
  const change: Change = {
    type: 'run',
    command,
    undo: `echo undone >${home}/log`,
    timeout: 600,
    always: true,
  };
  const steps = [{ index: 0, name: 'a step', kind: 'command', changes: [change], unknowns: [] }];
  const [stage] = stagesOf({ host: 'here', steps });
  if (stage === undefined) throw new Error('no stage');
  for (const id of stage.order) mkdirSync(join(main(), 'before', id), { recursive: true });
  writeFileSync(join(main(), 'program'), compileProgram(stage, 'a test'));
  writeFileSync(join(main(), 'journal'), '');
  return join(main(), 'program');
}

/** Starts a process in the background, in a session of its own or in the test's. */
function start(argv: readonly string[], detached = true): number {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { detached, stdio: 'ignore' });
  started.push(child);
  return child.pid as number;
}

/** The line by which a host identifies a process. */
function identity(pid: number): string {
  const script = `${processes.text}\nidentify ${pid} && echo "$identity"`;
  return execFileSync('sh', ['-c', script], { encoding: 'utf8' });
}

function undo(program: string, patience: number) {
  const env = { ...process.env, MESHBOOK_PATIENCE: String(patience) };
  execFileSync('sh', [program, 'undo'], { env });
  return new EventReader(9).push(readFileSync(join(main(), 'undo.events'), 'utf8'));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const runs = (pid: number) => spawnSync('sh', ['-c', `${processes.text}\nidentify ${pid}`]).status === 0;

describe('an undo that finds an apply running', () => {
  it('does not mistake another process with its number for it, whatever its command line', () => {
    const program = store('true');
    execFileSync('sh', [program, 'apply']);
    const other = start(['sh', '-c', 'while sleep 1; do :; done', 'sh', program, 'apply']);
    writeFileSync(join(main(), 'apply.pid'), identity(other).replace(/ \d+ /, ' 1 '));
    // It would wait for longer than the test may take.
    expect(undo(program, 3600).at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    expect(readFileSync(join(home, 'log'), 'utf8')).toBe('undone\n');
    expect(runs(other)).toBe(true);
  });

  it('kills it with everything that it has started if it does not stop', async () => {
    const program = store(`echo $$ >${home}/command.pid; trap '' TERM; while :; do sleep 1; done`);
    const apply = start(['sh', program, 'apply']);
    writeFileSync(join(main(), 'apply.pid'), identity(apply));
    await until(
      () => existsSync(join(home, 'command.pid')) && readFileSync(join(home, 'command.pid')).length > 1,
    );
    const command = Number(readFileSync(join(home, 'command.pid'), 'utf8'));
    expect(undo(program, 0).at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    await until(() => !runs(command));
    expect(runs(apply)).toBe(false);
  });

  it('kills one that leads no process group', async () => {
    const program = store(`: >${home}/begun; while [ -e ${home} ]; do sleep 0.1; done`);
    const apply = start(['sh', program, 'apply'], false);
    writeFileSync(join(main(), 'apply.pid'), identity(apply));
    await until(() => existsSync(join(home, 'begun')));
    expect(undo(program, 0).at(-1)).toEqual({ type: 'end', outcome: 'ok' });
    expect(runs(apply)).toBe(false);
  });

  // Only root can have a process that another user can't kill.
  it.skipIf(process.getuid?.() !== 0)(
    "goes on without waiting for one that can't be killed, and fails at that one's change",
    { timeout: 30_000 },
    () => {
      const program = store('true');
      execFileSync('sh', [program, 'apply']);
      writeFileSync(join(main(), 'apply.pid'), identity(start(['sleep', '600'])));
      writeFileSync(program, readFileSync(program, 'utf8').replace('/run/meshbook.', `${home}/meshbook.`));
      chmodSync(home, 0o777);
      execFileSync('chown', ['-R', '65534:65534', main()]);
      const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', 'sh', program, 'undo'];
      execFileSync('setpriv', nobody, { env: { ...process.env, MESHBOOK_PATIENCE: '0' } });
      const events = new EventReader(9).push(readFileSync(join(main(), 'undo.events'), 'utf8'));
      expect(events).toEqual([
        { type: 'begin', id: '1' },
        {
          type: 'failed',
          id: '1',
          exitCode: 1,
          output: expect.stringMatching(/^process \d+, which applies this, did not end when it was killed/),
        },
        { type: 'end', outcome: 'failed' },
      ]);
      expect(readFileSync(join(home, 'log'), 'utf8')).toBe('undone\n');
    },
  );
});

describe("a host's control", () => {
  const control = (run: string, change = (text: string) => text) => {
    const folder = join(home, 'transactions', run);
    mkdirSync(join(folder, 'main'), { recursive: true });
    const text = controlProgram({ holder: 'me@here', confirmTimeout: 120, hardCap: 3600 });
    writeFileSync(join(folder, 'control'), change(text));
    return join(folder, 'control');
  };

  it('frees the lock of a finished run, whoever has the number of its undo by now', () => {
    control('other');
    const ended = join(home, 'transactions', 'other');
    writeFileSync(join(ended, 'report'), 'undone by=asked ok at=2026-01-01T00:00:00Z\n');
    symlinkSync('other', join(home, 'lock'));
    const undoing = identity(start(['sh', '-c', 'while sleep 1; do :; done', 'sh', `${ended}/control`]));
    const lock = () => spawnSync('sh', [control('next'), 'lock'], { encoding: 'utf8' });
    writeFileSync(join(ended, 'main', 'undo.pid'), undoing);
    expect(lock()).toMatchObject({ status: 9, stderr: expect.stringContaining('run other holds this host') });
    writeFileSync(join(ended, 'main', 'undo.pid'), undoing.replace(/ \d+ /, ' 1 '));
    expect(lock()).toMatchObject({ status: 0, stderr: '' });
  });

  it('gives up if another undo of the run does not end, and reports it to followers', async () => {
    const path = control('run', (text) => text.replace('flock -w 900 8', 'flock -w 1 8'));
    const mutex = join(home, 'transactions', 'run', 'undo.mutex');
    start(['flock', mutex, 'sh', '-c', `: >${home}/held; sleep 600`]);
    await until(() => existsSync(join(home, 'held')));
    const { status, stderr } = spawnSync('sh', [path, 'undo', 'asked'], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 8, stderr: 'another undo of this run does not end\n' });
    expect(new EventReader(9).push(readFileSync(join(main(), 'undo.events'), 'utf8'))).toEqual([
      { type: 'end', outcome: 'busy' },
    ]);
  });

  it('has a limit for every wait, and never lets a boot wait', () => {
    const text = controlProgram({ holder: 'me@here', confirmTimeout: 120, hardCap: 3600 });
    const waits = text.split('\n').filter((line) => /\bflock\b/.test(line));
    expect(waits.length).toBeGreaterThan(1);
    for (const line of waits) expect(line).toMatch(/flock -w \d+ /);
    const units = bootUnits.text.split('Type=oneshot').slice(1);
    expect(units.length).toBe(bootPasses.length);
    for (const unit of units) expect(unit).toMatch(/^TimeoutStartSec=\d+$/m);
  });
});
