import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltCli, buildCli } from './built-cli.ts';
import { said } from './said.ts';

let cli: BuiltCli;
beforeAll(() => {
  cli = buildCli();
}, 60_000);
afterAll(() => cli?.remove());

const goodInventory = 'groups:\n  web: { hosts: { a: { address: 192.0.2.1 }, b: { address: 192.0.2.2 } } }\n';
const goodPlaybook = 'hosts: all\nsteps:\n  - ovs_bridge: { name: br0 }\n';
const step = (text: string) => `hosts: all\nsteps:\n  - ${text}\n`;
const overlayPlay = (cidr: string) =>
  `hosts: all\noverlays:\n  lab: { cidr: ${cidr}, tunnel: gre, subnet_prefix: 28 }\nsteps:\n  - ovs_bridge: { name: br0 }\n`;
const withFixedCidrs = (a: string, b: string) => `hosts:
  a: { address: 192.0.2.1, overlays: { lab: { fixed_cidr: ${a} } } }
  b: { address: 192.0.2.2, overlays: { lab: { fixed_cidr: ${b} } } }
`;

interface Case {
  readonly inventory?: string | Buffer;
  readonly playbook?: string | Buffer;
  /** `file:line:col code error: message`, and a hint if there is one. */
  readonly says: readonly string[];
}

/** Runs a command on files, and expects exit code 1, empty stdout, and stderr without escapes. */
function refusal(
  files: { inventory?: string | Buffer; playbook?: string | Buffer },
  args: readonly string[] = ['validate'],
) {
  const folder = cli.files({
    'inv.yml': files.inventory ?? goodInventory,
    'pb.yml': files.playbook ?? goodPlaybook,
  });
  const { exitCode, stdout, stderr } = cli.run([...args, '-i', 'inv.yml', 'pb.yml'], { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).not.toContain('\u001b');
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr;
}

const cases: Record<string, Case> = {
  'YAML syntax': {
    playbook: 'hosts: all\nsteps:\n  - ovs_bridge: { name: [ }\n',
    says: [
      'pb.yml:3:27 yaml-syntax error: flow sequence in block collection must be sufficiently indented and end with a ]',
      '1 error',
    ],
  },
  'a tab': {
    playbook: 'hosts: all\nsteps:\n\t- ovs_bridge: { name: x }\n',
    says: ["pb.yml:3:1 yaml-tab error: a tab can't indent YAML", 'hint: indent with spaces', '1 error'],
  },
  'duplicate keys': {
    playbook: 'hosts: all\nsteps:\n  - ovs_bridge: { name: x, name: y }\nhosts: web\n',
    says: [
      "pb.yml:3:28 duplicate-key error: the key 'name' is here a second time",
      'hint: the first is at pb.yml:3:19',
      "pb.yml:4:1 duplicate-key error: the key 'hosts' is here a second time",
      'hint: the first is at pb.yml:1:1',
      '2 errors',
    ],
  },
  'one host twice': {
    inventory: 'hosts:\n  a: { address: 192.0.2.1 }\n  a: { address: 192.0.2.2 }\n',
    says: [
      "inv.yml:3:3 duplicate-key error: the key 'a' is here a second time",
      'hint: the first is at inv.yml:2:3',
      '1 error',
    ],
  },
  'an unknown kind': {
    playbook: step('ovs-bridge: { name: x }'),
    says: [
      "pb.yml:3:5 unknown-kind error: there is no kind 'ovs-bridge'",
      "hint: did you mean 'ovs_bridge'?",
      '1 error',
    ],
  },
  'two kinds in one step': {
    playbook: step('{ ovs_bridge: { name: x }, linux_bridge: { name: y } }'),
    says: [
      "pb.yml:3:32 two-kinds error: a step has one kind, and this one has 'ovs_bridge' already",
      "hint: make 'linux_bridge' a separate step",
      '1 error',
    ],
  },
  'unknown and missing params': {
    playbook: step('ovs_tunnels: { brigde: br0, overlay: lab }').replace(
      'steps',
      'overlays: { lab: { cidr: 10.0.0.0/24, tunnel: gre, subnet_prefix: 28 } }\nsteps',
    ),
    says: [
      "pb.yml:4:5 missing-key error: the param 'bridge' is missing",
      'hint: bridge: The Open vSwitch bridge that gets the ports.',
      "pb.yml:4:20 unknown-key error: unknown param 'brigde'",
      "hint: did you mean 'bridge'?",
      '2 errors',
    ],
  },
  'a wrong type': {
    playbook: step('ovs_bridge: { name: [br0], datapath: kernel }'),
    says: [
      'pb.yml:3:25 wrong-type error: name: expected a string, got a list',
      "pb.yml:3:42 invalid-value error: datapath: expected 'system' or 'netdev', got 'kernel'",
      '2 errors',
    ],
  },
  'an undefined variable': {
    playbook: step('{ ovs_bridge: { name: "br-{{ nmae }}" }, vars: { name: x } }'),
    says: [
      "pb.yml:3:34 undefined-variable error: 'nmae' is not defined",
      "hint: did you mean 'name'?",
      '1 error',
    ],
  },
  'an overlay with too few ranges': {
    playbook: overlayPlay('10.11.12.0/27'),
    says: [
      "pb.yml:3:16 overlay-too-small error: overlay 'lab' needs 2 ranges of /28 for containers, and its cidr 10.11.12.0/27 has 1 beside bridge_range",
      'hint: use a wider cidr, for example 10.11.12.0/26, or a greater subnet_prefix',
      '1 error',
    ],
  },
  'fixed_cidrs that overlap': {
    inventory: withFixedCidrs('10.11.12.32/28', '10.11.12.40/29'),
    playbook: overlayPlay('10.11.12.0/24'),
    says: [
      "inv.yml:3:59 fixed-cidr-overlap error: fixed_cidr 10.11.12.40/29 of host 'b' in overlay 'lab' overlaps 10.11.12.32/28 of host 'a'",
      'hint: two containers would get the same address; leave fixed_cidr out to get a free range',
      '1 error',
    ],
  },
  'a fixed_cidr outside of the overlay': {
    inventory: withFixedCidrs('10.11.13.32/28', '10.11.12.32/28'),
    playbook: overlayPlay('10.11.12.0/24'),
    says: [
      "inv.yml:2:59 fixed-cidr-outside error: fixed_cidr of host 'a' in overlay 'lab': 10.11.13.32/28 doesn't lie in the overlay's cidr 10.11.12.0/24",
      '1 error',
    ],
  },
  'two hosts with one address': {
    inventory: 'hosts:\n  a: { address: 192.0.2.1 }\n  b: { address: 192.0.2.1 }\n',
    says: [
      'inv.yml:3:17 duplicate-address error: b and a have the same address 192.0.2.1',
      'hint: a is at inv.yml:2:3',
      '1 error',
    ],
  },
  'two hosts with one underlay address': {
    inventory:
      'hosts:\n  a: { address: 192.0.2.1, underlay_address: 198.51.100.1 }\n  b: { address: 192.0.2.2, underlay_address: 198.51.100.1 }\n',
    says: [
      'inv.yml:3:46 duplicate-address error: b and a have the same underlay address 198.51.100.1',
      'hint: a is at inv.yml:2:3',
      '1 error',
    ],
  },
  'an unknown group': {
    playbook: goodPlaybook.replace('all', 'wbe'),
    says: [
      "pb.yml:1:8 unknown-pattern error: there is no host or group 'wbe'",
      "hint: did you mean 'web'?",
      '1 error',
    ],
  },
  'an unknown pattern in a step': {
    playbook: step('{ hosts: "web:!bdd*", ovs_bridge: { name: x } }'),
    says: ["pb.yml:3:20 unknown-pattern error: no host or group matches 'bdd*'", '1 error'],
  },
  'an interface name over 15 characters': {
    playbook: step('ovs_bridge: { name: ovs_bridge_of_mine }'),
    says: [
      "pb.yml:3:25 invalid-value error: name: 'ovs_bridge_of_mine' has 18 characters; an interface's name has at most 15",
      '1 error',
    ],
  },
  'a playbook that is a list': {
    playbook: '- hosts: all\n  steps: []\n',
    says: [
      'pb.yml:1:1 wrong-type error: a playbook: expected a mapping, got a list of plays, as in Ansible',
      "hint: a playbook is one play, not a list of plays: take the leading '- ' off and write 'name', 'hosts', 'vars' and 'steps', where each step has a kind and its params: - file: { path: /etc/motd, content: x }",
      '1 error',
    ],
  },
  'a playbook that is nothing': {
    playbook: '',
    says: [
      'pb.yml:1:1 wrong-type error: a playbook: expected a mapping, got nothing',
      "hint: a playbook is one mapping with 'name', 'hosts' and 'steps'",
      '1 error',
    ],
  },
  'an empty inventory': {
    inventory: '# nothing yet\n',
    says: [
      'inv.yml:1:1 empty-inventory error: the inventory has no hosts',
      "hint: write them under 'hosts', or under 'groups: { NAME: { hosts: … } }'",
      '1 error',
    ],
  },
  'a binary file given as YAML': {
    playbook: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 0, 0]),
    says: [
      'file-not-text error: pb.yml is not a text file: a NUL byte on line 1',
      'hint: meshbook reads YAML files in UTF-8',
      '1 error',
    ],
  },
};

describe('bad input is refused with a message:', () => {
  it.each(Object.entries(cases))('%s', (_, { says, ...files }) => {
    expect(said(refusal(files))).toEqual(says);
  });

  it('shows the line with the error underlined', () => {
    expect(
      refusal({ playbook: step('ovs-bridge: { name: x }') }),
    ).toBe(`pb.yml:3:5 unknown-kind error: there is no kind 'ovs-bridge'
  2 | steps:
  3 |   - ovs-bridge: { name: x }
    |     ^^^^^^^^^^
  hint: did you mean 'ovs_bridge'?

1 error
`);
  });

  it.each(['plan', 'apply'])('%s says the same as validate, before it connects to anything', (command) => {
    const files = { playbook: step('ovs-bridge: { name: x }') };
    expect(refusal(files, [command])).toBe(refusal(files));
  });

  it('reports all errors of both files at once', () => {
    const inventory = 'hosts:\n  a: { adress: 192.0.2.1 }\n  b: { address: 192.0.2.300 }\n';
    const playbook =
      'hosts: all\nsteps:\n  - ovs-bridge: { name: x }\n  - { name: nothing }\n  - { ovs_bridge: { name: y }, wehn: true }\n';
    const places = said(refusal({ inventory, playbook })).filter((line) => !line.startsWith('hint:'));
    expect(places.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'inv.yml:2:8 unknown-key',
      'inv.yml:3:17 invalid-value',
      'pb.yml:3:5 unknown-kind',
      'pb.yml:4:5 no-kind',
      'pb.yml:5:32 unknown-key',
      '5 errors',
    ]);
  });

  it('cuts a very long list, with a count', () => {
    const lines = said(refusal({ playbook: `hosts: all\nsteps:\n${'  - nothing: {}\n'.repeat(120)}` }));
    expect(lines.filter((line) => line.includes(' unknown-kind '))).toHaveLength(50);
    expect(lines.at(-1)).toBe('120 errors; 70 of them not shown');
  });

  it('names both missing files', () => {
    const { exitCode, stdout, stderr } = cli.run(['validate', '-i', 'no.yml', 'nor.yml'], {
      cwd: cli.files({}),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(said(stderr)).toEqual([
      'file-not-found error: there is no file no.yml',
      'file-not-found error: there is no file nor.yml',
      '2 errors',
    ]);
  });

  it('a damaged leases file', () => {
    const folder = cli.files({
      'inv.yml': goodInventory,
      'pb.yml': goodPlaybook,
      'inv.leases.json': '{ "version": 1, ',
    });
    const { exitCode, stderr } = cli.run(['validate', '-i', 'inv.yml', 'pb.yml'], { cwd: folder });
    expect(exitCode).toBe(1);
    expect(said(stderr)[0]).toMatch(/^inv\.leases\.json:1:\d+ leases-damaged error: /);
  });

  it('escapes control characters of a file', () => {
    const stderr = refusal({ playbook: goodPlaybook.replace('all', '"red\\u001b" # \u009b\u202e') });
    expect(stderr).toContain("no host or group 'red\\x1b'");
    expect(stderr).toContain('# \\x9b\\u202e');
  });

  it('uses colours with FORCE_COLOR, not with NO_COLOR', () => {
    const folder = cli.files({ 'inv.yml': goodInventory, 'pb.yml': 'hosts: all\n' });
    const stderrWith = (env: Record<string, string>) =>
      cli.run(['validate', '-i', 'inv.yml', 'pb.yml'], { cwd: folder, env }).stderr;
    expect(stderrWith({ FORCE_COLOR: '1' })).toContain('\u001b[31m');
    expect(stderrWith({ NO_COLOR: '1' })).not.toContain('\u001b');
  });

  it('confirms valid input in a word', () => {
    const folder = cli.files({ 'inv.yml': goodInventory, 'pb.yml': `name: Good\n${goodPlaybook}` });
    expect(cli.run(['validate', '-i', join(folder, 'inv.yml'), join(folder, 'pb.yml')])).toEqual({
      exitCode: 0,
      stdout: 'Good: valid: 1 step, 2 hosts\n',
      stderr: '',
    });
  });
});
