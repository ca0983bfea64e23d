import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSshTransport } from '../../src/transport/ssh.ts';
import type { Connection } from '../../src/transport/transport.ts';
import { addUser, newSessions, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
let connection: Connection;
const transport = createSshTransport();

beforeAll(async () => {
  sshd = await startSshd();
  connection = await transport.connect(sshd.target());
}, 120_000);

afterAll(async () => {
  connection?.close();
  await sshd?.stop();
});

describe('a script', () => {
  it.each([
    ['prints', 'echo hello', 0, 'hello\n', ''],
    ['prints nothing', 'true', 0, '', ''],
    ['is empty', '', 0, '', ''],
    ['is a comment', '# nothing', 0, '', ''],
    ['does not end its last line', 'printf x', 0, 'x', ''],
    ['fails', 'echo out; echo err >&2; false', 1, 'out\n', 'err\n'],
    ['exits', 'exit 7\necho never', 7, '', ''],
    ['stops at the first failure with set -e', 'set -e\nfalse\necho never', 1, '', ''],
    [
      'holds quotes and newlines',
      `printf '%s' "it's
\\"$((1+1))\\""`,
      0,
      `it's\n"2"`,
      '',
    ],
    ['holds a here-document', "cat <<'END'\n$HOME }\nEND", 0, '$HOME }\n', ''],
    ['speaks UTF-8', "printf 'Grüße, 世界 🌍'", 0, 'Grüße, 世界 🌍', ''],
    ['prints what looks like a marker', "printf '\\nmeshbook-end 0 0\\n'", 0, '\nmeshbook-end 0 0\n', ''],
    ['runs in the C locale', 'echo "$LC_ALL"', 0, 'C\n', ''],
  ])('%s', async (_, script, exitCode, stdout, stderr) => {
    const result = await connection.run(script);
    expect(result).toEqual({ exitCode, stdout, stderr, durationMs: expect.any(Number) });
  });

  it("gets no variables from the host's environment", async () => {
    // The tests' sshd sets SHLVL, as others may set POSIXLY_CORRECT.
    const { stdout } = await connection.run('echo "${SHLVL-nothing} ${SSH_CONNECTION:+a session}"');
    expect(stdout).toBe('nothing a session\n');
  });

  it("whose children read stdin can't read its own text", async () => {
    const result = await connection.run('cat\nread line && echo "read $line"\necho "then $(wc -c)"');
    expect(result.stdout).toBe('then 0\n');
  });

  it('is not in the argv of any process on the host', async () => {
    const result = await connection.run('secret=abc123; tr "\\0" " " </proc/$$/cmdline; ps -eo args');
    expect(result.stdout).not.toContain('abc123');
    expect(result.stdout).toContain('sh -s');
  });

  it('of 300 kB arrives whole', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => `n=$((n+1)) # ${i} padding padding`);
    const result = await connection.run(`n=0\n${lines.join('\n')}\necho $n`);
    expect(result.stdout).toBe('10000\n');
  });

  it('prints 5 MB', async () => {
    const result = await connection.run(
      `i=0; while [ $i -lt 50 ]; do head -c 100000 /dev/zero | tr '\\0' é; i=$((i+1)); done`,
      { maxOutputBytes: 16 * 1024 * 1024 },
    );
    expect(result.exitCode).toBe(0);
    expect(Buffer.byteLength(result.stdout)).toBeGreaterThanOrEqual(5_000_000);
  });

  it('that prints too much is aborted', async () => {
    await expect(connection.run('yes', { maxOutputBytes: 100_000 })).rejects.toMatchObject({
      code: 'protocol',
      host: 'docker1',
    });
  });

  it('streams its output, without splitting a character', async () => {
    const parts: string[] = [];
    const result = await connection.run("printf 'a\\303'; sleep 0.2; printf '\\251z'; sleep 0.2; echo end", {
      onStdout: (text) => parts.push(text),
    });
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe('aézend\n');
    // It isn't kept as well.
    expect(result.stdout).toBe('');
  });

  it('that leaves a child behind ends when it ends, not when the child does', async () => {
    const { stdout } = await connection.run('sleep 600 & echo "started $!"');
    const [, pid] = /^started (\d+)\n$/.exec(stdout) ?? expect.fail(stdout);
    // Throws if the child has ended.
    process.kill(Number(pid));
  });

  it('whose shell is killed ends with that signal', async () => {
    const result = await connection.run('echo first; kill -9 $$; sleep 1');
    expect(result).toMatchObject({ exitCode: null, signal: 'SIGKILL', stdout: 'first\n' });
  });

  it('with a syntax error runs nothing and says so', async () => {
    const file = join(sshd.dir, 'half');
    await expect(connection.run(`touch ${file}\nif true; then`)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('Syntax error'),
    });
    expect((await connection.run(`ls ${file}`)).exitCode).not.toBe(0);
  });

  it('that takes too long is no longer waited for', async () => {
    await expect(connection.run('sleep 20', { timeoutMs: 200 })).rejects.toMatchObject({ code: 'timeout' });
    expect((await connection.run('echo on')).stdout).toBe('on\n');
  });

  it('is no longer waited for once aborted', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    setTimeout(() => abort.abort(reason), 100);
    await expect(connection.run('sleep 20', { signal: abort.signal })).rejects.toBe(reason);
    await expect(connection.run('true', { signal: abort.signal })).rejects.toBe(reason);
  });

  it('runs beside 14 others on one connection, although sshd allows 10 sessions', async () => {
    const results = await Promise.all(
      Array.from({ length: 15 }, (_, i) => connection.run(`sleep 0.1; echo ${i}`)),
    );
    expect(results.map((result) => result.stdout.trim())).toEqual(
      Array.from({ length: 15 }, (_, i) => String(i)),
    );
  });
});

describe('an sshd with MaxSessions 1', () => {
  let narrow: Sshd;
  beforeAll(async () => {
    narrow = await startSshd({ config: ['MaxSessions 1'] });
  }, 120_000);
  afterAll(async () => {
    await narrow?.stop();
  });

  it('runs scripts in parallel through further connections, which close with the first', async () => {
    const sessions = newSessions(narrow);
    const own = await transport.connect(narrow.target());
    let isListening = () => {};
    const listening = new Promise<void>((resolve) => {
      isListening = resolve;
    });
    // Like a loop check: one listens until another stops it.
    const listener = own.run('echo ready; sleep 20', {
      onStdout: (text) => {
        if (text.includes('ready')) isListening();
      },
    });
    await listening;
    const sent = await Promise.all([own.run('echo sent'), own.run('echo sent too')]);
    expect(sent.map(({ stdout }) => stdout)).toEqual(['sent\n', 'sent too\n']);
    own.close();
    await expect(listener).rejects.toThrow('was closed');
    await expect.poll(sessions, { timeout: 10_000 }).toEqual([]);
  });

  it('is reported with MaxSessions if it allows no session at all', async () => {
    const none = await startSshd({ config: ['MaxSessions 0'] });
    try {
      const own = await transport.connect(none.target());
      await expect(own.run('true')).rejects.toMatchObject({
        code: 'connection-lost',
        hint: expect.stringContaining('MaxSessions'),
      });
      own.close();
    } finally {
      await none.stop();
    }
  });
});

describe('a login shell', () => {
  it('with a start file that prints a lot and reads a line of stdin does no harm', async () => {
    const noise = 'for i in $(seq 2000); do echo "Welcome $i"; done; echo warn >&2; printf "no newline"\n';
    const user = addUser({ files: { '.bashrc': noise } });
    const other = await transport.connect(sshd.target({ ssh: { user: user.name } }));
    try {
      const result = await other.run('echo hello; echo problem >&2; id -un');
      expect(result).toMatchObject({ exitCode: 0, stdout: `hello\n${user.name}\n`, stderr: 'problem\n' });
    } finally {
      other.close();
      user.remove();
    }
  });

  it.each([
    ['eats all of stdin', 'cat >/dev/null\n', /exit status 90/],
    ['eats the first lines of stdin', 'head -n 3 >/dev/null\n', /exit status 90/],
    [
      'replaces the command',
      'echo "This account is \u0007closed."; exit 3\n',
      /exit status 3.*This account is \\x07closed\./,
    ],
  ])('that %s runs nothing of the script', async (_, bashrc, message) => {
    const user = addUser({ files: { '.bashrc': bashrc } });
    const other = await transport.connect(sshd.target({ ssh: { user: user.name } }));
    try {
      const script = `touch ${user.home}/ran\n`.repeat(500);
      await expect(other.run(script)).rejects.toMatchObject({
        code: 'protocol',
        message: expect.stringMatching(message),
      });
      expect((await connection.run(`ls ${user.home}/ran`)).exitCode).not.toBe(0);
    } finally {
      other.close();
      user.remove();
    }
  });
});

describe('a connection', () => {
  it('that is lost during a run says so, in that run and in later ones', async () => {
    const sessions = newSessions(sshd);
    const lost = await transport.connect(sshd.target());
    const session = sessions();
    expect(session).toHaveLength(1);
    const running = lost.run('echo begun; sleep 20');
    const outcome = expect(running).rejects.toMatchObject({ code: 'connection-lost', host: 'docker1' });
    await sleep(200);
    process.kill(session[0] as number, 'SIGKILL');
    await outcome;
    await expect(lost.run('true')).rejects.toMatchObject({ code: 'connection-lost' });
    lost.close();
  });

  it('that is closed ends what runs on it', async () => {
    const closing = await transport.connect(sshd.target());
    const running = expect(closing.run('sleep 20')).rejects.toMatchObject({ code: 'connection-lost' });
    await sleep(100);
    closing.close();
    closing.close();
    await running;
  });

  it('that is closed leaves no socket behind, even if the host is dead', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    await sleep(100); // for the sessions of earlier tests
    const before = sockets();
    const sessions = newSessions(sshd);
    const dead = await transport.connect(sshd.target());
    expect(sockets()).toBe(before + 1);
    const [pid] = sessions();
    process.kill(pid as number, 'SIGSTOP');
    try {
      dead.close();
      await sleep(50);
      expect(sockets()).toBe(before);
    } finally {
      process.kill(pid as number, 'SIGKILL');
    }
  });

  it('to a host that has become silent is given up after three keepalives', async () => {
    const sessions = newSessions(sshd);
    const silent = await transport.connect(sshd.target({ ssh: { keepalive: 1 } }));
    const session = sessions();
    process.kill(session[0] as number, 'SIGSTOP');
    try {
      await expect(silent.run('true')).rejects.toMatchObject({
        code: 'connection-lost',
        message: expect.stringContaining('Keepalive'),
      });
    } finally {
      process.kill(session[0] as number, 'SIGKILL');
      silent.close();
    }
  }, 15_000);
});
