import { describe, expect, it } from 'vitest';
import { parseInventory } from '../../src/model/inventory/inventory.ts';
import { parsePlaybook } from '../../src/model/playbook/playbook.ts';
import { unreadable } from '../../src/model/schema/draft.ts';
import { errorsIn, type PlayDrafts } from '../../src/resolve/resolve-play.ts';
import { document } from '../source/document.ts';
import { kindNames, twoHosts } from './play.ts';

interface Texts extends Partial<Omit<PlayDrafts, 'inventory' | 'playbook'>> {
  /** Undefined: a file that can't be read. */
  readonly inventory?: string | undefined;
  readonly playbook: string;
}

/** The diagnostics, as code and the text that they point at. */
function mistakes({ inventory, playbook, ...more }: Texts): string[] {
  const drafts: PlayDrafts = {
    inventory: inventory === undefined ? unreadable([]) : parseInventory(document(inventory, 'inv.yml')),
    playbook: parsePlaybook(document(playbook, 'pb.yml'), kindNames),
    leases: { value: new Map(), diagnostics: [] },
    extraVars: { value: {}, diagnostics: [] },
    tags: [],
    skipTags: [],
    ...more,
  };
  return errorsIn(drafts).map(({ code, range }) =>
    range === undefined ? code : `${code} ${range.source.text.slice(range.start, range.end)}`,
  );
}

/** A playbook with one step per line. */
function steps(text: string, head = ''): string {
  return `hosts: all\n${head}\nsteps:\n${text}`;
}

const say = (text: string) => `command: { always: true, run: ${JSON.stringify(text)} }`;

describe('ten errors', () => {
  it('in inventory, overlays, variables and steps are reported at once, in order, and nothing else', () => {
    const inventory = `
groups:
  web:
    hosts:
      a: { address: 192.0.2.1, ssh: { port: 99999 } }
      b: { address: 192.0.2.2, vars: { with-dash: 1 } }
`;
    const playbook = `hosts: all
vars: { wrong: "{{ nowhere }}", right: x, follows: "{{ wrong }}" }
overlays:
  lab: { cidr: 10.11.12.0/27, tunnel: gre, subnet_prefix: 28 }
  wan: { cidr: 10.11.13.0/24, tunnel: vlxan, subnet_prefix: 28 }
steps:
  - comand: { always: true, run: "{{ missing }}" }
  - ovs_bridge: { name: a_name_of_16_char, datapath: "{{ follows }}" }
  - { hosts: wbe, ${say('{{ right }} {{ follows }} {{ overlay.lab.mtu }}')} }
  - sysctl: { name: "{{ missing }}", value: "1" }
  - linux_bridge: { name: br0, address: "{{ overlay.wan.bridge_address }}", mtu: "{{ overlay.lab.mtu }}" }
  - ovs_tunnels: { bridge: br0, overlay: lab }
  - { when: "facts.os.id == 'x' and wrong", file: { path: /etc/motd, sorce: x } }
`;
    expect(mistakes({ inventory, playbook })).toEqual([
      'invalid-value 99999',
      'invalid-value with-dash',
      'undefined-variable nowhere',
      'overlay-too-small 10.11.12.0/27',
      'invalid-value vlxan',
      'unknown-kind comand',
      'invalid-value a_name_of_16_char',
      'unknown-pattern wbe',
      'undefined-variable missing',
      'unknown-key sorce',
    ]);
  });
});

describe('one error does not hide another', () => {
  const lab = 'overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }';
  it.each<[string, Texts, string[]]>([
    [
      'an unknown kind, and an unknown param in another step',
      { playbook: steps('  - { comand: {} }\n  - { sysctl: { name: a.b, value: "1", x: 1 } }\n') },
      ['unknown-kind comand', 'unknown-key x'],
    ],
    [
      'an undefined variable, and an unknown param in the same step',
      { playbook: steps('  - { sysctl: { name: "{{ gone }}", value: "1", x: 1 } }\n') },
      ['undefined-variable gone', 'unknown-key x'],
    ],
    [
      'an undefined variable, and a wrong element of the same list',
      { playbook: steps('  - { package: { name: ["{{ gone }}", 5] } }\n') },
      ['undefined-variable gone', 'wrong-type 5'],
    ],
    [
      'a file that does not exist, and an undefined variable in the same step',
      { playbook: steps('  - { file: { path: "{{ gone }}", source: nowhere.txt } }\n') },
      ['undefined-variable gone', 'file-not-found nowhere.txt'],
    ],
    [
      'a wrong condition, and an unknown param',
      { playbook: steps('  - { when: gone, sysctl: { name: a.b, value: "1", x: 1 } }\n') },
      ['undefined-variable gone', 'unknown-key x'],
    ],
    [
      'a condition on facts, and an unknown param',
      { playbook: steps('  - { when: facts.os.systemd, sysctl: { name: a.b, value: "1", x: 1 } }\n') },
      ['unknown-key x'],
    ],
    [
      'a wrong list, and an unknown param',
      {
        playbook: steps('  - { for_each: "{{ gone }}", sysctl: { name: "{{ item }}", value: "1", x: 1 } }\n'),
      },
      ['undefined-variable gone', 'unknown-key x'],
    ],
    [
      'a wrong element of a list, and a wrong use of another',
      { playbook: steps(`  - { for_each: ["{{ gone }}", x], ${say('{{ item }} {{ never }}')} }\n`) },
      ['undefined-variable gone', 'undefined-variable never'],
    ],
    [
      'a step with a wrong key, and its params',
      { playbook: steps('  - { tags: 5, sysctl: { name: a.b, value: "1", x: 1 } }\n') },
      ['wrong-type 5', 'unknown-key x'],
    ],
    [
      'a host with a wrong key, and a step',
      {
        inventory: 'hosts: { a: { addres: 192.0.2.1 } }',
        playbook: steps(`  - { ${say('{{ gone }}')} }\n`),
      },
      ['unknown-key addres', 'undefined-variable gone'],
    ],
    [
      'a host with a wrong key, and an overlay that is too small for the hosts',
      {
        inventory: 'hosts: { a: { addres: 192.0.2.1 }, b: { address: 192.0.2.2 } }',
        playbook: steps(`  - { ${say('{{ overlay.lab.mtu }}')} }\n`, lab.replace('/24', '/27')),
      },
      ['unknown-key addres', 'overlay-too-small 10.11.12.0/27'],
    ],
    [
      "an overlay that can't be allocated, and a step that uses another",
      {
        inventory: twoHosts,
        playbook: steps(
          `  - { ${say('{{ overlay.lab.mtu }} {{ overlay.wan.nothing }}')} }\n`,
          lab
            .replace('/24', '/27')
            .replace(' } }', ' }, wan: { cidr: 10.2.0.0/16, tunnel: gre, key: 7, subnet_prefix: 24 } }'),
        ),
      },
      ['overlay-too-small 10.11.12.0/27', 'undefined-variable nothing'],
    ],
    [
      "hosts that the playbook doesn't have, and its steps",
      { playbook: steps(`  - { ${say('{{ gone }}')} }\n`).replace('all', 'wbe') },
      ['unknown-pattern wbe', 'undefined-variable gone'],
    ],
    [
      'a limit that matches nothing, and a step',
      { playbook: steps(`  - { ${say('{{ gone }}')} }\n`), limit: 'wbe' },
      ['unknown-pattern', 'undefined-variable gone'],
    ],
    [
      "an inventory that can't be read, and a step",
      { inventory: undefined, playbook: steps('  - { sysctl: { name: a.b, value: "1", x: 1 } }\n') },
      ['unknown-key x'],
    ],
  ])('%s', (_, texts, expected) => {
    expect(mistakes({ inventory: twoHosts, ...texts })).toEqual(expected);
  });
});

describe('an error hides errors that only follow from it', () => {
  const use = (text: string) => steps(`  - { ${say(text)} }\n`);
  const lab = 'overlays: { lab: { cidr: 10.11.12.0/24, tunnel: gre, subnet_prefix: 28 } }';
  it.each<[string, Texts, string]>([
    [
      'a variable’s name that was refused',
      { inventory: `${twoHosts}\nvars: { my-var: 1, ok: 2 }`, playbook: use('{{ my-var }} {{ ok }}') },
      'invalid-value my-var',
    ],
    [
      'a key that may have been `vars`',
      { inventory: `${twoHosts}\nvar: { word: 1 }`, playbook: use('{{ word }}') },
      'unknown-key var',
    ],
    [
      'a host’s name that was refused',
      {
        inventory: 'hosts: { "web[1:": { vars: { word: x } }, b: { address: 192.0.2.2 } }',
        playbook: steps(`  - { hosts: "web2", ${say('{{ word }}')} }\n`),
      },
      'invalid-name "web[1:"',
    ],
    [
      'a group’s child that does not exist',
      {
        inventory: `${twoHosts}\ngroups: { web: { children: [wbe] } }`,
        playbook: steps(`  - { hosts: wbe, ${say('x')} }\n`).replace('all', 'web'),
      },
      'unknown-group wbe',
    ],
    [
      'groups that contain themselves',
      {
        inventory: `${twoHosts}\ngroups: { web: { vars: { word: x }, children: [web] } }`,
        playbook: use('{{ word }}').replace('all', 'web'),
      },
      'group-cycle web',
    ],
    [
      'a host’s address that was refused',
      {
        inventory: 'hosts: { a: { address: [192.0.2.1] }, b: { address: 192.0.2.2 } }',
        playbook: use('{{ overlay.lab.underlay_address }}').replace('\n', `\n${lab}`),
      },
      'wrong-type [192.0.2.1]',
    ],
    [
      'a value of a host for an overlay that was refused',
      {
        inventory: `${twoHosts.replace('.1 }', '.1, overlays: { lab: { fixed_cidr: 10 } } }')}`,
        playbook: use('{{ overlay.lab.fixed_cidr }}').replace('\n', `\n${lab}`),
      },
      'wrong-type 10',
    ],
    [
      'an overlay with a wrong key, used by templates and by kinds',
      {
        playbook: steps(
          `  - { ${say('{{ overlay.lab.mtu }}')} }\n  - ovs_tunnels: { bridge: br, overlay: lab }\n`,
          lab.replace('gre', 'grr'),
        ),
      },
      'invalid-value grr',
    ],
    [
      'an overlay for hosts that do not exist',
      {
        playbook: steps(
          `  - { ${say('{{ overlay.lab.mtu }}')} }\n  - ovs_tunnels: { bridge: br, overlay: lab }\n`,
          lab.replace('subnet', 'hosts: wbe, subnet'),
        ),
      },
      'unknown-pattern wbe',
    ],
    [
      'an overlay that is in both files',
      {
        inventory: `${twoHosts}\n${lab}`,
        playbook: use('{{ overlay.lab.mtu }}').replace('\n', `\n${lab}`),
      },
      'duplicate-overlay lab',
    ],
    [
      'variables that use each other',
      {
        playbook: steps(
          `  - { ${say('{{ a }} {{ a.b }}')} }\n  - { when: a, ${say('{{ b | upper }}')} }\n`,
          'vars: { a: "{{ b }}", b: "{{ a }}" }',
        ),
      },
      'variable-cycle "{{ b }}"',
    ],
    [
      'a refused condition that may have excluded the step with an undefined variable',
      { playbook: steps(`  - { when: "{{ x is defined }}", ${say('{{ x }}')} }\n`) },
      'invalid-value "{{ x is defined }}"',
    ],
    [
      'a refused step, and a tag that only it has',
      { playbook: steps(`  - { tags: [slow], comand: {} }\n  - { ${say('x')} }\n`), tags: ['slow'] },
      'unknown-kind comand',
    ],
    [
      'a step for hosts that do not exist, with variables that some host has',
      {
        inventory: `${twoHosts}\ngroups: { web: { hosts: { c: { vars: { word: x } } } } }`,
        playbook: steps(`  - { hosts: wbe, ${say('{{ word }}')} }\n`),
      },
      'unknown-pattern wbe',
    ],
  ])('%s', (_, texts, expected) => {
    expect(mistakes({ inventory: twoHosts, ...texts })).toEqual([expected]);
  });

  it('without an inventory, names that it may define are not reported', () => {
    const playbook = steps(
      `  - { hosts: web, when: word == 'x', ${say('{{ word }} {{ overlay.lab.mtu }} {{ host.name }}')} }\n  - { for_each: "{{ words }}", ${say('{{ item }}')} }\n`,
    );
    expect(mistakes({ inventory: undefined, playbook })).toEqual([]);
  });

  it("without the command line's variables, undefined ones are not reported", () => {
    const extraVars = {
      diagnostics: [{ severity: 'error', code: 'invalid-extra-vars', message: 'y' }],
    } as const;
    expect(mistakes({ inventory: twoHosts, playbook: use('{{ word }}'), extraVars })).toEqual([
      'invalid-extra-vars',
    ]);
  });
});
