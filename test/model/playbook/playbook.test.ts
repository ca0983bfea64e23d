import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseInventory } from '../../../src/model/inventory/inventory.ts';
import { mergeOverlays } from '../../../src/model/inventory/merge-overlays.ts';
import { loadPlaybook, parsePlaybook } from '../../../src/model/playbook/playbook.ts';
import type { Playbook } from '../../../src/model/types.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

const names = [
  'package',
  'ovs_bridge',
  'linux_bridge',
  'ovs_tunnels',
  'docker_daemon',
  'interfaces_file',
  'file',
  'command',
];
const kinds = { has: (name: string) => names.includes(name), names: () => names };

function playbook(text: string): Playbook {
  const { value, diagnostics } = parsePlaybook(document(text, 'pb.yml'), kinds);
  expect(lines(diagnostics)).toEqual([]);
  if (value === undefined) throw new Error('no playbook, and no reason either');
  return value;
}

function problems(text: string): string[] {
  const { value, diagnostics } = parsePlaybook(document(text, 'pb.yml'), kinds);
  expect(value).toBeUndefined();
  return lines(diagnostics).map((line) => line.replace('pb.yml:', ''));
}

const gre = `name: Docker hosts joined by GRE
hosts: docker_hosts
overlays:
  lab: { cidr: 10.11.12.0/24, tunnel: gre, shape: full_mesh, subnet_prefix: 28 }
steps:
  - { name: Packages,                        package: { name: [openvswitch-switch, bridge-utils] } }
  - { name: OVS bridge for the tunnels,      ovs_bridge: { name: ovs_bridge, datapath: "{{ ovs_datapath | default('system') }}" } }
  - { name: Linux bridge for the containers, linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [ovs_bridge] } }
  - { name: A tunnel to every peer,          ovs_tunnels: { bridge: ovs_bridge, overlay: lab } }
  - { name: Docker on that bridge,           docker_daemon: { bridge: newbridge, fixed_cidr: "{{ overlay.lab.fixed_cidr }}", mtu: "{{ overlay.lab.mtu }}" } }
  - { name: It survives a reboot,            interfaces_file: { bridge: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [ovs_bridge] } }
`;

describe('a good playbook', () => {
  it('a valid playbook', () => {
    const { value } = { value: playbook(gre) };
    expect(value).toMatchObject({
      path: 'pb.yml',
      name: 'Docker hosts joined by GRE',
      hosts: 'docker_hosts',
      onFailure: 'undo_all',
    });
    expect(value.overlays.get('lab')).toMatchObject({
      cidr: '10.11.12.0/24',
      tunnel: 'gre',
      subnetPrefix: 28,
      underlayMtu: 1500,
    });
    expect(value.steps.map((step) => step.kind)).toEqual(names.slice(0, 6));
    expect(value.steps[3]).toMatchObject({
      index: 3,
      name: 'A tunnel to every peer',
      params: { bridge: 'ovs_bridge', overlay: 'lab' },
      tags: [],
      vars: {},
    });
    const at = value.steps[3]?.locate(['ovs_tunnels', 'overlay']);
    expect(at && gre.slice(at.start, at.end)).toBe('lab');
  });

  it('reads GRE between Docker hosts', () => {
    const { steps, vars, onFailure } = playbook(`
hosts: all
vars: { size: 3 }
on_failure: keep
steps:
  - file: { path: /x }
    name: A file
    hosts: "web:!web1"
    when: size > 2
    for_each: [1, 2]
    tags: slow
    timeout: 5m
    vars: { a: [1] }
  - { docker_daemon: , tags: [x, y], timeout: 1.5, for_each: "{{ list }}", when: false }
`);
    expect(vars).toEqual({ size: 3 });
    expect(onFailure).toBe('keep');
    expect(steps).toMatchObject([
      {
        name: 'A file',
        hosts: 'web:!web1',
        when: 'size > 2',
        forEach: [1, 2],
        tags: ['slow'],
        timeout: 300,
        vars: { a: [1] },
      },
      {
        name: 'docker_daemon',
        params: {},
        tags: ['x', 'y'],
        timeout: 1.5,
        forEach: '{{ list }}',
        when: 'false',
      },
    ]);
    expect(steps[1]).not.toHaveProperty('hosts');
  });

  it('reads every key of a step', () => {
    expect(
      parsePlaybook(document('hosts: all\nsteps: [{ file: {} }]', 'a/b/site.yml'), kinds).value?.name,
    ).toBe('site');
  });

  it('is named after its file by default', () => {
    const text = 'hosts: all\nvars: { a: { b: here } }\nsteps: [{ file: {} }]';
    const { start, end } = playbook(text).varsAt(['a', 'b']);
    expect(text.slice(start, end)).toBe('here');
  });
});

describe('knows the places of its variables', () => {
  const step = (text: string) => `hosts: all\nsteps:\n  - ${text}\n`;
  const allKinds = `the kinds are ${names.join(', ')}`;
  it.each<[string, string, string[]]>([
    [
      'a list of plays',
      '- hosts: all\n  tasks: []\n',
      [
        "1:1 wrong-type a playbook: expected a mapping, got a list (a playbook is one play, not a list of plays: take the leading '- ' off and write 'name', 'hosts', 'vars' and 'steps', where each step has a kind and its params: - file: { path: /etc/motd, content: x })",
      ],
    ],
    [
      'a word',
      'hello',
      [
        "1:1 wrong-type a playbook: expected a mapping, got the string 'hello' (a playbook is one mapping with 'name', 'hosts' and 'steps')",
      ],
    ],
    [
      'an empty file',
      '',
      [
        "1:1 wrong-type a playbook: expected a mapping, got nothing (a playbook is one mapping with 'name', 'hosts' and 'steps')",
      ],
    ],
    [
      'only a name',
      'name: x',
      [
        "1:1 missing-key the key 'hosts' is missing (hosts: the hosts or groups that the steps run on)",
        "1:1 missing-key the key 'steps' is missing (steps: the steps, in order)",
      ],
    ],
    [
      'tasks',
      'hosts: all\ntasks: []\nsteps: [{ file: {} }]',
      ["2:1 unknown-key unknown key 'tasks' (write 'steps')"],
    ],
    [
      'checks that are not a list',
      'hosts: all\nsteps: [{ file: {} }]\nchecks: { ping: {} }\n',
      ['3:9 wrong-type checks: expected a list, got a mapping'],
    ],
    ['no steps', 'hosts: all\nsteps: []\n', ['2:8 invalid-value steps: the list must not be empty']],
    [
      'a mapping of steps',
      'hosts: all\nsteps: { file: {} }\n',
      ['2:8 wrong-type steps: expected a list, got a mapping'],
    ],
    [
      'a step that is a word',
      step('file'),
      ["3:5 wrong-type steps, element 1: expected a mapping, got the string 'file'"],
    ],
    [
      'an unknown kind',
      step('ovs_brigde: { name: x }'),
      ["3:5 unknown-kind there is no kind 'ovs_brigde' (did you mean 'ovs_bridge'?)"],
    ],
    [
      'a kind without a similar one',
      step('nginx: {}'),
      [`3:5 unknown-kind there is no kind 'nginx' (${allKinds})`],
    ],
    [
      'a misspelt reserved key',
      step('{ wehn: x, file: {} }'),
      ["3:7 unknown-key unknown key 'wehn' in a step (did you mean 'when'?)"],
    ],
    [
      'a misspelt reserved key alone',
      step('{ tag: x }'),
      ["3:7 unknown-kind there is no kind 'tag' (did you mean 'tags'?)"],
    ],
    [
      'a key of Ansible',
      step('{ file: {}, loop: [1] }'),
      ["3:17 unknown-key unknown key 'loop' in a step (write 'for_each')"],
    ],
    [
      'a key without a similar one',
      step('{ file: {}, zzzzz: [1] }'),
      [
        "3:17 unknown-key unknown key 'zzzzz' in a step (besides its kind a step has name, hosts, when, for_each, tags, timeout, vars)",
      ],
    ],
    [
      'two kinds',
      step('{ file: {}, command: {} }'),
      [
        "3:17 two-kinds a step has one kind, and this one has 'file' already (make 'command' a separate step)",
      ],
    ],
    [
      'no kind',
      step('{ name: x }'),
      [`3:5 no-kind this step has no kind, so there is nothing to do (${allKinds})`],
    ],
    [
      'params that are not a mapping',
      step('command: echo'),
      [
        "3:14 wrong-type command: expected a mapping, got the string 'echo' (write 'command: { run: …, unless: … }', or another guard: 'only_if', 'creates', 'always: true')",
      ],
    ],
    [
      'a template as hosts',
      'hosts: "{{ x }}"\nsteps: [{ file: {}, hosts: "{{ y }}" }]',
      [
        "1:8 invalid-value 'hosts' can't hold a template: variables are known only once the hosts are (name a group, or use '--limit' on the command line)",
        "2:28 invalid-value 'hosts' can't hold a template: variables are known only once the hosts are (name a group, or use '--limit' on the command line)",
      ],
    ],
    [
      'braces in when',
      step('{ file: {}, when: "{{ x }}" }'),
      ["3:23 invalid-value 'when' is already an expression and takes no braces (write it without {{ and }})"],
    ],
    [
      'wrong values of reserved keys',
      step('{ file: {}, name: 5, hosts: [a], tags: [1], timeout: soon, vars: [], for_each: 3 }'),
      [
        '3:23 wrong-type name: expected a string, got the number 5 (put it in quotes)',
        '3:33 wrong-type hosts: expected a string, got a list',
        '3:45 wrong-type tags, element 1: expected a string, got the number 1 (put it in quotes)',
        "3:58 invalid-value timeout: expected a time above zero: a number of seconds, or a text such as '30s', '5m' or '1h'",
        '3:70 wrong-type vars: expected a mapping or nothing, got a list',
        '3:84 wrong-type for_each: expected a list or a string, got the number 3',
      ],
    ],
    [
      'a tag that --tags reserves',
      step('{ file: {}, tags: [x, all] }'),
      [
        '3:27 invalid-value tags, element 2: all, tagged, untagged are words of --tags that no step can have for a tag',
      ],
    ],
    [
      'a variable under a reserved name',
      step('{ file: {}, vars: { item: 1 } }'),
      [
        "3:25 invalid-value 'item': a variable's name is letters, digits and _, doesn't begin with a digit, and is none of host, overlay, facts, item",
      ],
    ],
    [
      'a wrong on_failure',
      'hosts: all\nsteps: [{ file: {} }]\non_failure: undo-all',
      [
        "3:13 invalid-value on_failure: expected 'undo_all', 'undo_host' or 'keep', got 'undo-all' (did you mean 'undo_all'?)",
      ],
    ],
    [
      'a UDP port for a tunnel that has none, and one out of range',
      `hosts: all\nsteps: [{ file: {} }]\noverlays:\n  o: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, dst_port: 8472 }\n  p: { cidr: 10.1.0.0/16, tunnel: vxlan, subnet_prefix: 24, dst_port: 65536 }\n`,
      [
        "4:35 invalid-value tunnel: with 'dst_port' the tunnel is vxlan or geneve; gre has no ports",
        '5:71 invalid-value dst_port: 65536 is too large: at most 65535',
      ],
    ],
    [
      'a key too large for its tunnel',
      `hosts: all\nsteps: [{ file: {} }]\noverlays:\n  o: { cidr: 10.0.0.0/16, tunnel: vxlan, subnet_prefix: 24, key: 16777216 }\n`,
      ['4:66 key-out-of-range key: 16777216 is too large for vxlan: at most 16777215'],
    ],
    [
      'everything at once',
      'hosts: 1\nsteps:\n  - foo: {}\n  - { file: 1 }\noverlays: { o: {} }\n',
      [
        '1:8 wrong-type hosts: expected a string, got the number 1 (put it in quotes)',
        `3:5 unknown-kind there is no kind 'foo' (${allKinds})`,
        "4:13 wrong-type file: expected a mapping, got the number 1 (write 'file: { PARAM: VALUE }')",
        "5:13 missing-key the key 'cidr' is missing (cidr: the range shared by bridges and containers, such as 10.11.12.0/24)",
        "5:13 missing-key the key 'tunnel' is missing (tunnel: gre, vxlan or geneve)",
        "5:13 missing-key the key 'subnet_prefix' is missing (subnet_prefix: the prefix length of each host's container range, such as 28)",
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('reports a list of plays, as in Ansible, as one error, whatever else it contains', () => {
    const ansible = `---
# The lab's hosts.

- hosts: docker_hosts
  become: yes
  vars: { addr: {{ address }}, mode: 0644 }
  tasks:
    - name: a: b
      shell: echo "{{ addr }}
`;
    const folder = mkdtempSync(join(tmpdir(), 'meshbook-playbook-'));
    const path = join(folder, 'site.yml');
    writeFileSync(path, ansible);
    try {
      expect(lines(loadPlaybook(path, kinds).diagnostics)).toEqual([
        expect.stringMatching(
          /site\.yml:4:1 wrong-type a playbook: expected a mapping, got a list of plays, as in Ansible \(a playbook is one play/,
        ),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a missing file', () => {
    expect(lines(loadPlaybook('/nowhere.yml', kinds).diagnostics)).toEqual([
      'file-not-found there is no file /nowhere.yml',
    ]);
  });
});

describe('mergeOverlays', () => {
  const overlay = '{ cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24 }';
  const merge = (inventoryOverlays: string, playbookOverlays: string, host = '') => {
    const inventory = parseInventory(
      document(`hosts:\n  a: {${host}}\noverlays:\n${inventoryOverlays}`, 'inv.yml'),
    ).value;
    const steps = 'hosts: all\nsteps: [{ file: {} }]\noverlays:\n';
    const book = playbook(steps + playbookOverlays);
    if (inventory === undefined) throw new Error('the inventory is wrong');
    const { value, diagnostics } = mergeOverlays(inventory, book);
    return { names: value && [...value.keys()], said: lines(diagnostics) };
  };

  it('merges the overlays of both files', () => {
    expect(merge(`  one: ${overlay}\n`, `  two: ${overlay}\n`)).toEqual({ names: ['one', 'two'], said: [] });
  });

  it('refuses one name in both, with both places', () => {
    expect(merge(`  one: ${overlay}\n`, `  one: ${overlay}\n`)).toEqual({
      names: [],
      said: [
        "pb.yml:4:3 duplicate-overlay the overlay 'one' is also in the inventory (keep one of them; the other is at inv.yml:4:3)",
      ],
    });
  });

  it("warns about a host's values for a misspelt overlay, and ignores other names", () => {
    const host = ' overlays: { labb: { fixed_cidr: 10.0.1.0/24 }, other: { fixed_cidr: 10.0.1.0/24 } } ';
    expect(merge('', `  lab: ${overlay}\n`, host).said).toEqual([
      "inv.yml:2:20 warning unknown-overlay a has values for an overlay 'labb', which doesn't exist (did you mean 'lab'?)",
    ]);
  });
});
