import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCli, buildCli } from './built-cli.ts';
import { said } from './said.ts';

let cli: BuiltCli;
let folder: string;
beforeAll(() => {
  cli = buildCli();
  folder = cli.files({
    'inv.yml':
      'groups:\n  web: { hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } } }\nhosts: { c: { address: 192.0.2.3 } }\n',
    'pb.yml': `name: Options
hosts: all
steps:
  - { name: one, tags: [x], command: { always: true, run: "echo {{ word | default('none') }}" } }
  - { name: two, tags: [y], sysctl: { name: net.ipv4.ip_forward, value: "{{ n | default(1) }}" } }
`,
    'more.yml': 'hosts: { d: { address: 192.0.2.4 } }\n',
    'vars.yml': 'word: [not, a, text]\n',
    'some.txt': '# the first\na\n\nb\n',
  });
}, 60_000);
afterAll(() => cli?.remove());

function run(args: readonly string[], env: Record<string, string> = {}) {
  return cli.run(args, { cwd: folder, env });
}

/** The output of `validate` on stdout if all is well, otherwise the messages on stderr. */
function validate(...args: string[]): string | string[] {
  const { exitCode, stdout, stderr } = run(['validate', '-i', 'inv.yml', 'pb.yml', ...args]);
  if (exitCode === 0) return stdout.trim();
  expect(stdout).toBe('');
  return said(stderr).slice(0, -1);
}

const ok = 'Options: valid: 2 steps, 3 hosts';

describe('help', () => {
  it.each([
    '',
    'validate',
    'graph',
    'plan',
    'apply',
    'undo',
    'runs',
    'runs show',
    'runs forget',
    'kinds',
    'lab',
    'lab up',
    'lab status',
    'lab ssh',
    'lab down',
  ])('meshbook %s --help', (command) => {
    const { exitCode, stdout, stderr } = run([...command.split(' ').filter(Boolean), '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });

  it.each(['', 'plan', 'apply', 'undo'])('of meshbook %s lists the exit codes', (command) => {
    const { stdout } = run([...command.split(' ').filter(Boolean), '--help']);
    for (const code of [0, 1, 2, 3, 4, 5, 130]) expect(stdout).toMatch(new RegExp(`^ {2}${code} `, 'm'));
  });

  it('is as wide as the terminal', () => {
    const wide = run(['plan', '--help'], { COLUMNS: '200' }).stdout;
    expect(wide).toContain('add keys of unknown hosts to your known_hosts; changed keys are still refused');
  });

  it('is shown on stderr if no command is given', () => {
    expect(run([])).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('Usage: meshbook'),
    });
  });

  it('--version is the package’s', () => {
    expect(run(['--version'])).toEqual({ exitCode: 0, stdout: '0.1.0\n', stderr: '' });
  });
});

describe('wrong usage', () => {
  it.each([
    [
      ['plna', 'pb.yml'],
      "meshbook: unknown command 'plna'\n(Did you mean plan?)\n(meshbook --help lists the commands)\n",
    ],
    [
      ['plan', '--inventroy', 'x', 'pb.yml'],
      "meshbook: unknown option '--inventroy'\n(Did you mean --inventory?)\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['apply', '--check', 'pb.yml'],
      "meshbook: unknown option '--check'\n  hint: 'meshbook plan' changes nothing\n(meshbook apply --help shows its usage)\n",
    ],
    [
      ['plan', '-vvv', 'pb.yml'],
      "meshbook: unknown option '-vvv'\n  hint: failures are always shown in full, and 'meshbook runs show' shows each run\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['lab', 'upp'],
      "meshbook: unknown command 'upp'\n(Did you mean up?)\n(meshbook lab --help shows its usage)\n",
    ],
    [['plan'], "meshbook: missing required argument 'playbook'\n(meshbook plan --help shows its usage)\n"],
    [
      ['runs', 'show'],
      "meshbook: missing required argument 'run'\n(meshbook runs show --help shows its usage)\n",
    ],
    [
      ['plan', 'a', 'b'],
      "meshbook: too many arguments for 'plan'. Expected 1 argument but got 2.\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['plan', '-i'],
      "meshbook: option '-i, --inventory <file>' argument missing\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['plan', '--forks', '0', 'a'],
      "meshbook: option '-f, --forks <n>' argument '0' is invalid. It must be a whole number, at least 1.\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['plan', '--format', 'xml', 'a'],
      "meshbook: option '--format <format>' argument 'xml' is invalid. Allowed choices are text, json, sh, markdown, html.\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['plan', '--tags', 'a,,b', 'a'],
      "meshbook: option '-t, --tags <tags>' argument 'a,,b' is invalid. It must be tags separated by commas.\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['runs', '--state-dir', ''],
      "meshbook: option '--state-dir <folder>' argument '' is invalid. It must not be empty.\n(meshbook runs --help shows its usage)\n",
    ],
    [
      ['plan', '-K', '--become-password-file', 'f', 'a'],
      "meshbook: option '-K, --ask-become-pass' cannot be used with option '--become-password-file <file>'\n(meshbook plan --help shows its usage)\n",
    ],
    [
      ['plan', '--\u001b[31mred'],
      "meshbook: unknown option '--\\x1b[31mred'\n(meshbook plan --help shows its usage)\n",
    ],
  ])('%j', (args, stderr) => {
    expect(run(args)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  it.each([
    [['undo'], 'which-run error: name the run to undo, or give --last, or with --to the run to go back to'],
    [
      ['undo', '--last', 'x'],
      'which-run error: name the run to undo, or give --last, or with --to the run to go back to',
    ],
    [['validate', 'pb.yml'], 'no-inventory error: no inventory given'],
  ])('%j', (args, message) => {
    const { exitCode, stdout, stderr } = run(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(said(stderr)[0]).toBe(message);
  });
});

describe('-i', () => {
  it('may come from MESHBOOK_INVENTORY', () => {
    expect(run(['validate', 'pb.yml'], { MESHBOOK_INVENTORY: 'inv.yml' }).stdout).toBe(`${ok}\n`);
  });

  it('given twice merges two inventories, which plans and saved plans show', () => {
    const both = ['-i', 'inv.yml', '-i', 'more.yml'];
    const { stdout } = run(['validate', ...both, 'pb.yml']);
    expect(stdout).toBe('Options: valid: 2 steps, 4 hosts\n');
    const names = { inventory_path: 'inv.yml', more_inventory_paths: ['more.yml'] };
    const planned = run(['plan', '--offline', ...both, 'pb.yml', '--format', 'json', '-o', 'both.plan']);
    expect(JSON.parse(planned.stdout)).toMatchObject(names);
    expect(JSON.parse(run(['show', 'both.plan', '--format', 'json']).stdout)).toMatchObject(names);
    expect(run(['show', 'both.plan', '--format', 'markdown']).stdout).toContain('inv.yml, more.yml');
  });

  it('wins over MESHBOOK_INVENTORY', () => {
    expect(run(['validate', '-i', 'inv.yml', 'pb.yml'], { MESHBOOK_INVENTORY: 'no.yml' }).stdout).toBe(
      `${ok}\n`,
    );
  });
});

describe('--limit', () => {
  it.each([
    ['web', 'Options: valid: 2 steps, 2 hosts'],
    ['all:!a', 'Options: valid: 2 steps, 2 hosts'],
    ['@some.txt', 'Options: valid: 2 steps, 2 hosts'],
    ['c', 'Options: valid: 2 steps, 1 host'],
    ['wbe', ["unknown-pattern error: --limit: there is no host or group 'wbe'", "hint: did you mean 'web'?"]],
    ['@no.txt', ['file-not-found error: there is no file no.txt']],
  ])('%s', (limit, expected) => {
    expect(validate('--limit', limit)).toEqual(expected);
  });
});

describe('--tags and --skip-tags', () => {
  it.each([
    [['--tags', 'x'], ok],
    [['--tags', 'x,y'], ok],
    [['--tags', 'x', '--tags', 'y', '--skip-tags', 'y'], ok],
    [
      ['--tags', 'z'],
      ["unknown-tag error: --tags: no step has the tag 'z'", 'hint: the tags are x, y'],
    ],
    [
      ['--skip-tags', 'z'],
      ["unknown-tag error: --skip-tags: no step has the tag 'z'", 'hint: the tags are x, y'],
    ],
  ])('%j', (args, expected) => {
    expect(validate(...args)).toEqual(expected);
  });

  it('leave out errors in other steps', () => {
    expect(validate('-e', 'n=[]', '--tags', 'y')).toHaveLength(1);
    expect(validate('-e', 'n=[]', '--skip-tags', 'y')).toBe(ok);
  });
});

describe('-e', () => {
  // `n` goes to a param for numbers and texts, `word` to one for texts.
  it.each([
    ['n=3', ok],
    ['n=', [expect.stringContaining('value: a value is one line of text')]],
    [
      'word=a: b',
      [expect.stringContaining("not-text error: a mapping can't stand inside text"), expect.any(String)],
    ],
    ['word="a: b"', ok],
    ['word=x=y', ok],
    ['{ word: x, n: 2 }', ok],
    ['{"word": "x=y"}', ok],
    ['word: x', ok],
    [
      '@vars.yml',
      [expect.stringContaining("not-text error: a list can't stand inside text"), expect.any(String)],
    ],
    ['@no.yml', ['file-not-found error: there is no file no.yml']],
    [
      'word',
      [
        '--extra-vars:1:1 invalid-extra-vars error: extra variables must be key=value or a mapping',
        'hint: write -e key=value, -e "{key: value}" or -e @file.yml',
      ],
    ],
    ['[1, 2]', [expect.stringContaining('invalid-extra-vars'), expect.any(String)]],
    ['n=[1', [expect.stringMatching(/^--extra-vars:1:\d+ yaml-syntax error/)]],
    [
      'host=a',
      [
        expect.stringMatching(
          /^--extra-vars:1:1 invalid-value error: 'host': a variable's name .* none of host, overlay, facts, item$/,
        ),
      ],
    ],
    [
      '{ word: x, facts: {} }',
      [expect.stringMatching(/^--extra-vars:1:12 invalid-value error: 'facts': a variable's name /)],
    ],
    [
      'my-word=x',
      [expect.stringMatching(/^--extra-vars:1:1 invalid-value error: 'my-word': a variable's name /)],
    ],
    ['1st=x', [expect.stringMatching(/^--extra-vars:1:1 invalid-value error: '1st': a variable's name /)]],
  ])('%s', (option, expected) => {
    expect(validate('-e', option)).toEqual(expected);
  });

  it('may be repeated; the last wins, and all errors are reported', () => {
    expect(validate('-e', 'n=[]', '-e', 'n=1')).toBe(ok);
    expect(validate('-e', 'host=a', '-e', 'item=b')).toHaveLength(2);
  });
});

describe('runs', () => {
  it('are listed from the given state folder, from MESHBOOK_STATE_DIR, or from .meshbook', () => {
    const record = {
      formatVersion: 1,
      id: '20260102-030405-abcdef',
      verb: 'apply',
      user: 'ada',
      controller: 'desk',
      startedAt: '2026-01-02T03:04:05.000Z',
      finishedAt: '2026-01-02T03:04:15.000Z',
      exitCode: 0,
      inventory: '/x/inv.yml',
      playbook: '/x/pb.yml',
      playName: 'Options',
      steps: ['one'],
      hosts: {
        a: {
          target: { name: 'a', address: '192.0.2.1', ssh: {}, become: false },
          stages: [],
          result: { outcome: 'changed', changes: 1 },
        },
      },
    };
    const state = cli.files({ 'runs/20260102-030405-abcdef/run.json': JSON.stringify(record) });
    const listed = run(['runs', '--state-dir', state]);
    expect(listed).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('20260102-030405-abcdef'),
    });
    expect(run(['runs'], { MESHBOOK_STATE_DIR: state })).toEqual(listed);
    const withState = { ...record, now: { a: { state: 'changed' } } };
    expect(JSON.parse(run(['runs', '--json', '--state-dir', state]).stdout)).toEqual([withState]);
    expect(run(['runs']).stdout).toBe('No runs yet.\n');
    const work = cli.files({});
    cpSync(state, join(work, '.meshbook'), { recursive: true });
    expect(cli.run(['runs'], { cwd: work })).toEqual(listed);

    const shown = run(['runs', 'show', record.id, '--state-dir', state]);
    expect(shown).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('ada on desk') });
    expect(run(['runs', '--state-dir', state, 'show', record.id])).toEqual(shown);
    expect(run(['runs', 'show', record.id], { MESHBOOK_STATE_DIR: state })).toEqual(shown);
    expect(JSON.parse(run(['runs', 'show', '--json', record.id, '--state-dir', state]).stdout)).toEqual(
      withState,
    );
  });

  it.each([
    [
      ['runs', 'show', 'x'],
      'meshbook: there is no run x here\n  hint: meshbook runs lists them; --state-dir names another place\n',
    ],
    [
      ['runs', 'show', '../../etc'],
      'meshbook: there is no run ../../etc here\n  hint: meshbook runs lists them; --state-dir names another place\n',
    ],
    [
      ['undo', 'x', '--yes'],
      'meshbook: there is no run x here\n  hint: meshbook runs lists them; --state-dir names another place\n',
    ],
    [
      ['undo', '--last', '--yes'],
      'meshbook: there is no run left to undo here\n  hint: meshbook runs lists the runs\n',
    ],
  ])('%j of an unknown run', (args, stderr) => {
    expect(run(args)).toEqual({ exitCode: 1, stdout: '', stderr });
  });
});

describe('kinds', () => {
  it('are listed with their summaries', () => {
    const { exitCode, stdout } = run(['kinds']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ovs_bridge +An Open vSwitch bridge exists/m);
  });

  it('one is explained', () => {
    const { exitCode, stdout } = run(['kinds', 'ovs_bridge']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/datapath/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('an unknown one is an error, with the nearest name', () => {
    const { exitCode, stdout, stderr } = run(['kinds', 'ovs-bridge']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(said(stderr)).toEqual([
      "unknown-kind error: there is no kind 'ovs-bridge'",
      "hint: did you mean 'ovs_bridge'?",
      '1 error',
    ]);
  });
});
