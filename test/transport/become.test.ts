import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSshTransport, type SshTransportOptions } from '../../src/transport/ssh.ts';
import { addUser, type Sshd, startSshd } from './sshd.ts';

let sshd: Sshd;
const users: ReturnType<typeof addUser>[] = [];
const user = (options: Parameters<typeof addUser>[0] = {}) => {
  const added = addUser(options);
  users.push(added);
  return added;
};

beforeAll(async () => {
  sshd = await startSshd();
}, 120_000);
afterAll(async () => {
  for (const added of users) added.remove();
  await sshd?.stop();
});

async function asRoot(name: string, script: string, options: SshTransportOptions = {}) {
  const connection = await createSshTransport(options).connect(
    sshd.target({ become: true, ssh: { user: name } }),
  );
  try {
    return await connection.run(script);
  } finally {
    connection.close();
  }
}

const password = 'p4ss "w\\ord$(touch /tmp/x)';

describe('becoming root', () => {
  it('works without a password if sudo needs none', async () => {
    const { name } = user({ sudoers: 'ALL=(ALL) NOPASSWD: ALL' });
    const result = await asRoot(name, 'id -un; echo "$HOME"; cat; exit 3');
    expect(result).toMatchObject({ exitCode: 3, stdout: 'root\n/root\n', stderr: '' });
  });

  it('tells scripts about the session, with sudo and without', async () => {
    const say = 'set -- $SSH_CONNECTION; echo "$1 $3 $#"';
    const { name } = user({ sudoers: 'ALL=(ALL) NOPASSWD: ALL' });
    expect((await asRoot(name, say)).stdout).toBe('127.0.0.1 127.0.0.1 4\n');
    const connection = await createSshTransport().connect(sshd.target({ ssh: { user: name } }));
    expect((await connection.run(say)).stdout).toBe('127.0.0.1 127.0.0.1 4\n');
    connection.close();
  });

  it('works with a password, asked for once for all hosts and runs', async () => {
    const { name } = user({ password, sudoers: 'ALL=(ALL) ALL' });
    let asked = 0;
    const transport = createSshTransport({
      becomePassword: async () => {
        asked += 1;
        return password;
      },
    });
    const target = sshd.target({ become: true, ssh: { user: name } });
    const [one, two] = await Promise.all([transport.connect(target), transport.connect(target)]);
    const results = await Promise.all([one.run('id -un'), two.run('id -un'), one.run('id -un; cat')]);
    expect(results.map((result) => [result.exitCode, result.stdout])).toEqual(Array(3).fill([0, 'root\n']));
    expect(asked).toBe(1);
    one.close();
    two.close();
  });

  it('never runs or shows a password that sudo did not ask for', async () => {
    const { name } = user({ sudoers: 'ALL=(ALL) NOPASSWD: ALL' });
    const result = await asRoot(name, 'id -un; ps -eo args; cat', {
      becomePassword: async () => 'echo s3cret >&2',
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).toMatch(/^root\n/);
    expect(result.stdout).not.toContain('s3cret');
  });

  it('runs a long script and prints a lot', async () => {
    const { name } = user({ password, sudoers: 'ALL=(ALL) ALL' });
    const script = `${'n=$((n+1)) # padding padding padding\n'.repeat(5000)}echo $n; head -c 2000000 /dev/zero | tr '\\0' x`;
    const result = await asRoot(name, script, { becomePassword: async () => password });
    expect(result.stdout.slice(0, 5)).toBe('5000\n');
    expect(result.stdout).toHaveLength(2_000_005);
  });

  it('is skipped for root', async () => {
    const result = await asRoot('root', 'id -un; env | grep SUDO_ || echo none');
    expect(result.stdout).toBe('root\nnone\n');
  });
});

describe('becoming root fails', () => {
  it('with a wrong password, which is tried once', async () => {
    const { name } = user({ password, sudoers: 'ALL=(ALL) ALL' });
    await expect(asRoot(name, 'id', { becomePassword: async () => 'wrong' })).rejects.toMatchObject({
      code: 'become-failed',
      host: 'docker1',
      message: expect.stringContaining(`did not accept the password of ${name}`),
    });
  }, 20_000);

  it('without the password that sudo asks for', async () => {
    const { name } = user({ password, sudoers: 'ALL=(ALL) ALL' });
    await expect(asRoot(name, 'id')).rejects.toMatchObject({
      code: 'become-failed',
      message: expect.stringContaining(`sudo wants a password of ${name}`),
      hint: expect.stringContaining('--ask-become-pass'),
    });
  });

  it('for a user who is not in sudoers', async () => {
    const { name } = user({ password });
    await expect(asRoot(name, 'id', { becomePassword: async () => password })).rejects.toMatchObject({
      code: 'become-failed',
      message: expect.stringContaining('may not use sudo'),
    });
  }, 20_000);

  it('for a user who may only run other commands', async () => {
    const { name } = user({ sudoers: 'ALL=(ALL) NOPASSWD: /bin/ls' });
    await expect(asRoot(name, 'id')).rejects.toMatchObject({ code: 'become-failed' });
    const { name: second } = user({ password, sudoers: 'ALL=(ALL) /bin/ls' });
    await expect(asRoot(second, 'id', { becomePassword: async () => password })).rejects.toMatchObject({
      code: 'become-failed',
      message: expect.stringContaining('may not use sudo'),
    });
  }, 20_000);

  it('on a host without sudo', async () => {
    const { name } = user({
      files: { '.bashrc': 'PATH=/nowhere; env() { /usr/bin/env "$@"; }; hash -p /usr/bin/env env\n' },
    });
    await expect(asRoot(name, 'id')).rejects.toMatchObject({
      code: 'become-failed',
      message: expect.stringContaining('no sudo'),
    });
  });
});
