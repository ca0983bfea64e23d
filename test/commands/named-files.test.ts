import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCli, buildCli } from './built-cli.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 120_000);
afterAll(() => cli?.remove());

const inventory = 'hosts: { a: { address: 192.0.2.1 } }\n';
const playbook = (source: string) =>
  `hosts: all\nsteps:\n  - file: { path: /etc/motd, source: ${JSON.stringify(source)} }\n`;

describe("files outside the playbook's project", () => {
  it.each<[string, (folder: string) => { args?: string[]; env?: Record<string, string> }, number]>([
    ['are refused', () => ({}), 1],
    [
      'are read where the command line allows their folder',
      (folder) => ({ args: ['--allow-files', folder] }),
      0,
    ],
    [
      'are read where the environment does',
      (folder) => ({ env: { MESHBOOK_ALLOW_FILES: `/nowhere:${folder}` } }),
      0,
    ],
  ])('%s', (_, how, expected) => {
    const outside = cli.files({ motd: 'Hello\n' });
    const folder = cli.files({ 'inv.yml': inventory, 'pb.yml': playbook(join(outside, 'motd')) });
    const { args = [], env = {} } = how(outside);
    const { exitCode, stderr } = cli.run(['validate', '-i', 'inv.yml', 'pb.yml', ...args], {
      cwd: folder,
      env,
    });
    expect(stderr.includes('file-outside-project')).toBe(expected === 1);
    expect(exitCode).toBe(expected);
  });
});

describe('a link that leads out of the project', () => {
  it('is followed if the user has typed it, and nowhere else', () => {
    const outside = cli.files({ 'inv.yml': inventory, 'pb.yml': playbook('motd'), leases: 'root:x:0:0' });
    const folder = cli.files({ motd: 'Hello\n' });
    for (const name of ['inv.yml', 'pb.yml']) symlinkSync(join(outside, name), join(folder, name));
    const validate = () => cli.run(['validate', '-i', 'inv.yml', 'pb.yml'], { cwd: folder });
    expect(validate()).toMatchObject({ exitCode: 0, stderr: '' });
    symlinkSync(join(outside, 'leases'), join(folder, 'inv.leases.json'));
    const { exitCode, stdout, stderr } = validate();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('inv.leases.json, which leads to ');
    expect(stdout + stderr).not.toContain('root:x');
  });
});

/** Files that git allows in a pull request: the kernel resolves a link's `..` after the link before it. */
function linked() {
  const outside = cli.files({ secret: 'root:x:0:0\n' });
  const folder = cli.files({
    '.git/config': 'token = x0:x\n',
    'a/b/readme': '',
    'facts/readme': '',
    'inv.yml': inventory,
  });
  for (const [name, to] of Object.entries({
    root: '/',
    e1: 'root/../proc/self/environ',
    e2: `root/..${outside}/secret`,
    deep: 'a/b',
    e3: 'deep/../../.git/config',
  }))
    symlinkSync(to, join(folder, name));
  return { folder, outside };
}

describe("two links, where the second one's text names a file of the project and the kernel resolves it elsewhere", () => {
  const token = (name: string) =>
    `hosts: all\nvars: { token: !file ${name} }\nsteps:\n  - file: { path: /etc/motd, content: "{{ token }}" }\n`;

  it.each(['e1', 'e2', 'e3'])('of which %s is named are judged by where they lead', (name) => {
    const { folder } = linked();
    for (const [play, ways] of [
      [playbook(name), ['validate', 'plan --facts facts --format markdown']],
      [token(name), ['plan --offline --diff']],
    ] as const) {
      writeFileSync(join(folder, 'pb.yml'), play);
      for (const way of ways) {
        const args = [...way.split(' '), '-i', 'inv.yml', 'pb.yml'];
        const { exitCode, stdout, stderr } = cli.run(args, { cwd: folder });
        expect(stdout + stderr).toMatch(/is outside the project|is in \.git/);
        expect(stdout + stderr).not.toMatch(/x:?0:|NUL/);
        expect(exitCode).toBe(1);
      }
    }
  });

  it('lead nowhere as leases and as saved facts', () => {
    const { folder } = linked();
    writeFileSync(join(folder, 'pb.yml'), playbook('inv.yml'));
    for (const [name, to, args] of [
      ['inv.leases.json', 'e1', ['validate', '-i', 'inv.yml', 'pb.yml']],
      ['inv.leases.json', 'e2', ['validate', '-i', 'inv.yml', 'pb.yml']],
      ['facts/a.json', '../e2', ['plan', '-i', 'inv.yml', 'pb.yml', '--facts', 'facts']],
      ['facts/a.json', '../e3', ['plan', '-i', 'inv.yml', 'pb.yml', '--facts', 'facts']],
    ] as const) {
      symlinkSync(to, join(folder, name));
      const { exitCode, stdout, stderr } = cli.run(args, { cwd: folder });
      expect(stderr).toMatch(/is outside the project|is in \.git/);
      expect(stdout + stderr).not.toMatch(/x:?0:|PATH=/);
      expect(exitCode).not.toBe(0);
      rmSync(join(folder, name));
    }
  });
});

describe('a state folder that came with the files', () => {
  const id = '20261129-133138-847619';
  const record = JSON.stringify({
    formatVersion: 1,
    id,
    verb: 'apply',
    startedAt: '2026-11-29T13:31:38.000Z',
    user: 'x',
    controller: 'x',
    playName: 'x',
    steps: [],
    hosts: {
      a: {
        target: { name: 'a', address: '192.0.2.1', ssh: {}, become: false },
        stages: [{ name: 'main', items: {} }],
        result: { outcome: 'changed', changes: 1 },
      },
    },
  });
  const plan = ['plan', '-i', 'inv.yml', 'pb.yml'];
  const ways = [['runs'], [...plan, '--offline'], [...plan, '--facts', 'facts']];

  it.each<[string, string, (at: string, outside: string) => void]>([
    [
      '/dev/zero as a record',
      'leads to /dev/zero, is outside .meshbook',
      (at) => symlinkSync('/dev/zero', `${at}/run.json`),
    ],
    ['a pipe as a record', 'is a named pipe, not a file', (at) => execFileSync('mkfifo', [`${at}/run.json`])],
    [
      'a file outside as a record',
      'is outside .meshbook',
      (at, outside) => symlinkSync(`${outside}/secret`, `${at}/run.json`),
    ],
    [
      'another state folder as its runs',
      'is outside .meshbook',
      (at, outside) => {
        rmSync(dirname(at), { recursive: true });
        symlinkSync(outside, dirname(at));
      },
    ],
    [
      'another state folder as itself',
      '.meshbook is a link',
      (at, outside) => {
        rmSync(dirname(dirname(at)), { recursive: true });
        symlinkSync(outside, dirname(dirname(at)));
      },
    ],
    [
      '/dev/zero as its changes',
      'leads to /dev/zero, is outside .meshbook',
      (at) => {
        writeFileSync(`${at}/run.json`, record);
        symlinkSync('/dev/zero', `${at}/changes.json`);
      },
    ],
    [
      'a file outside as its changes',
      'is outside .meshbook',
      (at, outside) => {
        writeFileSync(`${at}/run.json`, record);
        symlinkSync(`${outside}/secret`, `${at}/changes.json`);
      },
    ],
  ])('with %s is not read', (what, why, make) => {
    const outside = cli.files({
      secret: 'root:x:0:0\n',
      [`${id}/run.json`]: record.replaceAll('"x"', '"root:x:0"'),
    });
    const folder = cli.files({
      'inv.yml': inventory,
      'pb.yml': playbook('inv.yml'),
      'facts/readme': '',
      [`.meshbook/runs/${id}/readme`]: '',
    });
    make(join(folder, '.meshbook/runs', id), outside);
    // A plan goes on without a run that has no record, but not without a run's changes.
    const told = what.endsWith('itself') ? ways : what.endsWith('changes') ? ways.slice(1) : ways.slice(0, 1);
    for (const args of ways) {
      const { exitCode, stdout, stderr } = cli.run(args, { cwd: folder });
      if (told.includes(args)) expect(stderr).toContain(why);
      expect(stdout + stderr).not.toContain('root:x');
      expect([0, 1]).toContain(exitCode);
    }
  });
});

describe('a named pipe', () => {
  it.each([
    ['as an inventory', ['validate', '-i', 'pipe', 'pb.yml']],
    ['as a playbook', ['validate', '-i', 'inv.yml', 'pipe']],
    ['as the playbook or the plan of an apply', ['apply', '--yes', '-i', 'inv.yml', 'pipe']],
    ['as a saved plan', ['show', 'pipe']],
    ['as leases', ['validate', '-i', 'leased.yml', 'pb.yml']],
    ['as saved facts', ['plan', '-i', 'inv.yml', 'pb.yml', '--facts', 'facts']],
    ['as variables', ['validate', '-i', 'inv.yml', 'pb.yml', '-e', '@pipe']],
    ['as a list of hosts', ['validate', '-i', 'inv.yml', 'pb.yml', '--limit', '@pipe']],
    ['as a vault', ['vault', 'view', 'pipe']],
    ['as a password for sudo', ['plan', '-i', 'inv.yml', 'pb.yml', '--become-password-file', 'pipe']],
  ])('%s is refused at once', (_, args) => {
    const folder = cli.files({
      'inv.yml': inventory,
      'leased.yml': inventory,
      'pb.yml': playbook('inv.yml'),
      'facts/readme': '',
    });
    execFileSync('mkfifo', ['pipe', 'leased.leases.json', 'facts/a.json'], { cwd: folder });
    const { exitCode, stderr } = cli.run(args, { cwd: folder });
    expect(stderr).toMatch(/(pipe|leased\.leases\.json|facts\/a\.json) is a named pipe, not a file/);
    expect(exitCode).not.toBe(70);
    expect(exitCode).not.toBe(0);
  });

  it("of a command's output, made by the shell, is read if it is typed", () => {
    const folder = cli.files({ 'inv.yml': inventory });
    const play = 'hosts: all\nsteps: [{ ovs_bridge: { name: "{{ bridge }}" } }]';
    const line = `'${cli.bin}' validate -i <(cat inv.yml) -e @/dev/stdin <(echo '${play}')`;
    const { status, stderr } = spawnSync('bash', ['-c', `echo 'bridge: br0' | ${line}`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
