import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const notOurs = ['node_modules', '.git', 'dist', '.meshbook', 'coverage'];

let folder: string;
let project: string;
let packed: { filename: string; files: { path: string; mode: number }[] };

/** Packs a copy of the sources, with all of npm's scripts, and installs the tarball in an empty project. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meshbook-package-'));
  const copy = join(folder, 'sources');
  cpSync(root, copy, { recursive: true, filter: (path) => !notOurs.includes(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const json = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts=false', '--pack-destination', folder],
    { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  packed = JSON.parse(json)[0];
  project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "private": true }');
  // Native parts of ssh2 are optional, and slow to build.
  const install = [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--prefer-offline',
    join(folder, packed.filename),
  ];
  execFileSync('npm', install, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'] });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function meshbook(...args: string[]) {
  const bin = join(project, 'node_modules', '.bin', 'meshbook');
  const env = { PATH: process.env.PATH, HOME: folder };
  const { status, stdout, stderr } = spawnSync(bin, args, { cwd: project, encoding: 'utf8', env });
  return { exitCode: status, stdout, stderr };
}

describe('the packed tarball', () => {
  it('holds what is needed, and none of the sources', () => {
    const paths = packed.files.map(({ path }) => path);
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
    expect(paths.filter((path) => /^(src|test|scripts|bench|\.)/.test(path))).toEqual([]);
    expect(packed.files.find(({ path }) => path === 'bin/meshbook')?.mode).toBe(0o755);
  });

  it('installs a command that knows its version', () => {
    expect(meshbook('--version')).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });

  it('has a playbook and an inventory that are valid', () => {
    const at = 'node_modules/meshbook';
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

  it('loads all that connecting needs', () => {
    writeFileSync(
      join(project, 'inv.yml'),
      'hosts: { a: { address: 127.0.0.1 } }\nssh: { port: 1, user: root }\n',
    );
    writeFileSync(
      join(project, 'pb.yml'),
      'hosts: all\nsteps:\n  - sysctl: { name: kernel.meshbook_test, value: 1 }\n',
    );
    const { exitCode, stdout, stderr } = meshbook('plan', '-i', 'inv.yml', 'pb.yml');
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toContain('(connect-failed)');
  });

  it('is as npm wants it', () => {
    const options = { cwd: root, encoding: 'utf8' } as const;
    const tarball = join(folder, packed.filename);
    const { status, stdout, stderr } = spawnSync('npx', ['publint', tarball, '--strict'], options);
    expect(`${stdout}${stderr}`).toMatch(/All good!/);
    expect(status).toBe(0);
  });
});
