import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const notOurs = ['node_modules', '.git', 'dist', '.meshbook', 'coverage'];

let folder: string;
let copy: string;
let prefix: string;
let tarball: string;

/** Runs the commands of README's Install in a copy of the sources, like a user after cloning them. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-package-'));
  copy = join(folder, 'sources');
  cpSync(root, copy, { recursive: true, filter: (path) => !notOurs.includes(basename(path)) });
  prefix = join(folder, 'global');
  const env = { ...process.env, npm_config_prefix: prefix, npm_config_prefer_offline: 'true' };
  execFileSync('sh', ['-euc', installCommands()], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  tarball = join(copy, 'meshbook-0.1.0.tgz');
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 60_000);

function installCommands(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const block =
    /^## Install\n[^#]*?```sh\n(.*?)```/ms.exec(readme)?.[1] ?? expect.fail('README has no Install');
  // The installed command is where npm has put it, not on this machine's PATH.
  return block.replace(/^meshbook /m, '"$npm_config_prefix/bin/meshbook" ');
}

function meshbook(...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: folder };
  const bin = join(prefix, 'bin/meshbook');
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd: folder, encoding: 'utf8', env });
  return { exitCode: status, stdout, stderr };
}

describe("the tarball that README's Install makes", () => {
  it('contains what is needed, and no sources', () => {
    const listed = execFileSync('tar', ['--list', '--verbose', '--file', tarball], { encoding: 'utf8' });
    const files = listed
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    const paths = files.map((words) => words.at(-1)?.replace(/^package\//, ''));
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/meshbook',
        'dist/cli.js',
        'dist/third-party-licences.txt',
        'package.json',
        'playbooks/ovs-gre-docker.yml',
        'inventory/lab.yml',
        'schemas/playbook.schema.json',
        'schemas/inventory.schema.json',
        'README.md',
        'LICENSE',
      ]),
    );
    expect(paths.filter((path) => /^(src|test|scripts|bench|\.)/.test(path ?? ''))).toEqual([]);
    expect(files.find((words) => words.at(-1) === 'package/bin/meshbook')?.[0]).toBe('-rwxr-xr-x');
  });

  it('installs a command that knows its version', () => {
    expect(meshbook('--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('contains a valid playbook and inventory', () => {
    const at = join(prefix, 'lib/node_modules/meshbook');
    expect(
      meshbook('validate', '-i', `${at}/inventory/lab.yml`, `${at}/playbooks/ovs-gre-docker.yml`),
    ).toEqual({
      exitCode: 0,
      stdout: 'Docker hosts joined by GRE: valid: 6 steps, 3 hosts\n',
      stderr: '',
    });
  });

  it.each(['kinds', 'kinds file', 'runs', 'plan --help', 'lab status'])('runs meshbook %s', (line) => {
    expect(meshbook(...line.split(' '))).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('loads everything that connecting needs', () => {
    writeFileSync(
      join(folder, 'inv.yml'),
      'hosts: { a: { address: 127.0.0.1 } }\nssh: { port: 1, user: root }\n',
    );
    writeFileSync(
      join(folder, 'pb.yml'),
      'hosts: all\nsteps:\n  - sysctl: { name: kernel.meshbook_test, value: 1 }\n',
    );
    const { exitCode, stdout, stderr } = meshbook('plan', '-i', 'inv.yml', 'pb.yml');
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toContain('(connect-failed)');
  });

  it("satisfies npm's rules", () => {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync('npx', ['publint', tarball, '--strict'], options);
    expect(`${stdout}${stderr}`).toMatch(/All good!/);
    expect(status).toBe(0);
  });
});
