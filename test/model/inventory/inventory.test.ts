import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadInventory, parseInventory } from '../../../src/model/inventory/inventory.ts';
import type { Host, Inventory } from '../../../src/model/types.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

function inventory(text: string): Inventory {
  const { value, diagnostics } = parseInventory(document(text, 'inv.yml'));
  expect(lines(diagnostics)).toEqual([]);
  if (value === undefined) throw new Error('no inventory, and no reason either');
  return value;
}

function host(text: string, name: string): Host {
  const found = inventory(text).hosts.get(name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

function problems(text: string): string[] {
  const { value, diagnostics } = parseInventory(document(text, 'inv.yml'));
  if (diagnostics.some((d) => d.severity === 'error')) expect(value).toBeUndefined();
  return lines(diagnostics).map((line) => line.replace('inv.yml:', ''));
}

function file(name: string, content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-inventory-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const lab = `groups:
  docker_hosts:
    vars: { ovs_datapath: netdev }        # userspace OVS; leave out for the kernel datapath
    hosts:
      docker1: { address: 10.97.0.11, underlay_address: 10.98.0.11 }
      docker2: { address: 10.97.0.12, underlay_address: 10.98.0.12 }
      docker3: { address: 10.97.0.13, underlay_address: 10.98.0.13, overlays: { lab: { fixed_cidr: 10.11.12.192/28 } } }
ssh: { user: root, identity_file: ~/.ssh/lab_key, known_hosts: ./lab_known_hosts }
`;

describe('a valid inventory', () => {
  it("loads the lab's inventory", () => {
    const path = file('lab.yml', lab);
    const { value, diagnostics } = loadInventory(path);
    expect(diagnostics).toEqual([]);
    expect([...(value?.groups.values() ?? [])]).toEqual([
      { name: 'all', hosts: ['docker1', 'docker2', 'docker3'] },
      { name: 'docker_hosts', hosts: ['docker1', 'docker2', 'docker3'] },
    ]);
    const docker3 = value?.hosts.get('docker3');
    expect(docker3).toMatchObject({
      name: 'docker3',
      groups: ['all', 'docker_hosts'],
      address: '10.97.0.13',
      underlayAddress: '10.98.0.13',
      become: false,
      vars: { ovs_datapath: 'netdev' },
      overlays: { lab: { fixedCidr: '10.11.12.192/28' } },
      ssh: {
        user: 'root',
        identityFiles: [join(homedir(), '.ssh/lab_key')],
        knownHosts: [join(path, '..', 'lab_known_hosts')],
      },
    });
    const textAt = ({ start, end }: { start: number; end: number }) => lab.slice(start, end);
    expect(docker3 && textAt(docker3.at)).toBe('docker3');
    expect(docker3 && textAt(docker3.underlayAt)).toBe('10.98.0.13');
    expect(docker3 && textAt(docker3.varsAt(['ovs_datapath']))).toBe('netdev');
    expect(docker3?.overlays.lab && textAt(docker3.overlays.lab.at('fixed_cidr'))).toBe('10.11.12.192/28');
    expect(docker3?.overlays.lab && textAt(docker3.overlays.lab.at())).toBe('lab');
  });

  it('accepts hosts outside groups, with default values', () => {
    expect(host('hosts:\n  docker1:\n', 'docker1')).toMatchObject({
      groups: ['all'],
      address: 'docker1',
      underlayAddress: 'docker1',
      ssh: {},
      become: false,
      vars: {},
      overlays: {},
    });
  });

  it("uses a host's address as its underlay address by default", () => {
    expect(host('hosts: { a: { address: 10.0.0.1 } }', 'a').underlayAddress).toBe('10.0.0.1');
  });

  it('keeps the order of the file, whatever the order of keys', () => {
    const text =
      'groups:\n  g:\n    children:\n      h: { hosts: { c: } }\n    hosts: { b: }\nhosts: { a: , b: }\n';
    const { hosts, groups } = inventory(text);
    expect([...hosts.keys()]).toEqual(['c', 'b', 'a']);
    expect(groups.get('g')?.hosts).toEqual(['c', 'b']);
    expect(groups.get('all')?.hosts).toEqual(['c', 'b', 'a']);
  });

  it('reads overlays with their defaults', () => {
    const text = `hosts: { a: }
overlays:
  one: { cidr: 10.0.0.0/16, tunnel: vxlan, subnet_prefix: 24 }
  two: { cidr: 10.1.0.0/16, tunnel: gre, shape: full_mesh, subnet_prefix: 24, key: 4294967295, underlay_mtu: 9000, bridge_range: 10.1.0.0/24, hosts: "a:b" }
`;
    const { overlays } = inventory(text);
    expect(overlays.get('one')).toEqual({
      name: 'one',
      cidr: '10.0.0.0/16',
      tunnel: 'vxlan',
      shape: 'full_mesh',
      subnetPrefix: 24,
      underlayMtu: 1500,
      at: expect.any(Function),
    });
    expect(overlays.get('two')).toMatchObject({
      key: 4294967295,
      underlayMtu: 9000,
      bridgeRange: '10.1.0.0/24',
      hosts: 'a:b',
    });
    const at = overlays.get('two')?.at('key');
    expect(at && text.slice(at.start, at.end)).toBe('4294967295');
  });

  it('infers the shape from `hub` or `links` alone', () => {
    const text = `hosts: { a: , b: , c: }
overlays:
  one: { cidr: 10.0.0.0/16, tunnel: vxlan, subnet_prefix: 24, hub: b }
  two: { cidr: 10.1.0.0/16, tunnel: vxlan, subnet_prefix: 24, links: [[a, b], [b, c]] }
  three: { cidr: 10.2.0.0/16, tunnel: vxlan, subnet_prefix: 24, shape: links, links: [[a, b]] }
  four: { cidr: 10.3.0.0/16, tunnel: vxlan, subnet_prefix: 24, shape: ring }
`;
    const { overlays } = inventory(text);
    expect([...overlays.values()].map(({ shape, hub, links }) => ({ shape, hub, links }))).toEqual([
      { shape: 'hub', hub: 'b' },
      {
        shape: 'links',
        links: [
          ['a', 'b'],
          ['b', 'c'],
        ],
      },
      { shape: 'links', links: [['a', 'b']] },
      { shape: 'ring' },
    ]);
    const at = overlays.get('two')?.at('links', 1);
    expect(at && text.slice(at.start, at.end)).toBe('[b, c]');
  });

  it('expands ranges of names', () => {
    expect([
      ...inventory('hosts:\n  docker[1:3]:\n  web[08:10].example.org:\n  r[a:b]n[0:4:2]:\n').hosts.keys(),
    ]).toEqual([
      'docker1',
      'docker2',
      'docker3',
      'web08.example.org',
      'web09.example.org',
      'web10.example.org',
      'ran0',
      'ran2',
      'ran4',
      'rbn0',
      'rbn2',
      'rbn4',
    ]);
  });

  it('lets a single host of a range have more settings', () => {
    const text =
      'hosts:\n  docker[1:3]: { vars: { a: 1 } }\n  docker2: { address: 10.0.0.2, vars: { b: 2 } }\n';
    expect(host(text, 'docker2')).toMatchObject({ address: '10.0.0.2', vars: { a: 1, b: 2 } });
    expect(host(text, 'docker3')).toMatchObject({ address: 'docker3', vars: { a: 1 } });
  });

  it('accepts several hosts at one address with different ports or jump hosts', () => {
    const text =
      'hosts:\n  a: { address: h, ssh: { port: 2201 } }\n  b: { address: h, ssh: { port: 2202 } }\n  c: { address: h, ssh: { port: 2202, proxy_jump: j } }\n';
    expect([...inventory(text).hosts.keys()]).toEqual(['a', 'b', 'c']);
  });
});

describe('settings', () => {
  it('are inherited from inventory to parent to child to host, variables and ssh key by key', () => {
    const text = `
vars: { a: inventory, b: inventory, c: inventory, d: inventory, deep: { x: 1, y: 1 } }
ssh: { user: inventory, port: 1, keepalive: 0 }
become: true
groups:
  parent:
    vars: { b: parent, c: parent, d: parent }
    ssh: { user: parent, connect_timeout: 2m }
    children:
      child:
        become: false
        vars: { c: child, d: child, deep: { z: 1 } }
        ssh: { user: child }
        hosts:
          one: { vars: { d: host }, ssh: { user: host } }
          two:
  other: { hosts: { three: } }
`;
    const one = host(text, 'one');
    expect(one).toMatchObject({
      groups: ['all', 'parent', 'child'],
      become: false,
      vars: { a: 'inventory', b: 'parent', c: 'child', d: 'host' },
      ssh: { user: 'host', port: 1, keepalive: 0, connectTimeout: 120 },
    });
    expect(one.vars.deep).toEqual({ z: 1 });
    const lineOf = (name: string) => text.slice(0, one.varsAt([name]).start).split('\n').length - 1;
    expect(['a', 'b', 'c', 'd'].map(lineOf)).toEqual([1, 6, 11, 14]);
    expect(host(text, 'two')).toMatchObject({ vars: { d: 'child' }, ssh: { user: 'child' } });
    expect(host(text, 'three')).toMatchObject({
      groups: ['all', 'other'],
      become: true,
      ssh: { user: 'inventory' },
    });
  });

  it('at equal depth, the alphabetically last group wins; a deeper group wins over it', () => {
    const text = `
groups:
  zz: { vars: { v: zz, w: zz }, hosts: { h: } }
  aa: { vars: { v: aa, w: aa }, hosts: { h: }, children: [mm] }
  mm: { vars: { v: mm }, hosts: { h: } }
`;
    expect(host(text, 'h')).toMatchObject({ groups: ['all', 'aa', 'zz', 'mm'], vars: { v: 'mm', w: 'zz' } });
  });

  it("measure a group's depth along its longest path", () => {
    const text = `
groups:
  top: { children: [low, mid] }
  mid: { children: [low], vars: { v: mid } }
  low: { vars: { v: low }, hosts: { h: } }
`;
    expect(host(text, 'h')).toMatchObject({ groups: ['all', 'top', 'mid', 'low'], vars: { v: 'low' } });
  });

  it('are merged for a host in several groups', () => {
    const text = `
groups:
  a: { hosts: { h: { address: 10.0.0.1, vars: { x: 1, same: [1] }, overlays: { lab: { fixed_cidr: 10.1.0.0/24 } } } } }
  b: { hosts: { h: { vars: { y: 2, same: [1] }, ssh: { port: 22 }, overlays: { lab: { bridge_address: 10.2.0.1 } } } } }
`;
    const h = host(text, 'h');
    expect(h).toMatchObject({
      groups: ['all', 'a', 'b'],
      address: '10.0.0.1',
      vars: { x: 1, y: 2, same: [1] },
      ssh: { port: 22 },
      overlays: { lab: { fixedCidr: '10.1.0.0/24', bridgeAddress: '10.2.0.1' } },
    });
    const at = (path: readonly (string | number)[]) => text.slice(h.varsAt(path).start, h.varsAt(path).end);
    expect([at(['y']), at(['same', 0])]).toEqual(['2', '1']);
    const override = h.overlays.lab?.at('bridge_address');
    expect(override && text.slice(override.start, override.end)).toBe('10.2.0.1');
  });

  it('have paths relative to the file, or to the home folder', () => {
    const path = file(
      'inv.yml',
      'hosts: { h: { ssh: { identity_file: [keys/a, /abs/b, ~/c], known_hosts: ../k } } }',
    );
    const folder = join(path, '..');
    expect(loadInventory(path).value?.hosts.get('h')?.ssh).toEqual({
      identityFiles: [join(folder, 'keys/a'), '/abs/b', join(homedir(), 'c')],
      knownHosts: [join(folder, '..', 'k')],
    });
  });
});

describe('bad input', () => {
  it.each<[string, string, string[]]>([
    [
      'an empty file',
      '',
      [
        "1:1 empty-inventory the inventory has no hosts (write them under 'hosts', or under 'groups: { NAME: { hosts: … } }')",
      ],
    ],
    [
      'groups without hosts',
      'groups:\n  web: { hosts: {} }\n  db:\n',
      [
        "1:1 empty-inventory the inventory has no hosts (write them under 'hosts', or under 'groups: { NAME: { hosts: … } }')",
      ],
    ],
    ['a list', '- docker1\n', ['1:1 wrong-type expected a mapping, got a list']],
    ['a word', 'docker1', ["1:1 wrong-type expected a mapping, got the string 'docker1'"]],
    ['a list of hosts', 'hosts: [a, b]', ['1:8 wrong-type hosts: expected a mapping or nothing, got a list']],
    [
      "Ansible's all",
      'all:\n  hosts: { a: }\n',
      [
        "1:1 unknown-key unknown key 'all' (every host is in 'all' anyway: write its children under 'groups', and its vars at the top)",
      ],
    ],
    [
      'all as a group',
      'groups: { all: { hosts: { a: } } }',
      ["1:11 invalid-name the group 'all' always contains every host and can't be defined"],
    ],
    [
      "Ansible's variables",
      'hosts: { a: { ansible_host: 10.0.0.1 } }',
      ["1:15 unknown-key unknown key 'ansible_host' (write 'address')"],
    ],
    [
      'a misspelt key',
      'hosts: { a: { adress: 10.0.0.1 } }',
      ["1:15 unknown-key unknown key 'adress' (did you mean 'address'?)"],
    ],
    [
      'a free key',
      'hosts: { a: { datacenter: x } }',
      [
        "1:15 unknown-key unknown key 'datacenter' (known here: address, underlay_address, vars, ssh, become, overlays)",
      ],
    ],
    [
      'a variable whose name no template can use',
      'hosts: { a: }\nvars: { a-b: 1, host: 2 }',
      [
        "2:9 invalid-value 'a-b': a variable's name is letters, digits and _, doesn't begin with a digit, and is none of host, overlay, facts, item",
        "2:17 invalid-value 'host': a variable's name is letters, digits and _, doesn't begin with a digit, and is none of host, overlay, facts, item",
      ],
    ],
    [
      'a bad address',
      'hosts: { a: { address: 10.0.0.256 } }',
      ["1:24 invalid-value address: '10.0.0.256' is not an IP address"],
    ],
    [
      'an address with a prefix length',
      'hosts: { a: { address: 10.0.0.1/24 } }',
      [
        "1:24 invalid-value address: '10.0.0.1/24' is not an address to connect to; leave out the prefix length",
      ],
    ],
    [
      'a name as underlay address',
      'hosts: { a: { underlay_address: b } }',
      ["1:33 invalid-value underlay_address: 'b' is not an IP address"],
    ],
    [
      'two hosts with one address',
      'hosts:\n  a: { address: 10.0.0.1 }\n  b: { address: 10.0.0.1 }\n',
      ['3:17 duplicate-address b and a have the same address 10.0.0.1 (a is at inv.yml:2:3)'],
    ],
    [
      'one address in two notations',
      'hosts:\n  a: { address: "fd00::1" }\n  b: { address: "fd00:0::0001" }\n',
      ['3:17 duplicate-address b and a have the same address fd00:0::0001 (a is at inv.yml:2:3)'],
    ],
    [
      "an address that is another host's name",
      'hosts:\n  a: { address: B }\n  b:\n',
      ['3:3 duplicate-address b and a have the same address b (a is at inv.yml:2:3)'],
    ],
    [
      'two hosts with one underlay address',
      'hosts:\n  a: { underlay_address: 10.0.0.1 }\n  b: { underlay_address: 10.0.0.1 }\n',
      ['3:26 duplicate-address b and a have the same underlay address 10.0.0.1 (a is at inv.yml:2:3)'],
    ],
    [
      "an underlay address that is another host's",
      'hosts:\n  a: { address: 10.0.0.1 }\n  b: { underlay_address: 10.0.0.1 }\n',
      ['3:26 duplicate-address b and a have the same underlay address 10.0.0.1 (a is at inv.yml:2:3)'],
    ],
    [
      'an address for a range of hosts',
      'hosts:\n  d[1:3]: { address: 10.0.0.1 }\n',
      [
        "2:13 duplicate-address 3 hosts can't share one address (write these hosts one by one, or let their names resolve)",
      ],
    ],
    [
      'a bad range',
      'hosts:\n  d[3:1]:\n  e[1-3]:\n  f[01:100]:\n  g]:\n  h[1:99999]:\n  i[1:5:0]:\n',
      [
        "2:3 invalid-name 'd[3:1]': the range ends before it begins",
        "3:3 invalid-name 'e[1-3]': expected a range such as [1:20], [01:10] or [a:f]",
        "4:3 invalid-name 'f[01:100]': with leading zeros, both ends must have the same length",
        "5:3 invalid-name 'g]' has an extra bracket",
        "6:3 invalid-name 'h[1:99999]' stands for more than 65536 hosts",
        "7:3 invalid-name 'i[1:5:0]': the step can't be 0",
      ],
    ],
    [
      'bad host names',
      'hosts:\n  -a:\n  "b c":\n  root@d:\n  e:22:\n  "fd00::1":\n  10.0.0.256:\n',
      [
        "2:3 invalid-name '-a' is not a host name: it begins with '-'",
        "3:3 invalid-name 'b c' is not a host name: ' ' is not allowed in it",
        "4:3 invalid-name 'root@d' is not a host name: '@' is not allowed in it (user and port go under 'ssh: { user: …, port: … }')",
        "5:3 invalid-name 'e:22' is not a host name: ':' is not allowed in it (user and port go under 'ssh: { user: …, port: … }')",
        "6:3 invalid-name 'fd00::1' is not a host name: ':' is not allowed in it (give the host a name, and write its address under 'address')",
        "7:3 invalid-name '10.0.0.256' is not an IP address",
      ],
    ],
    [
      'an unknown group',
      'groups:\n  webs: { hosts: { a: } }\n  top: { children: [web] }\n  top2: { children: { db: } }\n',
      [
        "3:21 unknown-group there is no group 'web' (did you mean 'webs'?)",
        "4:23 unknown-group there is no group 'db' (to make an empty group, write 'db: {}')",
      ],
    ],
    [
      'a group written out twice',
      'groups:\n  a: { children: { b: { hosts: { h: } } } }\n  b: { hosts: { i: } }\n',
      [
        "3:3 duplicate-group the group 'b' is defined twice (the other is at inv.yml:2:20; to refer to it, write only its name)",
      ],
    ],
    [
      'a cycle of groups',
      'groups:\n  a: { hosts: { h: }, children: [b] }\n  b: { children: [c] }\n  c: { children: [a] }\n  d: { children: [a] }\n',
      ["4:19 group-cycle a group can't contain itself: a > b > c > a"],
    ],
    [
      'a group that contains itself',
      'groups:\n  a: { hosts: { h: }, children: [a] }\n',
      ["2:34 group-cycle a group can't contain itself: a > a"],
    ],
    [
      'a host and a group with one name',
      'groups: { web: { hosts: { web: } } }',
      ["1:27 warning ambiguous-name 'web' names a host and a group; a pattern with it means the group"],
    ],
    [
      'values that contradict each other',
      'groups:\n  a: { hosts: { h: { address: 10.0.0.1, vars: { x: 1 } } } }\n  b: { hosts: { h: { address: 10.0.0.2, vars: { x: 2 } } } }\n',
      [
        '3:31 conflicting-values h has two values for address (the other is at inv.yml:2:31)',
        '3:52 conflicting-values h has two values for vars.x (the other is at inv.yml:2:52)',
      ],
    ],
    [
      'bad ssh settings',
      'hosts: { a: }\nssh: { port: 0, user: -x, identity_file: "", proxy_jump: -oX, connect_timeout: 0, keepalive: 5 min, pasword: x }\n',
      [
        '2:14 invalid-value port: 0 is too small: at least 1',
        "2:23 invalid-value user: not a user's name",
        '2:42 invalid-value identity_file: must not be empty',
        "2:58 invalid-value proxy_jump: expected '[user@]host[:port]'",
        "2:80 invalid-value connect_timeout: expected a time above zero: a number of seconds, or a text such as '30s', '5m' or '1h'",
        "2:94 invalid-value keepalive: expected 0 or a time: a number of seconds, or a text such as '30s', '5m' or '1h'",
        "2:101 unknown-key unknown key 'pasword' (known here: user, port, identity_file, known_hosts, proxy_jump, connect_timeout, keepalive)",
      ],
    ],
    [
      'bad overlays',
      'hosts: { a: }\noverlays:\n  9a: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24 }\n  b: { cidr: 10.0.0.1/16, tunnel: ipip, shape: star, subnet_prefix: 0, key: 0, underlay_mtu: 500, mtu: 1 }\n  c: { tunnel: geneve, key: 16777216 }\n  d: 5\n',
      [
        "3:3 invalid-value '9a': an overlay's name begins with a letter and has letters, digits, _ and -",
        "4:14 invalid-value cidr: '10.0.0.1/16' is an address, not a network; the network is 10.0.0.0/16",
        "4:35 invalid-value tunnel: expected 'gre', 'vxlan' or 'geneve', got 'ipip'",
        "4:48 invalid-value shape: expected 'full_mesh', 'hub', 'chain', 'ring' or 'links', got 'star'",
        '4:69 invalid-value subnet_prefix: 0 is too small: at least 1',
        '4:77 invalid-value key: 0 is too small: at least 1',
        '4:94 invalid-value underlay_mtu: 500 is too small: at least 576',
        "4:99 unknown-key unknown key 'mtu' (write 'underlay_mtu': the overlay's own is computed from it)",
        "5:3 missing-key the key 'cidr' is missing (cidr: the range shared by bridges and containers, such as 10.11.12.0/24)",
        "5:3 missing-key the key 'subnet_prefix' is missing (subnet_prefix: the prefix length of each host's container range, such as 28)",
        '5:29 key-out-of-range key: 16777216 is too large for geneve: at most 16777215',
        '6:6 wrong-type d: expected a mapping, got the number 5',
      ],
    ],
    [
      'shapes that contradict themselves or lack a key',
      `hosts: { a: , b: }
overlays:
  a: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, shape: chain, hub: a }
  b: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, shape: hub, links: [[a, b]] }
  c: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, hub: a, links: [[a, b]] }
  d: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, shape: links }
  e: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, links: [[a, b, c], [a], a, [1, b]] }
`,
      [
        "3:66 invalid-value shape: with 'hub' the shape is hub",
        "4:3 missing-key the key 'hub' is missing (hub: the host to which all others are linked)",
        "4:66 invalid-value shape: with 'links' the shape is links",
        "5:64 invalid-value hub: can't be combined with 'links'",
        "5:74 invalid-value links: can't be combined with 'hub'",
        "6:3 missing-key the key 'links' is missing (links: the pairs of hosts that are linked, as [[docker1, docker2], [docker2, docker3]])",
        '7:67 invalid-value links, element 1: too many elements: at most 2',
        '7:78 invalid-value links, element 2: too few elements: at least 2',
        "7:83 wrong-type links, element 3: expected a list, got the string 'a'",
        '7:87 wrong-type links, element 4, element 1: expected a string, got the number 1 (put it in quotes)',
      ],
    ],
    [
      "an unknown key in a host's overlay",
      'hosts: { a: { overlays: { lab: { fixed_cdir: 10.0.0.0/24, bridge_address: 10.0.0.0/24 } } } }',
      [
        "1:34 unknown-key unknown key 'fixed_cdir' (did you mean 'fixed_cidr'?)",
        "1:75 invalid-value bridge_address: '10.0.0.0/24' is the network address of 10.0.0.0/24, not an address in it",
      ],
    ],
    [
      "everything at once, although a part can't be read",
      'hosts:\n  a: { address: 10.0.0.1, foo: 1 }\n  b: { address: 10.0.0.1, ssh: 5 }\ngroups: { g: { children: [x] } }\n',
      [
        "2:27 unknown-key unknown key 'foo' (known here: address, underlay_address, vars, ssh, become, overlays)",
        '3:17 duplicate-address b and a have the same address 10.0.0.1 (a is at inv.yml:2:3)',
        '3:32 wrong-type ssh: expected a mapping or nothing, got the number 5',
        "4:27 unknown-group there is no group 'x' (to make an empty group, write 'x: {}')",
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });
});

describe('files that are not inventories', () => {
  const load = (name: string, content: string | Buffer) => {
    const path = file(name, content);
    const result = loadInventory(path);
    expect(result.value).toBeUndefined();
    return lines(result.diagnostics).map((line) => line.replaceAll(path, 'FILE'));
  };

  it('a missing file', () => {
    expect(lines(loadInventory('/nowhere/inv.yml').diagnostics)).toEqual([
      'file-not-found there is no file /nowhere/inv.yml',
    ]);
  });

  it('a binary file', () => {
    expect(load('inv.yml', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toEqual([
      'file-not-text FILE is not a text file: a NUL byte on line 1 (meshbook reads YAML files in UTF-8)',
    ]);
  });

  it('hosts of an INI inventory without sections', () => {
    expect(load('hosts', 'docker1 ansible_host=192.0.2.11\ndocker2 ansible_host=192.0.2.12\n')).toEqual([
      expect.stringMatching(/^FILE:1:1 ini-inventory this looks like an INI inventory/),
    ]);
  });

  it('a folder, which Ansible would read', () => {
    const folder = join(file('inv.yml', ''), '..');
    expect(lines(loadInventory(folder).diagnostics)).toEqual([
      `file-is-directory ${folder} is a directory, not a file (name the files in it, each with a -i of its own)`,
    ]);
  });

  it('a list of hosts, which Ansible would accept', () => {
    expect(lines(loadInventory('docker1,docker2').diagnostics)).toEqual([
      'file-not-found there is no file docker1,docker2 (a list of hosts is not an inventory; put the hosts into a YAML file)',
    ]);
  });

  it('a program', () => {
    expect(load('inv.py', '#!/usr/bin/env python3\nimport json\nprint(json.dumps({"a": [1]}))\n')).toEqual([
      'FILE:1:1 dynamic-inventory this is a program; meshbook does not run inventories (write the hosts into a YAML file)',
    ]);
  });

  it('an INI inventory', () => {
    expect(load('hosts', 'a ansible_host=1\n[web]\nb\n')).toEqual([
      "FILE:2:1 ini-inventory this looks like an INI inventory; meshbook reads YAML (write 'groups: { NAME: { hosts: { HOST: { address: … } } } }')",
    ]);
  });

  it('syntax errors', () => {
    expect(load('inv.yml', 'hosts:\n\ta: 1\n')).toEqual([
      "FILE:2:1 yaml-tab a tab can't indent YAML (indent with spaces)",
    ]);
  });

  it('duplicate hosts, together with other errors', () => {
    expect(load('inv.yml', 'hosts:\n  a: {}\n  a: { x: 1 }\n  b: { adress: y }\n')).toEqual([
      "FILE:3:3 duplicate-key the key 'a' is here a second time (the first is at FILE:2:3)",
      "FILE:4:8 unknown-key unknown key 'adress' (did you mean 'address'?)",
    ]);
  });
});
