import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
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

/** Runs a step of the workflow as GitHub does, in a folder with a `gh` that prints `printed` and keeps what it is told. */
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
  // The shell that GitHub runs scripts in, where none is named.
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-c', script], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
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

  it('runs a release and nothing of the pull request, and leaves no token where its files could name it', () => {
    const names = steps.map(({ name, uses }) => name ?? uses);
    expect(names.indexOf('Install')).toBeLessThan(names.indexOf('actions/checkout@v4'));
    const install = steps.find(({ name }) => name === 'Install')?.run;
    expect(install).toMatch(/^npm install --global --ignore-scripts meshbook@\d+\.\d+\.\d+$/);
    const checkout = steps.find(({ uses }) => uses === 'actions/checkout@v4');
    expect(checkout?.with).toEqual({ 'persist-credentials': false });
    const withToken = steps.filter(({ env }) => env?.GH_TOKEN !== undefined);
    expect(withToken.map(({ name }) => name)).toEqual(['Comment']);
  });

  it('puts nothing from a pull request into a script', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('stops at a mistake, and annotates it', () => {
    const folder = cli.files({ ...files, 'mesh.yml': 'hosts: all\nsteps:\n  - sysclt: {}\n' });
    const { status, stdout } = step('Validate', folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=mesh.yml,line=3,/);
  });

  it('goes on when something would be changed or is unknown, and says so', () => {
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
