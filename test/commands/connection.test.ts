import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUser, freePort, keygen, type Sshd, startSshd } from '../transport/sshd.ts';
import { type BuiltCli, buildCli } from './built-cli.ts';

let cli: BuiltCli;
let sshd: Sshd;
let user: ReturnType<typeof addUser>;

/** In a login shell's start file: nothing of the shell's input is run. */
const rubbish = 'echo "Welcome to the machine"\nprintf "\\033[31mred\\n"\nexit 0\n';

beforeAll(async () => {
  cli = buildCli();
  sshd = await startSshd();
  user = addUser({ files: { '.bashrc': rubbish } });
}, 120_000);
afterAll(async () => {
  user?.remove();
  await sshd?.stop();
  cli?.remove();
});

// `apply` would change it, but no test gets that far: all are refused earlier.
const playbook = 'hosts: all\nsteps:\n  - sysctl: { name: kernel.meshbook_test, value: 1 }\n';

function run(ssh: Readonly<Record<string, string | number>>, args: readonly string[] = ['plan']) {
  const settings = {
    user: 'root',
    port: sshd.port,
    identity_file: sshd.key,
    known_hosts: sshd.knownHosts,
    connect_timeout: 10,
    ...ssh,
  };
  const inventory = JSON.stringify({ hosts: { docker1: { address: '127.0.0.1' } }, ssh: settings });
  const folder = cli.files({ 'inv.yml': inventory, 'pb.yml': playbook });
  return cli.run([...args, '-i', 'inv.yml', 'pb.yml'], { cwd: folder, env: { COLUMNS: '400' } });
}

/** The lines about the unreachable host, in a plan that ends with exit code 3. */
function unreachable(ssh: Readonly<Record<string, string | number>>): string[] {
  const { exitCode, stdout, stderr } = run(ssh);
  expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
  expect(stdout).not.toContain('\u001b');
  const lines = stdout.split('\n').map((line) => line.trim());
  return lines.slice(lines.indexOf('Unreachable') + 1, lines.indexOf('', lines.indexOf('Unreachable')));
}

function key(
  name: string,
  { mode = 0o600, passphrase = '', content }: { mode?: number; passphrase?: string; content?: Buffer } = {},
) {
  const path = join(sshd.dir, name);
  if (content === undefined) keygen(path, 'ed25519', passphrase);
  else writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('a key file', () => {
  it('that others can read is refused, with a fix', () => {
    const path = key('open', { mode: 0o644 });
    expect(unreachable({ identity_file: path })).toEqual([
      `docker1: others can read the private key ${path} (mode 0644) (key-unreadable)`,
      `hint: chmod 600 ${path}`,
    ]);
  });

  it('that is missing is reported', () => {
    const path = join(sshd.dir, 'absent');
    expect(unreachable({ identity_file: path })).toEqual([
      `docker1: there is no key file ${path} (key-unreadable)`,
      'hint: name the private key in identity_file',
    ]);
  });

  it('that is a folder is reported', () => {
    expect(unreachable({ identity_file: sshd.dir })).toEqual([
      `docker1: the key file ${sshd.dir} is a directory, not a file (key-unreadable)`,
    ]);
  });

  it('that is not a key is reported', () => {
    const path = key('junk', { content: Buffer.alloc(200, 0xfe) });
    expect(unreachable({ identity_file: path })[0]).toMatch(/junk is not a private key that can be read/);
  });

  it('that is encrypted needs a user or an agent', () => {
    const path = key('locked', { passphrase: 'secret' });
    expect(unreachable({ identity_file: path })).toEqual([
      `docker1: ${path} is encrypted, and there is no terminal to ask on (key-unreadable)`,
      `hint: run ssh-add ${path} first, or run this on a terminal`,
    ]);
  });
});

describe('a host', () => {
  it('that nothing listens on', async () => {
    const port = await freePort();
    expect(unreachable({ port })).toEqual([
      `docker1: can't connect to 127.0.0.1 port ${port}: nothing listens there (connect-failed)`,
      'hint: is sshd running on the host, and on this port?',
    ]);
  });

  it('whose key is unknown is refused, with a fix', () => {
    const [what, hint] = unreachable({ known_hosts: join(sshd.dir, 'no_known_hosts') });
    expect(what).toMatch(
      /^docker1: the host key of \[127\.0\.0\.1\]:\d+ is not known; it showed ssh-ed25519 SHA256:.* \(host-key-unknown\)$/,
    );
    expect(hint).toMatch(/ssh-keyscan .*--accept-new-host-keys/);
  });

  it('whose key has changed is refused, even with --accept-new-host-keys', () => {
    const other = keygen(join(sshd.dir, 'other'));
    const publicKey = execFileSync('cat', [`${other}.pub`], { encoding: 'utf8' });
    const knownHosts = join(sshd.dir, 'other_known_hosts');
    writeFileSync(knownHosts, `[127.0.0.1]:${sshd.port} ${publicKey}`);
    const { exitCode, stdout } = run({ known_hosts: knownHosts }, ['plan', '--accept-new-host-keys']);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/docker1: .*changed.*\(host-key-changed\)/);
  });

  it('whose key is accepted is reported', () => {
    const added = join(sshd.dir, 'added_known_hosts');
    const { exitCode, stderr } = run({}, ['plan', '--accept-new-host-keys', '--known-hosts', added]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^warning: docker1: the new host key of \[127\.0\.0\.1\]:\d+, ssh-ed25519 SHA256:\S+, was added to \S+added_known_hosts\n$/,
    );
    expect(run({}, ['plan', '--known-hosts', added])).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('that prints something else than our program is recognised, and its output is shown without escapes', () => {
    expect(unreachable({ user: user.name })).toEqual([
      // The status is included if sshd sends it in time.
      expect.stringMatching(
        /^docker1: the host did not run our script( \(exit status 0\))?; it printed: Welcome to the machine\\n\\x1b\[31mred \(protocol\)$/,
      ),
      'hint: the login shell must run the command it is given, and its start files must leave stdin alone',
    ]);
  });
});

it.each(['plan', 'drift'])(
  "lists a great many unreachable hosts by %s, in the inventory's order, with nothing on stderr",
  async (command) => {
    const names = Array.from({ length: 40 }, (_, i) => `h${i + 1}`);
    const hosts = Object.fromEntries(names.map((name, i) => [name, { address: `127.0.1.${i + 1}` }]));
    // The first one gives up last: it listens and sends nothing.
    const silent = createServer();
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    Object.assign(hosts, { h1: { address: '127.0.0.1', ssh: { port, connect_timeout: 1 } } });
    const ssh = { port: await freePort(), user: 'root', connect_timeout: 10 };
    const folder = cli.files({ 'inv.yml': JSON.stringify({ hosts, ssh }), 'pb.yml': playbook });
    const { exitCode, stdout, stderr } = cli.run([command, '-i', 'inv.yml', 'pb.yml'], { cwd: folder });
    silent.close();
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect([...stdout.matchAll(/^ *(h\d+): /gm)].map(([, name]) => name)).toEqual(names);
  },
);

describe('apply', () => {
  it('changes nothing and exits with 3 if a host is unreachable', () => {
    const { exitCode, stderr } = run({ identity_file: key('open2', { mode: 0o644 }) }, ['apply', '--yes']);
    expect(exitCode).toBe(3);
    expect(stderr).toBe(
      'Nothing was changed anywhere, because a host is unreachable. --skip-unreachable goes on without it.\n',
    );
  });

  it.each([
    [
      'without a terminal and without --yes',
      ['apply'],
      'there is no terminal to ask on; nothing was changed',
    ],
    ['with --json and without --yes', ['apply', '--json'], '--json asks no questions; nothing was changed'],
  ])('%s shows the plan and refuses', (_, args, message) => {
    const { exitCode, stdout, stderr } = run({}, args);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `meshbook: ${message}\n  hint: give --yes\n`,
    });
    if (!args.includes('--json')) expect(stdout).toMatch(/Plan: 1 host: \d+ changes?/);
    else for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toHaveProperty('type');
  });

  it('that must ask for a password without a terminal says so before it connects', () => {
    const { exitCode, stdout, stderr } = run({}, ['apply', '--yes', '-bK']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^meshbook: --ask-become-pass needs a terminal to ask on\n {2}hint: use --become-password-file/,
    );
  });

  it('without the password file says so before it connects', () => {
    const { exitCode, stdout, stderr } = run({}, [
      'apply',
      '--yes',
      '-b',
      '--become-password-file',
      'absent',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^meshbook: can't read the password file absent: /);
  });
});

describe('plan', () => {
  it('exits with 2 on changes only with --detailed-exitcode', () => {
    expect(run({}).exitCode).toBe(0);
    expect(run({}, ['plan', '--detailed-exitcode']).exitCode).toBe(2);
  });

  it.each(['json', 'sh'])('--format %s prints nothing else', (format) => {
    const { stdout, stderr } = run({}, ['plan', '--format', format]);
    expect(stderr).toBe('');
    if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ format_version: 1, playbook: 'pb' });
    else execFileSync('sh', ['-n'], { input: stdout });
  });
});

describe('guards of an unreviewed playbook', () => {
  const guarded = (marker: string) =>
    `hosts: all\nsteps:\n  - { name: step, command: { run: "true", unless: "touch ${marker}" } }\n`;
  const files = (marker: string) => {
    const ssh = { user: 'root', port: sshd.port, identity_file: sshd.key, known_hosts: sshd.knownHosts };
    const inventory = JSON.stringify({ hosts: { docker1: { address: '127.0.0.1' } }, ssh });
    return { 'inv.yml': inventory, 'pb.yml': guarded(marker) };
  };

  it.each([
    ['plan', ['plan', '-i', 'inv.yml', 'pb.yml']],
    ['facts', ['facts', '-i', 'inv.yml', '-o', 'facts', 'pb.yml']],
  ])('run as root on hosts under %s; with --no-guards they are unknown', (command, args) => {
    const marker = join(sshd.dir, `guard-${command}`);
    const cwd = cli.files(files(marker));
    const careful = cli.run([...args, '--no-guards'], { cwd, env: { COLUMNS: '400' } });
    expect(careful.exitCode).toBe(0);
    expect(existsSync(marker)).toBe(false);
    const said = command === 'plan' ? careful.stdout : readFileSync(join(cwd, 'facts/docker1.json'), 'utf8');
    expect(said).toContain('guards are not run (--no-guards)');
    expect(cli.run(args, { cwd }).exitCode).toBe(0);
    expect(existsSync(marker)).toBe(true);
  });
});
