import { existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCli, buildCli } from './built-cli.ts';
import { said } from './said.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 60_000);
afterAll(() => cli?.remove());

const files = {
  'inv.yml':
    'hosts:\n  a: { address: 192.0.2.1 }\n  b: { address: 192.0.2.2 }\n  c: { address: 192.0.2.3 }\n',
  'pb.yml':
    'name: Three\nhosts: all\noverlays:\n  lab: { cidr: 10.1.0.0/16, tunnel: gre, subnet_prefix: 24, bridge_range: 10.1.0.0/24 }\nsteps:\n  - ovs_tunnels: { bridge: br0, overlay: lab }\n',
  'bad.yml': 'hosts: all\nsteps:\n  - ovs_brigde: { name: br0 }\n',
  'secret.yml':
    'hosts: all\nsteps:\n  - file: { path: /etc/x, content: open-text }\n  - file: { path: /etc/key, content: hunter2, secret: true }\n',
};

describe('validate --format', () => {
  it('json: diagnostics for programs', () => {
    const folder = cli.files(files);
    const bad = cli.run(['validate', '-i', 'inv.yml', 'bad.yml', '--format', 'json'], { cwd: folder });
    expect({ exitCode: bad.exitCode, stderr: bad.stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(JSON.parse(bad.stdout)).toMatchObject({
      format_version: 1,
      valid: false,
      diagnostics: [{ severity: 'error', code: 'unknown-kind', file: 'bad.yml', line: 3, column: 5 }],
    });
    const good = cli.run(['validate', '-i', 'inv.yml', 'pb.yml', '--format', 'json'], { cwd: folder });
    expect({ ...good, stdout: JSON.parse(good.stdout) }).toEqual({
      exitCode: 0,
      stderr: '',
      stdout: { format_version: 1, valid: true, diagnostics: [] },
    });
  });

  it('github: annotations, besides the text', () => {
    const folder = cli.files(files);
    const { exitCode, stdout, stderr } = cli.run(
      ['validate', '-i', 'inv.yml', 'bad.yml', '--format', 'github'],
      { cwd: folder },
    );
    expect(exitCode).toBe(1);
    expect(stdout).toBe(
      "::error file=bad.yml,line=3,endLine=3,col=5,endColumn=14,title=unknown-kind::there is no kind 'ovs_brigde'%0Ahint: did you mean 'ovs_bridge'?\n",
    );
    expect(said(stderr)[0]).toBe("bad.yml:3:5 unknown-kind error: there is no kind 'ovs_brigde'");
  });
});

describe('graph', () => {
  it.each([
    ['svg', /^<svg [\s\S]*10\.1\.0\.2\/16[\s\S]*<\/svg>\n$/],
    ['dot', /^graph \{\n[\s\S]*h0 -- h1[\s\S]*\}\n$/],
    ['mermaid', /^---\ntitle: "Three"\n---\nflowchart LR\n[\s\S]*h1 --- h2\n$/],
  ])('--format %s', (format, expected) => {
    const folder = cli.files(files);
    const args = ['graph', '-i', 'inv.yml', 'pb.yml', '--format', format];
    const { exitCode, stdout, stderr } = cli.run(args, { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(expected);
    expect(cli.run([...args, '-o', 'out'], { cwd: folder })).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe(stdout);
    // No leases are written: nothing was allocated permanently.
    expect(existsSync(join(folder, 'inv.leases.json'))).toBe(false);
  });

  it('refuses invalid files', () => {
    const { exitCode, stdout, stderr } = cli.run(['graph', '-i', 'inv.yml', 'bad.yml'], {
      cwd: cli.files(files),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(said(stderr)[0]).toContain('unknown-kind');
  });
});

describe('plan --output', () => {
  const plan = (folder: string, file: string) =>
    cli.run(['plan', '-i', 'inv.yml', 'pb.yml', '--offline', '-o', file], { cwd: folder });

  it('replaces a saved plan or an empty file, and nothing else', () => {
    const folder = cli.files({ ...files, empty: '' });
    expect(plan(folder, 'empty').exitCode).toBe(0);
    expect(plan(folder, 'empty').exitCode).toBe(0);
    const { exitCode, stdout, stderr } = plan(folder, 'inv.yml');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('inv.yml is there already, and no saved plan');
    expect(readFileSync(join(folder, 'inv.yml'), 'utf8')).toBe(files['inv.yml']);
  });

  it.each(['none/x.plan', 'inv.yml/x.plan', '.'])("says that %s can't be written", (file) => {
    const { exitCode, stderr } = plan(cli.files(files), file);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`meshbook: can't write the plan to ${file}: E`);
  });
});

describe('plan --out-dir', () => {
  const plan = (folder: string, ...args: string[]) =>
    cli.run(['plan', '-i', 'inv.yml', 'secret.yml', '--offline', '--out-dir', 'programs', ...args], {
      cwd: folder,
    });

  it('writes a program for each host, readable only by the user and without secrets', () => {
    const folder = cli.files(files);
    expect(plan(folder)).toEqual({ exitCode: 0, stdout: '3 programs in programs\n', stderr: '' });
    expect(readdirSync(join(folder, 'programs'))).toEqual(['a.sh', 'b.sh', 'c.sh']);
    const file = join(folder, 'programs/a.sh');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain('hunter2');
  });

  it('prints the plan in another format, if asked', () => {
    const folder = cli.files(files);
    expect(plan(folder, '--format', 'markdown').stdout).toMatch(/^<!-- meshbook plan -->/);
    expect(readdirSync(join(folder, 'programs'))).toHaveLength(3);
  });

  it('refuses a folder that has programs of other hosts', () => {
    const folder = cli.files({ ...files, 'programs/other.sh': '' });
    expect(plan(folder)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining("programs/other.sh isn't of a host of this plan"),
    });
  });

  it('follows no link that leads out of the project', () => {
    const folder = cli.files({ ...files, 'meshbook.yml': '', 'programs/readme': '' });
    const profile = join(cli.files({ profile: 'x' }), 'profile');
    symlinkSync(profile, join(folder, 'programs/b.sh'));
    expect(plan(folder)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(
        /can't write into programs: .*b\.sh, which leads to .*profile, is outside/,
      ),
    });
    expect(readFileSync(profile, 'utf8')).toBe('x');
  });
});

describe('in a log that interprets lines as commands', () => {
  const name = '::stop-commands::x';
  const evil = {
    'inv.yml': 'hosts: { a: { address: 192.0.2.1 } }\n',
    'pb.yml': `name: '${name}'\nhosts: all\nsteps:\n  - { name: '${name}', command: { run: "${name}\\n  ${name}", always: true } }\n`,
  };

  it.each(['text', 'json', 'sh', 'markdown', 'html'])('no line of a plan as %s is a command', (format) => {
    const { stdout, exitCode } = cli.run(
      ['plan', '-i', 'inv.yml', 'pb.yml', '--offline', '--format', format],
      {
        cwd: cli.files(evil),
        env: { GITHUB_ACTIONS: 'true' },
      },
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('stop-commands');
    expect(stdout).not.toMatch(/^\s*::/m);
  });

  it('elsewhere the plan is unchanged', () => {
    const args = ['plan', '-i', 'inv.yml', 'pb.yml', '--offline', '--format', 'sh'];
    expect(cli.run(args, { cwd: cli.files(evil) }).stdout).toMatch(/^ +::stop-commands::x/m);
  });
});
