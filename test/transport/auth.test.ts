import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSshTransport, type SshTransportOptions } from '../../src/transport/ssh.ts';
import { addUser, keygen, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let authSock: string | undefined;

beforeAll(async () => {
  sshd = await startSshd();
}, 120_000);
afterAll(() => sshd?.stop());
beforeEach(() => {
  authSock = process.env.SSH_AUTH_SOCK;
  delete process.env.SSH_AUTH_SOCK;
});
afterEach(() => {
  if (authSock !== undefined) process.env.SSH_AUTH_SOCK = authSock;
  else delete process.env.SSH_AUTH_SOCK;
});

let made = 0;
function key(options: { type?: string; passphrase?: string; allowed?: boolean } = {}): string {
  made += 1;
  const path = keygen(join(sshd.dir, `key${made}`), options.type, options.passphrase);
  if (options.allowed !== false)
    appendFileSync(join(sshd.dir, 'authorized_keys'), readFileSync(`${path}.pub`));
  return path;
}

async function login(identityFiles: readonly string[], options: SshTransportOptions = {}) {
  const connection = await createSshTransport(options).connect(sshd.target({ ssh: { identityFiles } }));
  connection.close();
}

function chmod(path: string, mode: number): string {
  chmodSync(path, mode);
  return path;
}

function write(path: string, content: string | Buffer): string {
  writeFileSync(path, content);
  return path;
}

function pipe(path: string): string {
  execFileSync('mkfifo', [path]);
  return path;
}

describe('a key file', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])('of type %s is accepted', async (type) => {
    await login([key({ type })]);
  });

  it('that the host does not know is followed by the next one', async () => {
    await login([key({ allowed: false }), key()]);
  });

  it('in the old PEM format is accepted', async () => {
    const path = key({ type: 'rsa' });
    execFileSync('ssh-keygen', ['-q', '-p', '-m', 'PEM', '-N', '', '-f', path]);
    expect(readFileSync(path, 'utf8')).toContain('BEGIN RSA PRIVATE KEY');
    await login([path]);
  });

  it.each([
    ['is missing', (path: string) => `${path}.absent`, 'there is no key file', 'identity_file'],
    ['is a directory', () => sshd.dir, 'is a directory', ''],
    ['is a named pipe', (path: string) => pipe(`${path}.pipe`), 'is a named pipe, not a file', ''],
    ['is a device', () => '/dev/zero', 'is a device, not a file', ''],
    ['is the public half', (path: string) => `${path}.pub`, 'only a public key', ''],
    ['is readable by the group', (path: string) => chmod(path, 0o640), 'mode 0640', 'chmod 600'],
    ['is readable by all', (path: string) => chmod(path, 0o604), 'mode 0604', 'chmod 600'],
    ['is no key', (path: string) => write(path, 'hello\n'), 'not a private key', 'ssh-keygen'],
    ['is empty', (path: string) => write(path, ''), 'not a private key', 'ssh-keygen'],
    ['is binary', (path: string) => write(path, Buffer.alloc(999, 0xfe)), 'not a private key', 'ssh-keygen'],
    [
      'is cut off',
      (path: string) => write(path, readFileSync(path).subarray(0, 200)),
      'not a private key',
      'ssh-keygen',
    ],
    ['is in PKCS#8 form', (path: string) => write(path, pkcs8), 'PKCS#8', 'ssh-keygen -p -f'],
  ])('that %s is reported, with a fix', async (title, prepare, message, hint) => {
    const path = prepare(key());
    await expect(login([path])).rejects.toMatchObject({
      code: title === 'is the public half' ? 'auth-failed' : 'key-unreadable',
      host: 'docker1',
      message: expect.stringMatching(new RegExp(`${path}.*${message}|${message}.*${path}`)),
      ...(hint !== '' && { hint: expect.stringContaining(hint) }),
    });
  });

  it('that we may not read is reported', async () => {
    // root may read everything, so a process of another user tries.
    const user = addUser();
    try {
      const path = join(user.home, 'secret');
      writeFileSync(path, readFileSync(sshd.key), { mode: 0o600 });
      const script = `import { KeyFiles } from ${JSON.stringify(new URL('../../src/transport/key-files.ts', import.meta.url).pathname)};
        const file = await new KeyFiles(undefined).read(${JSON.stringify(path)});
        console.log(file.state, file.error?.code, file.error?.message);`;
      const out = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        encoding: 'utf8',
        uid: Number(execFileSync('id', ['-u', user.name])),
      });
      expect(out).toContain('unusable key-unreadable');
      expect(out).toContain('EACCES');
    } finally {
      user.remove();
    }
  });
});

const pkcs8 = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIHKj+sVa9WcD/q2DJUJaf43Kptc8xYuUQA4bOFj9vC8T
-----END PRIVATE KEY-----
`;

describe('an encrypted key', () => {
  it('is asked for once for all hosts and connections', async () => {
    const path = key({ passphrase: 'open sesame' });
    const prompts: string[] = [];
    const ask = async (prompt: string) => {
      prompts.push(prompt);
      await sleep(50);
      return 'open sesame';
    };
    const transport = createSshTransport({ ask });
    const target = sshd.target({ ssh: { identityFiles: [path] } });
    const connections = await Promise.all([1, 2, 3].map(() => transport.connect(target)));
    connections.push(await transport.connect(target));
    for (const connection of connections) connection.close();
    expect(prompts).toEqual([`Passphrase of ${path}: `]);
  });

  it('is asked for again after a wrong answer, three times in all', async () => {
    const answers = ['wrong', 'open sesame'];
    await login([key({ passphrase: 'open sesame' })], { ask: async () => answers.shift() ?? '' });
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return 'wrong';
    };
    await expect(login([key({ passphrase: 'open sesame' })], { ask })).rejects.toMatchObject({
      code: 'key-unreadable',
      host: 'docker1',
    });
    expect(asked).toBe(3);
  });

  it('is reported if there is nobody to ask', async () => {
    const path = key({ passphrase: 'open sesame' });
    await expect(login([path])).rejects.toMatchObject({
      code: 'key-unreadable',
      message: expect.stringContaining('no terminal to ask on'),
      hint: expect.stringContaining(`ssh-add ${path}`),
    });
  });

  it('is not asked for if another key is accepted', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    await login([key({ passphrase: 'open sesame' }), key()], { ask });
  });
});

describe('an agent', () => {
  let agent: ChildProcess;
  let socket: string;
  let agents = 0;

  beforeEach(async () => {
    agents += 1;
    socket = join(sshd.dir, `agent${agents}`);
    agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    for (let i = 0; i < 100 && !execOk('ssh-add', ['-l'], socket); i += 1) await sleep(20);
    process.env.SSH_AUTH_SOCK = socket;
  });
  afterEach(() => agent.kill());

  const add = (path: string, passphrase = '') => {
    // ssh-add takes a passphrase only from a program.
    const askpass = join(sshd.dir, 'askpass');
    writeFileSync(askpass, `#!/bin/sh\necho '${passphrase}'\n`, { mode: 0o700 });
    execFileSync('ssh-add', ['-q', path], {
      env: { ...process.env, SSH_AUTH_SOCK: socket, SSH_ASKPASS: askpass, SSH_ASKPASS_REQUIRE: 'force' },
      stdio: 'pipe',
    });
  };

  it.each(['ed25519', 'ecdsa', 'rsa'])('logs in with a key of type %s that is in no file', async (type) => {
    const path = key({ type });
    add(path);
    await login([]);
  });

  it('makes the passphrase of a key that it holds unnecessary', async () => {
    const path = key({ passphrase: 'open sesame' });
    add(path, 'open sesame');
    await login([path], { ask: () => Promise.reject(new Error('asked')) });
  });

  it('supplies the private half if only the public one is named', async () => {
    const path = key();
    add(path);
    await login([`${path}.pub`]);
  });

  it('with more keys than a host allows does not keep a named key from being tried', async () => {
    for (let i = 0; i < 8; i += 1) add(key({ allowed: false }));
    await login([key()]);
    await expect(login([])).rejects.toMatchObject({
      code: 'auth-failed',
      message: expect.stringContaining('Too many authentication failures'),
      hint: expect.stringMatching(/^name the key in the inventory .*IdentitiesOnly/),
    });
  }, 20_000);

  it('that does not answer is skipped', async () => {
    process.env.SSH_AUTH_SOCK = join(sshd.dir, 'no-agent');
    await login([key()]);
    await expect(login([key({ allowed: false })])).rejects.toMatchObject({
      code: 'auth-failed',
      message: expect.stringContaining('no-agent'),
    });
  });
});

describe('a failed login', () => {
  it('lists what was tried', async () => {
    const [one, two] = [key({ allowed: false }), key({ allowed: false, type: 'rsa' })];
    await expect(login([one, two])).rejects.toMatchObject({
      code: 'auth-failed',
      host: 'docker1',
      message: expect.stringContaining(`did not let root in; tried: ${one}; ${two}; no agent`),
      hint: expect.stringContaining('authorized_keys'),
    });
  });

  it('without any key says so', async () => {
    await expect(login([])).rejects.toMatchObject({
      code: 'auth-failed',
      message: expect.stringContaining('SSH_AUTH_SOCK is not set'),
    });
  });

  it('at a host that accepts no keys says what it accepts', async () => {
    const other = await startSshd({ config: ['PubkeyAuthentication no', 'PasswordAuthentication yes'] });
    try {
      await expect(createSshTransport().connect(other.target())).rejects.toMatchObject({
        code: 'auth-failed',
        message: expect.stringContaining('only password'),
      });
    } finally {
      await other.stop();
    }
  });

  it('with unusable default keys says why', async () => {
    const home = join(sshd.dir, 'keys');
    mkdirSync(home);
    writeFileSync(join(home, 'open'), readFileSync(sshd.key), { mode: 0o644 });
    const configFile = join(sshd.dir, 'config');
    writeFileSync(configFile, `IdentityFile ${home}/open\nIdentityFile ${home}/absent\n`);
    const { identityFiles: _, ...ssh } = sshd.target().ssh;
    await expect(createSshTransport({ configFile }).connect({ ...sshd.target(), ssh })).rejects.toMatchObject(
      {
        code: 'auth-failed',
        message: expect.stringMatching(/others can read .*open .*chmod 600/),
      },
    );
  });
});

function execOk(command: string, args: string[], socket: string): boolean {
  try {
    execFileSync(command, args, { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' });
    return true;
  } catch (error) {
    return (error as { status?: number }).status === 1; // it answers: no identities
  }
}
