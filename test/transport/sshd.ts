import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SshSettings } from '../../src/model/types.ts';
import type { HostTarget } from '../../src/transport/transport.ts';

/** A real sshd on loopback, with keys, configuration and known_hosts of its own. */
export interface Sshd {
  readonly dir: string;
  readonly port: number;
  /** The listening process; the processes of sessions are its children. */
  readonly pid: number;
  /** A private key with which every user can log in. */
  readonly key: string;
  readonly knownHosts: string;
  /** Public host key by type, as `type base64`. */
  readonly hostKeys: Readonly<Record<string, string>>;
  target(changes?: { name?: string; become?: boolean; ssh?: SshSettings }): HostTarget;
  stop(): Promise<void>;
}

export interface SshdOptions {
  readonly config?: readonly string[];
  readonly hostKeyTypes?: readonly ('ed25519' | 'ecdsa' | 'rsa')[];
  /** A file for its messages. */
  readonly log?: string;
}

/** Debian's packages that these tests need. */
function install(): void {
  if (existsSync('/usr/sbin/sshd') && existsSync('/usr/bin/sudo')) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  execFileSync('apt-get', ['update', '-q'], { env, stdio: 'ignore' });
  execFileSync(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=300', 'install', '-qy', '--no-install-recommends', 'openssh-server', 'sudo'],
    { env, stdio: 'ignore' },
  );
}

export function keygen(path: string, type = 'ed25519', passphrase = ''): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path]);
  return path;
}

export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  install();
  mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const dir = mkdtempSync(join(tmpdir(), 'meshbook-sshd-'));
  const types = options.hostKeyTypes ?? ['ed25519'];
  const hostKeys: Record<string, string> = {};
  for (const type of types) {
    keygen(join(dir, `host_${type}`), type);
    hostKeys[type] = readFileSync(join(dir, `host_${type}.pub`), 'utf8')
      .split(' ')
      .slice(0, 2)
      .join(' ');
  }
  const key = keygen(join(dir, 'id'));
  writeFileSync(join(dir, 'authorized_keys'), readFileSync(`${key}.pub`));
  const port = await freePort();
  writeFileSync(
    join(dir, 'sshd_config'),
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...types.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
      `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
      `PidFile ${join(dir, 'pid')}`,
      'StrictModes no',
      'UsePAM no',
      'PermitRootLogin yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'MaxStartups 200',
      'LogLevel ERROR',
      // bash reads start files only at the first level; root's are this machine's, and may be slow.
      'Match User root',
      '  SetEnv SHLVL=2',
      '',
    ].join('\n'),
  );
  // Readable when other users log in.
  execFileSync('chmod', ['755', dir]);
  const child = spawn(
    '/usr/sbin/sshd',
    ['-D', '-f', join(dir, 'sshd_config'), ...(options.log === undefined ? [] : ['-E', options.log])],
    {
      stdio: 'ignore',
    },
  );
  await listening(port, child);
  const knownHosts = join(dir, 'known_hosts');
  writeFileSync(
    knownHosts,
    Object.values(hostKeys)
      .map((line) => `[127.0.0.1]:${port} ${line}\n`)
      .join(''),
  );
  return {
    dir,
    port,
    pid: child.pid ?? 0,
    key,
    knownHosts,
    hostKeys,
    target: ({ name = 'docker1', become = false, ssh = {} } = {}) => ({
      name,
      address: '127.0.0.1',
      become,
      ssh: { user: 'root', port, identityFiles: [key], knownHosts: [knownHosts], connectTimeout: 10, ...ssh },
    }),
    stop: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      child.kill();
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`sshd ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((done) => {
      const socket: Socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.on('error', () => done(false));
    });
    if (open) return;
    await sleep(20);
  }
  throw new Error('sshd did not start');
}

/** The processes of the sessions that start after this call. */
export function newSessions(sshd: Sshd): () => number[] {
  const before = new Set(childrenOf(sshd.pid));
  return () => childrenOf(sshd.pid).filter((pid) => !before.has(pid));
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(Number);
}

let users = 0;

/** A Unix user that may log in with a key; call `remove` afterwards. */
export function addUser(
  options: { password?: string; sudoers?: string; files?: Readonly<Record<string, string>> } = {},
) {
  users += 1;
  const name = `mbt${process.pid}x${users}`;
  const home = mkdtempSync(join(tmpdir(), 'meshbook-home-'));
  retryLocked(() =>
    execFileSync('useradd', ['-M', '-d', home, '-s', '/bin/bash', '-p', '*', name], { stdio: 'pipe' }),
  );
  if (options.password !== undefined) {
    const input = `${name}:${options.password}\n`;
    retryLocked(() => execFileSync('chpasswd', { input, stdio: 'pipe' }));
  }
  for (const [file, text] of Object.entries(options.files ?? {})) writeFileSync(join(home, file), text);
  execFileSync('chown', ['-R', name, home]);
  const sudoers = `/etc/sudoers.d/${name}`;
  if (options.sudoers !== undefined) writeFileSync(sudoers, `${name} ${options.sudoers}\n`, { mode: 0o440 });
  return {
    name,
    home,
    remove: () => {
      rmSync(sudoers, { force: true });
      retryLocked(() => execFileSync('userdel', ['-f', name], { stdio: 'pipe' }));
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Another test may be writing /etc/passwd. */
function retryLocked(action: () => void): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      action();
      return;
    } catch (error) {
      if (attempt === 20 || !/lock/.test(String((error as { stderr?: Buffer }).stderr))) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}
