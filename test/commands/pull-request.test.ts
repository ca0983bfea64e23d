import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type BuiltCli, buildCli } from './built-cli.ts';

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly env: Record<string, string>;
  readonly jobs: {
    readonly plan: { readonly steps: readonly Step[] };
  };
}

const example = join(import.meta.dirname, '../../docs/examples/github-actions-plan.yml');
const workflow: Workflow = parse(readFileSync(example, 'utf8'));
const { steps } = workflow.jobs.plan;

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 60_000);
afterAll(() => cli?.remove());

const files = {
  'inventory.yml': 'hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } }\n',
  'mesh.yml': 'name: Mesh\nhosts: all\nsteps:\n  - sysctl: { name: net.ipv4.ip_forward, value: 1 }\n',
};

/**
 * Runs a step of the workflow as GitHub does, in a folder with a `gh` that prints `printed` and records its arguments.
 */
function step(name: string, folder: string, printed = '') {
  const gh = cli.files({
    gh: `#!/bin/sh\nprintf '%s\\n' "$*" >>"$GH_LOG"\ncase $* in *--paginate*) printf '${printed}' ;; esac\n`,
  });
  chmodSync(join(gh, 'gh'), 0o755);
  const script = steps.find((one) => one.name === name)?.run ?? '';
  expect(script).not.toBe('');
  const env = {
    PATH: `${gh}:${dirname(cli.bin)}:${process.env.PATH}`,
    HOME: folder,
    ...workflow.env,
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GH_LOG: join(folder, 'gh.log'),
    COMMENTS: 'repos/o/r/issues/1/comments',
    COMMENT: 'repos/o/r/issues/comments',
  };
  // GitHub's default shell for scripts.
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** The guides that say how to install meshbook. */
function guides(): string[] {
  const docs = join(import.meta.dirname, '../../docs/guides');
  return readdirSync(docs).map((name) => readFileSync(join(docs, name), 'utf8'));
}

/** A repository with two commits on its branch main. */
function repository(): { folder: string; first: string } {
  const folder = cli.files({});
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
    return spawnSync('git', ['-C', folder, ...who, ...args], { encoding: 'utf8' }).stdout.trim();
  };
  git('init', '--quiet', '--initial-branch=main');
  for (const text of ['first', 'second']) {
    writeFileSync(join(folder, 'what'), `${text}\n`);
    git('add', 'what');
    git('commit', '--quiet', '-m', text);
  }
  return { folder, first: git('rev-parse', 'HEAD~') };
}

/** Runs the step Install with an `npm` that only records its arguments and working folder. */
function install(repo: string, commit: string) {
  const temp = cli.files({ 'bin/npm': '#!/bin/sh\necho "$PWD: $*" >>"$NPM_LOG"\n', path: '', log: '' });
  chmodSync(join(temp, 'bin/npm'), 0o755);
  const { status } = spawnSync(
    'bash',
    ['-e', '-c', steps.find(({ name }) => name === 'Install')?.run ?? ''],
    {
      cwd: cli.files({}),
      env: {
        PATH: `${join(temp, 'bin')}:${process.env.PATH}`,
        RUNNER_TEMP: temp,
        GITHUB_PATH: join(temp, 'path'),
        NPM_LOG: join(temp, 'log'),
        MESHBOOK_REPOSITORY: repo,
        MESHBOOK_COMMIT: commit,
      },
      encoding: 'utf8',
    },
  );
  const calls = readFileSync(join(temp, 'log'), 'utf8').split('\n').filter(Boolean);
  return { status, temp, path: readFileSync(join(temp, 'path'), 'utf8'), calls };
}

describe('the example workflow for pull requests', () => {
  it('may read the repository and write comments, and nothing else', () => {
    expect(workflow.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(Object.keys(workflow.on)).toEqual(['pull_request']);
    expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual([
      'actions/setup-node@v4',
      'actions/checkout@v4',
      'actions/upload-artifact@v4',
    ]);
  });

  it('runs for every file that a playbook names', () => {
    const on = workflow.on as { pull_request: { paths: string[] } };
    expect(on.pull_request.paths).toEqual(expect.arrayContaining(['mesh.yml', 'files/**', 'templates/**']));
  });

  it('installs meshbook first, runs nothing of the pull request, and leaves no token within reach of its files', () => {
    const names = steps.map(({ name, uses }) => name ?? uses);
    expect(names.indexOf('Install')).toBeLessThan(names.indexOf('actions/checkout@v4'));
    const checkout = steps.find(({ uses }) => uses === 'actions/checkout@v4');
    expect(checkout?.with).toEqual({ 'persist-credentials': false });
    const withToken = steps.filter(({ env }) => env?.GH_TOKEN !== undefined);
    expect(withToken.map(({ name }) => name)).toEqual(['Comment']);
  });

  // meshbook isn't on npm: whoever published under its name could run programs in everyone's jobs.
  it('takes nothing named meshbook from npm, nor do the guides', () => {
    for (const { run = '' } of steps) expect(run).not.toMatch(/\bnp[mx]\b.*\bmeshbook\b/);
    for (const text of guides()) expect(text).not.toMatch(/\b(npx|npm (install|i|exec)\b.*) meshbook\b/);
  });

  it("has placeholders for owner and commit that can't exist", () => {
    const { MESHBOOK_REPOSITORY, MESHBOOK_COMMIT } = steps.find(({ name }) => name === 'Install')?.env ?? {};
    expect([MESHBOOK_REPOSITORY, MESHBOOK_COMMIT]).toEqual([
      'https://github.com/<OWNER>/meshbook',
      '<COMMIT>',
    ]);
  });

  it("builds meshbook from its repository at that commit, outside the checkout, without its packages' scripts", () => {
    const { folder, first } = repository();
    const { status, temp, path, calls } = install(folder, first);
    expect(status).toBe(0);
    expect(calls).toEqual([`${temp}/meshbook: ci --ignore-scripts`, `${temp}/meshbook: run build`]);
    expect(path).toBe(`${temp}/meshbook/bin\n`);
    expect(readFileSync(join(temp, 'meshbook/what'), 'utf8')).toBe('first\n');
  });

  it.each(['main', '<COMMIT>'])('installs nothing if %s is given instead of a commit', (commit) => {
    const { status, path, calls } = install(repository().folder, commit);
    expect(status).not.toBe(0);
    expect([path, calls]).toEqual(['', []]);
  });

  it('puts nothing from a pull request into a script', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('stops at an error, and annotates it', () => {
    const folder = cli.files({ ...files, 'mesh.yml': 'hosts: all\nsteps:\n  - sysclt: {}\n' });
    const { status, stdout } = step('Validate', folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=mesh.yml,line=3,/);
  });

  it('goes on if something would change or is unknown, and says so', () => {
    const folder = cli.files({ ...files, 'facts/readme.txt': '' });
    expect(step('Validate', folder).status).toBe(0);
    expect(step('Plan', folder)).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('status=2\n');
    const plan = readFileSync(join(folder, 'plan.md'), 'utf8');
    expect(plan).toMatch(/^<!-- meshbook plan -->\n/);
    expect(readFileSync(join(folder, 'summary'), 'utf8')).toBe(plan);
    expect(readFileSync(join(folder, 'plan.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('fails when the plan does', () => {
    const folder = cli.files({ ...files, 'mesh.yml': 'hosts: nobody\nsteps: []\n', 'facts/readme.txt': '' });
    expect(step('Plan', folder).status).toBe(1);
    expect(existsSync(join(folder, 'plan.html'))).toBe(false);
  });

  it.each([
    [
      'a first comment is made',
      '',
      'api --method POST repos/o/r/issues/1/comments --field body=@plan.md --silent',
    ],
    [
      'an earlier one is replaced',
      '41\\n42\\n',
      'api --method PATCH repos/o/r/issues/comments/41 --field body=@plan.md --silent',
    ],
  ])('%s', (_, printed, call) => {
    const folder = cli.files(files);
    expect(step('Comment', folder, printed).status).toBe(0);
    const calls = readFileSync(join(folder, 'gh.log'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(2);
    expect(calls[0]).toContain('startswith("<!-- meshbook plan -->")');
    expect(calls[1]).toBe(call);
  });
});
