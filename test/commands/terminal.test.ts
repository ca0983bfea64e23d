import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keygen, type Sshd, startSshd } from '../transport/sshd.ts';
import { type BuiltCli, buildCli } from './built-cli.ts';

let cli: BuiltCli;
let sshd: Sshd;
beforeAll(async () => {
  cli = buildCli();
  sshd = await startSshd();
}, 120_000);
afterAll(async () => {
  await sshd?.stop();
  cli?.remove();
});

// It can never be applied: no test here confirms it.
const playbook = 'name: Never\nhosts: all\nsteps:\n  - sysctl: { name: kernel.meshbook_test, value: 1 }\n';

interface Ending {
  readonly exitCode: number | null;
  /** Everything that was sent to the terminal, with Unix line endings. */
  readonly screen: string;
}

function inventory(key: string): string {
  const ssh = {
    user: 'root',
    port: sshd.port,
    identity_file: key,
    known_hosts: sshd.knownHosts,
    connect_timeout: 10,
  };
  return JSON.stringify({ hosts: { docker1: { address: '127.0.0.1' } }, ssh });
}

function onTerminal(command: string, cwd: string): ChildProcessWithoutNullStreams {
  return spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: cli.folder, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' },
  });
}

/** Runs on a terminal of its own, and types each answer once its question appears. */
async function type(
  args: readonly string[],
  answers: readonly (readonly [question: string, answer: string])[],
  key = sshd.key,
): Promise<Ending> {
  const folder = cli.files({ 'inv.yml': inventory(key), 'pb.yml': playbook });
  const command = [process.execPath, cli.bin, ...args, '-i', 'inv.yml', 'pb.yml']
    .map((word) => `'${word}'`)
    .join(' ');
  const child = onTerminal(command, folder);
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text.replaceAll('\r\n', '\n');
  });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  let seen = 0;
  for (const [question, answer] of answers) {
    while (!screen.includes(question, seen) && child.exitCode === null) await sleep(20);
    seen = screen.indexOf(question, seen) + question.length;
    // The question appears just before the keyboard is read.
    await sleep(100);
    child.stdin.write(answer);
  }
  const exitCode = await ended;
  return { exitCode, screen };
}

/** Without the code that shows the cursor again. */
function lastLine(screen: string): string | undefined {
  return screen.replaceAll('\u001b[?25h', '').trimEnd().split('\n').at(-1)?.trim();
}

const apply = 'Apply this plan? [y/N] ';

describe('on a terminal', () => {
  it.each([
    ['n', 'n\r', 1, 'meshbook: the answer was not yes; nothing was changed'],
    ['just Enter', '\r', 1, 'meshbook: the answer was not yes; nothing was changed'],
    ['yesterday', 'yesterday\r', 1, 'meshbook: the answer was not yes; nothing was changed'],
    ['Ctrl-D', '\u0004', 1, 'meshbook: the answer was not yes; nothing was changed'],
    ['Ctrl-C', '\u0003', 130, 'Interrupted.'],
  ])('answering %s to the plan changes nothing', async (_, keys, code, last) => {
    const { exitCode, screen } = await type(['apply'], [[apply, keys]]);
    expect(screen).toContain('Plan: 1 host: ');
    expect(lastLine(screen)).toBe(last);
    expect(exitCode).toBe(code);
  });

  it("an encrypted key's passphrase is asked for, up to three times, and never shown", async () => {
    const key = keygen(join(sshd.dir, 'locked'), 'ed25519', 'swordfish');
    const question = `Passphrase of ${key}: `;
    const { exitCode, screen } = await type(
      ['plan'],
      [
        [question, 'sardine\r'],
        [`Wrong passphrase. ${question}`, 'swordfish\r'],
      ],
      key,
    );
    expect(screen).not.toContain('swordfish');
    expect(screen).not.toContain('sardine');
    expect(screen).toContain('Unreachable');
    // The key opens, but sshd doesn't know it.
    expect(screen).toContain('(auth-failed)');
    expect(exitCode).toBe(3);
  });

  it('a passphrase is asked for only once echo is off', async () => {
    const key = keygen(join(sshd.dir, 'locked3'), 'ed25519', 'swordfish');
    const folder = cli.files({ 'inv.yml': inventory(key), 'pb.yml': playbook });
    // While its output is held back, nobody can write to a terminal, so a question that comes too early blocks.
    const flow = (action: 'TCOOFF' | 'TCOON') =>
      `perl -MPOSIX -e 'open F, "+<", $ARGV[0] or die; tcflow(fileno F, ${action}) or die'`;
    const plan = `'${process.execPath}' '${cli.bin}' plan -i inv.yml pb.yml >plan`;
    const command = `tty >terminal && ${flow('TCOOFF')} "$(cat terminal)" && : >held && exec ${plan}`;
    const child = onTerminal(command, folder);
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      screen += text;
    });
    const ended = new Promise((done) => child.once('close', done));
    const terminal = async () => {
      while (!existsSync(join(folder, 'held')) && child.exitCode === null) await sleep(20);
      return readFileSync(join(folder, 'terminal'), 'utf8').trim();
    };
    const path = await terminal();
    const echoes = () => !/ -echo /.test(execFileSync('stty', ['-a', '-F', path], { encoding: 'utf8' }));
    const end = Date.now() + 15_000;
    while (echoes() && Date.now() < end) await sleep(50);
    const echoed = echoes();
    const before = screen;
    execFileSync('sh', ['-c', `${flow('TCOON')} "$0"`, path]);
    while (!screen.includes('Passphrase of') && child.exitCode === null) await sleep(20);
    child.stdin.write('\u0003');
    await ended;
    expect({ echoed, before }).toEqual({ echoed: false, before: '' });
    expect(screen).toContain(`Passphrase of ${key}: `);
  });

  it('a question can be interrupted before anything has happened', async () => {
    const key = keygen(join(sshd.dir, 'locked2'), 'ed25519', 'swordfish');
    const { exitCode, screen } = await type(['plan'], [['Passphrase of', '\u0003']], key);
    expect(exitCode).toBe(130);
    expect(lastLine(screen)).toBe('Interrupted.');
  });

  it('progress makes room for the plan, and the cursor is visible at the end', async () => {
    const { exitCode, screen } = await type(['plan'], []);
    expect(exitCode).toBe(0);
    expect(screen).toContain('Never, on 1 host: docker1');
    expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThanOrEqual(screen.lastIndexOf('\u001b[?25l'));
  });
});

describe("when the output can't be written", () => {
  /** Runs a bash script in which `meshbook` is ours. */
  async function bash(script: string) {
    const line = `meshbook() { '${process.execPath}' '${cli.bin}' "$@"; }; ${script}`;
    const child = spawn('bash', ['-c', line], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
    });
    const exitCode = await new Promise((done) => child.once('close', done));
    return { exitCode, stdout, stderr };
  }

  it.each(['kinds', '--help', 'runs'])(
    'because nobody reads it, meshbook %s ends successfully',
    async (command) => {
      // The reader is gone before there is anything to read.
      const { stdout, stderr } = await bash(`meshbook ${command} | true; echo "\${PIPESTATUS[0]}"`);
      expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
    },
  );

  it('because the disk is full, it says so and fails', async () => {
    const { exitCode, stderr } = await bash('meshbook kinds >/dev/full');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^meshbook: can't write the output: ENOSPC[^\n]*\n$/);
  });
});
