import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseProxyJump } from '../../src/transport/proxy.ts';
import { createSshTransport } from '../../src/transport/ssh.ts';
import { freePort, keygen, newSessions, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let gate: Sshd;
const transport = createSshTransport();

beforeAll(async () => {
  [sshd, gate] = await Promise.all([startSshd(), startSshd()]);
}, 120_000);
afterAll(async () => {
  transport.close();
  await Promise.all([sshd?.stop(), gate?.stop()]);
});

/** A port on which something else than sshd listens. */
async function listener(onSocket: (socket: Socket) => void): Promise<{ port: number; close: () => void }> {
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as { port: number }).port, close };
}

describe('connecting fails', () => {
  it('if nothing listens', async () => {
    const port = await freePort();
    await expect(transport.connect(sshd.target({ ssh: { port } }))).rejects.toMatchObject({
      code: 'connect-failed',
      host: 'docker1',
      message: `can't connect to 127.0.0.1 port ${port}: nothing listens there`,
    });
  });

  it('for a name that does not exist', async () => {
    const target = { ...sshd.target(), address: 'no-such-host.invalid' };
    await expect(transport.connect(target)).rejects.toMatchObject({
      code: 'connect-failed',
      host: 'docker1',
    });
  });

  it('for an address that looks like an option', async () => {
    const configFile = join(sshd.dir, 'per_host');
    writeFileSync(configFile, 'Host docker*\n User x\n');
    const target = { ...sshd.target(), address: '-oProxyCommand=touch /tmp/x' };
    await expect(createSshTransport({ configFile }).connect(target)).rejects.toMatchObject({
      code: 'connect-failed',
    });
  });

  it('if the other end never answers', async () => {
    const silent = await listener(() => undefined);
    try {
      await expect(
        transport.connect(sshd.target({ ssh: { port: silent.port, connectTimeout: 1 } })),
      ).rejects.toMatchObject({
        code: 'connect-timeout',
        host: 'docker1',
        message: expect.stringContaining('within 1 s'),
      });
    } finally {
      silent.close();
    }
  });

  it.each([
    ['hangs up at once', (socket: Socket) => socket.end()],
    ['speaks another protocol', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['breaks off after the banner', (socket: Socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['sends rubbish', (socket: Socket) => socket.end(`SSH-2.0-x\r\n${'\xff'.repeat(500)}`)],
  ])('if the other end %s', async (_, onSocket) => {
    const other = await listener(onSocket);
    try {
      await expect(
        transport.connect(sshd.target({ ssh: { port: other.port, connectTimeout: 3 } })),
      ).rejects.toMatchObject({ code: 'connect-failed', host: 'docker1' });
    } finally {
      other.close();
    }
  });

  it('for a host with weak algorithms only', async () => {
    const weak = await startSshd({ config: ['MACs hmac-sha1', 'Ciphers aes128-ctr'] });
    try {
      await expect(transport.connect(weak.target())).rejects.toMatchObject({
        code: 'connect-failed',
        message: expect.stringContaining('no matching'),
      });
    } finally {
      await weak.stop();
    }
  });

  it('when aborted, with the reason', async () => {
    const silent = await listener(() => undefined);
    const reason = new Error('enough');
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 50);
    try {
      const target = sshd.target({ ssh: { port: silent.port } });
      await expect(transport.connect(target, { signal: abort.signal })).rejects.toBe(reason);
      await expect(transport.connect(target, { signal: abort.signal })).rejects.toBe(reason);
    } finally {
      silent.close();
    }
  });
});

it('retries a host that refuses connections because too many are logging in', async () => {
  const busy = await startSshd({ config: ['MaxStartups 2:100:2'] });
  try {
    const connections = await Promise.all(
      Array.from({ length: 12 }, (_, i) => transport.connect(busy.target({ name: `host${i}` }))),
    );
    for (const connection of connections) connection.close();
    expect(connections).toHaveLength(12);
  } finally {
    await busy.stop();
  }
}, 30_000);

it('suggests --forks if a host keeps refusing connections', async () => {
  const full = await listener((socket) => socket.end('Exceeded MaxStartups\r\n'));
  try {
    await expect(
      transport.connect(sshd.target({ ssh: { port: full.port, connectTimeout: 1 } })),
    ).rejects.toMatchObject({
      code: 'connect-failed',
      hint: expect.stringMatching(/MaxStartups.*--forks/),
    });
  } finally {
    full.close();
  }
});

it('accepts a link-local IPv6 address with a zone', async () => {
  execFileSync('ip', ['-6', 'address', 'add', 'fe80::5:1/64', 'dev', 'lo', 'nodad']);
  const here = await startSshd({ config: ['ListenAddress fe80::5:1%lo'] });
  try {
    const knownHosts = join(here.dir, 'zone');
    writeFileSync(knownHosts, `[fe80::5:1%lo]:${here.port} ${here.hostKeys.ed25519}\n`);
    const target = { ...here.target({ ssh: { knownHosts: [knownHosts] } }), address: 'fe80::5:1%lo' };
    const connection = await transport.connect(target);
    expect((await connection.run('echo "$SSH_CONNECTION"')).stdout).toContain('fe80::5:1%lo');
    connection.close();
  } finally {
    await here.stop();
    execFileSync('ip', ['-6', 'address', 'del', 'fe80::5:1/64', 'dev', 'lo']);
  }
});

it('reports that a host is silent long before the connection counts as lost', async () => {
  const sessions = newSessions(sshd);
  const connection = await transport.connect(sshd.target({ ssh: { keepalive: 1 } }));
  const [session = 0] = sessions();
  expect(connection.silentSeconds?.()).toBe(0);
  process.kill(session, 'SIGSTOP');
  try {
    await expect
      .poll(() => connection.silentSeconds?.(), { timeout: 20_000, interval: 50 })
      .toBeGreaterThan(3);
  } finally {
    process.kill(session, 'SIGCONT');
    connection.close();
  }
}, 30_000);

it('connects 30 times at once', async () => {
  const outputs = await Promise.all(
    Array.from({ length: 30 }, async (_, i) => {
      const connection = await transport.connect(sshd.target({ name: `host${i}` }));
      const { stdout } = await connection.run(`echo ${i}`);
      connection.close();
      return stdout;
    }),
  );
  expect(outputs).toEqual(Array.from({ length: 30 }, (_, i) => `${i}\n`));
}, 30_000);

it('runs a first script without waiting for a delayed acknowledgement', async () => {
  // 6 ms without a delay, otherwise at least 45. A busy machine may be slow itself, so one fast try is enough.
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200 && best >= 35; i += 1) {
    const connection = await transport.connect(sshd.target());
    best = Math.min(best, (await connection.run('true')).durationMs);
    connection.close();
  }
  expect(best).toBeLessThan(35);
}, 120_000);

it('makes the host sign with only the one key that is compared', async () => {
  const log = join(sshd.dir, 'log');
  const many = await startSshd({ hostKeyTypes: ['rsa', 'ed25519'], config: ['LogLevel DEBUG3'], log });
  try {
    const connection = await transport.connect(many.target());
    expect((await connection.run('echo on')).stdout).toBe('on\n');
    connection.close();
    const text = readFileSync(log, 'utf8');
    expect(text).toContain('notify_hostkeys: sent 2 hostkeys');
    expect(text).not.toContain('hostkeys-prove');
  } finally {
    await many.stop();
  }
});

describe('a jump host', () => {
  const behind = (ssh = {}) => {
    // The gate knows only its own key, and known_hosts must have both.
    const knownHosts = join(sshd.dir, 'both');
    writeFileSync(
      knownHosts,
      `[127.0.0.1]:${sshd.port} ${sshd.hostKeys.ed25519}\n[127.0.0.1]:${gate.port} ${gate.hostKeys.ed25519}\n`,
    );
    return sshd.target({
      ssh: {
        proxyJump: `root@127.0.0.1:${gate.port}`,
        identityFiles: [sshd.key, gate.key],
        knownHosts: [knownHosts],
        ...ssh,
      },
    });
  };

  it('leads to a host behind it, and is shared', async () => {
    const sessions = newSessions(gate);
    const jumping = createSshTransport();
    const connections = await Promise.all([1, 2, 3].map(() => jumping.connect(behind())));
    expect(sessions()).toHaveLength(1);
    const results = await Promise.all(
      connections.map((connection) => connection.run('echo behind; echo $PPID')),
    );
    expect(results.map((result) => result.stdout.split('\n')[0])).toEqual(['behind', 'behind', 'behind']);
    const quick = await (connections[0] as NonNullable<(typeof connections)[0]>).run('true');
    expect(quick.exitCode).toBe(0);
    for (const connection of connections) connection.close();
    jumping.close();
  });

  it('may be one of several', async () => {
    const jumping = createSshTransport();
    const connection = await jumping.connect(
      behind({ proxyJump: `root@127.0.0.1:${gate.port},root@127.0.0.1:${sshd.port}` }),
    );
    expect((await connection.run('echo far')).stdout).toBe('far\n');
    connection.close();
    jumping.close();
  });

  it('may come from ssh_config', async () => {
    const configFile = join(sshd.dir, 'jump_config');
    writeFileSync(configFile, `Host inner\n HostName 127.0.0.1\n ProxyJump root@127.0.0.1:${gate.port}\n`);
    const { proxyJump: _, ...ssh } = behind().ssh;
    const jumping = createSshTransport({ configFile });
    const sessions = newSessions(gate);
    const connection = await jumping.connect({ ...behind(), address: 'inner', ssh });
    expect(sessions()).toHaveLength(1);
    expect((await connection.run('echo far')).stdout).toBe('far\n');
    connection.close();
    jumping.close();
  });

  it('has its host key verified', async () => {
    const target = behind({ knownHosts: [sshd.knownHosts] });
    await expect(transport.connect(target)).rejects.toMatchObject({
      code: 'host-key-unknown',
      host: 'docker1',
      message: expect.stringContaining(
        `by way of root@127.0.0.1:${gate.port}: the host key of [127.0.0.1]:${gate.port}`,
      ),
    });
  });

  it('does not vouch for the host behind it', async () => {
    const target = behind({ knownHosts: [gate.knownHosts] });
    await expect(transport.connect(target)).rejects.toMatchObject({
      code: 'host-key-unknown',
      message: expect.stringContaining(`[127.0.0.1]:${sshd.port}`),
    });
  });

  it("that can't reach the host says so", async () => {
    const port = await freePort();
    await expect(transport.connect(behind({ port }))).rejects.toMatchObject({
      code: 'connect-failed',
      message: expect.stringContaining(`can't reach 127.0.0.1 port ${port}`),
    });
  });

  it('that refuses us says so', async () => {
    const stranger = keygen(join(sshd.dir, `stranger${Date.now()}`));
    await expect(transport.connect(behind({ identityFiles: [stranger] }))).rejects.toMatchObject({
      code: 'auth-failed',
      message: expect.stringContaining('by way of'),
    });
  });

  it.each(['a b', 'host:port', '', 'a,,b', 'host:0', 'host:70000'])('written as %j is refused', (text) => {
    expect(() => parseProxyJump(text, 'docker1')).toThrow(
      expect.objectContaining({ code: 'connect-failed' }),
    );
  });

  it.each([
    ['gate', [{ address: 'gate' }]],
    ['me@gate:2200', [{ user: 'me', address: 'gate', port: 2200 }]],
    ['ssh://me@gate:2200', [{ user: 'me', address: 'gate', port: 2200 }]],
    ['[fd00::1]:22,b', [{ address: 'fd00::1', port: 22 }, { address: 'b' }]],
  ])('may be written as %s', (text, hops) => {
    expect(parseProxyJump(text, 'docker1')).toEqual(hops);
  });
});

describe('a ProxyCommand', () => {
  const through = async (command: string) => {
    const configFile = join(sshd.dir, 'proxy_config');
    writeFileSync(configFile, `Host 127.0.0.1\n ProxyCommand ${command}\n`);
    return await createSshTransport({ configFile }).connect(sshd.target({ ssh: { connectTimeout: 3 } }));
  };

  it('carries the connection', async () => {
    const relay = join(sshd.dir, 'relay.mjs');
    writeFileSync(
      relay,
      `import { connect } from 'node:net'; const s = connect(process.argv[3], process.argv[2]); process.stdin.pipe(s); s.pipe(process.stdout);`,
    );
    const connection = await through(`${process.execPath} ${relay} %h %p`);
    expect((await connection.run('echo hello')).stdout).toBe('hello\n');
    connection.close();
  });

  it('that fails is a failed connection', async () => {
    await expect(through('false')).rejects.toMatchObject({ code: 'connect-failed', host: 'docker1' });
  });
});
