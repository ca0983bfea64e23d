import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSshTransport, type SshTransportOptions } from '../../src/transport/ssh.ts';
import { keygen, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let dir: string;
let file: string;
let stranger: string;

beforeAll(async () => {
  sshd = await startSshd({ hostKeyTypes: ['rsa', 'ecdsa', 'ed25519'] });
  stranger = readFileSync(`${keygen(join(sshd.dir, 'stranger'))}.pub`, 'utf8').trim();
}, 120_000);
afterAll(() => sshd?.stop());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'meshbook-hostkeys-'));
  file = join(dir, 'ssh', 'known_hosts');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const name = () => `[127.0.0.1]:${sshd.port}`;

async function login(options: SshTransportOptions = {}, changes: Parameters<Sshd['target']>[0] = {}) {
  const transport = createSshTransport({ knownHostsFile: file, ...options });
  const connection = await transport.connect(sshd.target(changes));
  const { stdout } = await connection.run('echo in');
  connection.close();
  return stdout;
}

function known(text: string) {
  file = join(dir, 'known_hosts');
  writeFileSync(file, text);
}

describe('a host key', () => {
  it.each(['ed25519', 'ecdsa', 'rsa'])(
    'of type %s is recognised, although the host has others as well',
    async (type) => {
      known(`${name()} ${sshd.hostKeys[type]}\n`);
      expect(await login()).toBe('in\n');
    },
  );

  it('under a hashed name is recognised', async () => {
    known(`${name()} ${sshd.hostKeys.ed25519}\n`);
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    expect(readFileSync(file, 'utf8')).not.toContain('127.0.0.1');
    expect(await login()).toBe('in\n');
  });

  it('that is unknown is refused, with what to compare and how to add it', async () => {
    const printed = execFileSync('ssh-keygen', ['-lf', join(sshd.dir, 'host_ed25519.pub')], {
      encoding: 'utf8',
    });
    await expect(login()).rejects.toMatchObject({
      code: 'host-key-unknown',
      host: 'docker1',
      message: expect.stringContaining(`ssh-ed25519 ${printed.split(' ')[1]}`),
      hint: expect.stringContaining(`ssh-keyscan -t ed25519 -p ${sshd.port} 127.0.0.1 >> ${file}`),
    });
    expect(existsSync(file)).toBe(false);
  });

  it('that has changed is refused, with the line and how to remove it', async () => {
    known(`# lab\n${name()} ${stranger}\n`);
    await expect(login({ acceptNewHostKeys: true })).rejects.toMatchObject({
      code: 'host-key-changed',
      host: 'docker1',
      message: expect.stringContaining(`${file}:2`),
      hint: expect.stringContaining(`ssh-keygen -R '${name()}' -f ${file}`),
    });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(3);
  });

  it('of a type that the host no longer has is refused as changed, not as a failed negotiation', async () => {
    const only = await startSshd({ hostKeyTypes: ['ecdsa'] });
    try {
      known(`[127.0.0.1]:${only.port} ${sshd.hostKeys.ed25519}\n`);
      const transport = createSshTransport({ acceptNewHostKeys: true, knownHostsFile: file });
      await expect(transport.connect(only.target())).rejects.toMatchObject({
        code: 'host-key-changed',
      });
    } finally {
      await only.stop();
    }
  });

  it('that is revoked is refused', async () => {
    known(`${name()} ${sshd.hostKeys.ed25519}\n@revoked * ${sshd.hostKeys.ed25519}\n`);
    await expect(login({ acceptNewHostKeys: true })).rejects.toMatchObject({
      code: 'host-key-revoked',
      message: expect.stringContaining(`${file}:2`),
    });
  });

  it('is not accepted beside an unreadable line', async () => {
    known(`${name()} ssh-ed25519 AAAA\n`);
    await expect(login({ acceptNewHostKeys: true })).rejects.toMatchObject({
      code: 'host-key-unknown',
      message: expect.stringContaining(`${file}:1`),
    });
  });

  it('is refused at once if known_hosts is a named pipe or a device', async () => {
    file = join(dir, 'pipe');
    execFileSync('mkfifo', [file]);
    for (const path of [file, '/dev/zero']) {
      await expect(login({ knownHostsFile: path })).rejects.toMatchObject({
        code: 'host-key-unknown',
        message: expect.stringMatching(/ is (a named pipe|a device), not a file$/),
      });
    }
  });

  it('is refused if known_hosts is a directory', async () => {
    file = dir;
    await expect(login()).rejects.toMatchObject({ code: 'host-key-unknown', host: 'docker1' });
  });
});

describe("with an inventory's own known_hosts", () => {
  /** The user's own file, while the inventory's contains the very key that the host shows. */
  async function reached(own: string, theirs = `${name()} ${sshd.hostKeys.ed25519}\n`) {
    known(own);
    const [config, list] = [join(dir, 'config'), join(dir, 'theirs')];
    writeFileSync(config, `UserKnownHostsFile ${file}\n`);
    writeFileSync(list, theirs);
    const transport = createSshTransport({ configFile: config, acceptNewHostKeys: true });
    const connection = await transport.connect(sshd.target({ ssh: { knownHosts: [list] } }));
    connection.close();
    expect(readFileSync(file, 'utf8')).toBe(own);
    return 'in';
  }

  it("a key that the user's own file has revoked is refused", async () => {
    await expect(reached(`@revoked * ${sshd.hostKeys.ed25519}\n`)).rejects.toMatchObject({
      code: 'host-key-revoked',
      message: expect.stringContaining(`${file}:1`),
    });
    await expect(reached('@revoked * broken\n')).rejects.toMatchObject({ code: 'host-key-unknown' });
  });

  it("a key that differs from the one in the user's own file is refused", async () => {
    await expect(reached(`${name()} ${stranger}\n`)).rejects.toMatchObject({
      code: 'host-key-changed',
      message: expect.stringContaining(`${file}:1`),
    });
  });

  it("the inventory's file is enough for a host that the user's own file doesn't mention", async () => {
    expect(await reached('')).toBe('in');
    expect(await reached(`elsewhere ${stranger}\n`)).toBe('in');
    expect(await reached(`${name()} ${sshd.hostKeys.ed25519}\n`)).toBe('in');
  });

  it('a host with several keys shows one that both files have', async () => {
    const { rsa, ecdsa, ed25519 } = sshd.hostKeys;
    expect(await reached(`${name()} ${rsa}\n`, `${name()} ${ed25519}\n${name()} ${rsa}\n`)).toBe('in');
    expect(await reached(`${name()} ${ecdsa}\n${name()} ${rsa}\n`, `${name()} ${rsa}\n`)).toBe('in');
  });
});

describe('accepting new host keys', () => {
  it('reports each, and the jump host through which it was shown', async () => {
    const said: string[] = [];
    const transport = createSshTransport({
      acceptNewHostKeys: true,
      knownHostsFile: file,
      tell: (what) => said.push(what),
    });
    const proxyJump = `root@localhost:${sshd.port}`;
    for (const _ of [1, 2]) {
      const connection = await transport.connect(sshd.target({ ssh: { proxyJump } }));
      connection.close();
    }
    transport.close();
    const [jump = '', host = '', ...more] = said.map((line) =>
      line.replace(/ssh-ed25519 SHA256:[^ ,]+/, 'KEY'),
    );
    expect(jump).toBe(`docker1: the new host key of [localhost]:${sshd.port}, KEY, was added to ${file}`);
    expect(host).toBe(
      `docker1: the new host key of ${name()}, KEY, shown by way of ${proxyJump}, was added to ${file}`,
    );
    expect(more).toEqual([]);
  });

  it('writes the key so that ssh and we know it from then on', async () => {
    expect(await login({ acceptNewHostKeys: true })).toBe('in\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, 'ssh')).mode & 0o777).toBe(0o700);
    expect(await login()).toBe('in\n');
    const ssh = ['-F', 'none', '-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${file}`, '-i', sshd.key];
    execFileSync('ssh', [...ssh, '-p', String(sshd.port), 'root@127.0.0.1', 'true']);
  });

  it('completes an unterminated last line, and keeps the rest', async () => {
    known(`elsewhere ${stranger}`);
    await login({ acceptNewHostKeys: true });
    expect(readFileSync(file, 'utf8')).toBe(`elsewhere ${stranger}\n${name()} ${sshd.hostKeys.ed25519}\n`);
  });

  it('writes a key once, however many connections meet it at the same time', async () => {
    const transport = createSshTransport({ acceptNewHostKeys: true, knownHostsFile: file });
    const connections = await Promise.all(Array.from({ length: 8 }, () => transport.connect(sshd.target())));
    for (const connection of connections) connection.close();
    expect(readFileSync(file, 'utf8')).toBe(`${name()} ${sshd.hostKeys.ed25519}\n`);
  });

  it("never writes to a file that the inventory names, and finds the key again in the user's own", async () => {
    const config = join(dir, 'config');
    const theirs = join(dir, 'authorized_keys');
    writeFileSync(config, `UserKnownHostsFile ${file}\n`);
    for (const before of [undefined, '', `elsewhere ${stranger}\n`]) {
      if (before !== undefined) writeFileSync(theirs, before);
      rmSync(file, { force: true });
      for (const acceptNewHostKeys of [true, false]) {
        const transport = createSshTransport({ acceptNewHostKeys, configFile: config });
        const connection = await transport.connect(sshd.target({ ssh: { knownHosts: [theirs] } }));
        connection.close();
      }
      expect(readFileSync(file, 'utf8')).toBe(`${name()} ${sshd.hostKeys.ed25519}\n`);
      expect(existsSync(theirs) ? readFileSync(theirs, 'utf8') : undefined).toBe(before);
    }
    // The inventory's key counts, not the accepted one.
    writeFileSync(theirs, `${name()} ${stranger}\n`);
    const transport = createSshTransport({ acceptNewHostKeys: true, configFile: config });
    await expect(transport.connect(sshd.target({ ssh: { knownHosts: [theirs] } }))).rejects.toMatchObject({
      code: 'host-key-changed',
    });
  });

  it("adds nothing to a file that isn't a known_hosts file", async () => {
    for (const text of [`${stranger}\n`, `from="192.0.2.*" ${stranger}\n`, '[section]\nkey: value\n']) {
      known(text);
      await expect(login({ acceptNewHostKeys: true })).rejects.toMatchObject({
        code: 'host-key-unknown',
        message: expect.stringContaining(`${file}:1 is no line of known_hosts`),
      });
      expect(readFileSync(file, 'utf8')).toBe(text);
    }
  });

  it("writes nothing if the user's file is /dev/null", async () => {
    file = '/dev/null';
    expect(await login({ acceptNewHostKeys: true })).toBe('in\n');
    await expect(login()).rejects.toMatchObject({ code: 'host-key-unknown' });
  });

  it("fails if the key can't be written", async () => {
    writeFileSync(join(dir, 'file'), '');
    file = join(dir, 'file', 'known_hosts');
    await expect(login({ acceptNewHostKeys: true })).rejects.toMatchObject({ code: 'host-key-unknown' });
  });
});
