import { describe, expect, it } from 'vitest';
import { parseInventory } from '../../../src/model/inventory/inventory.ts';
import type { Inventory } from '../../../src/model/types.ts';
import { lines } from '../../diagnostics/lines.ts';
import { document } from '../../source/document.ts';

function draft(...texts: readonly string[]) {
  return parseInventory(...texts.map((text, i) => document(text, `/inv/${i + 1}/inv.yml`)));
}

function united(...texts: readonly string[]): Inventory {
  const { value, diagnostics } = draft(...texts);
  expect(lines(diagnostics)).toEqual([]);
  if (value === undefined) throw new Error('no inventory, and no reason either');
  return value;
}

function problems(...texts: readonly string[]): string[] {
  const { value, diagnostics } = draft(...texts);
  expect(value).toBeUndefined();
  return lines(diagnostics);
}

describe('several inventories', () => {
  it('merges hosts and groups, in the order of the files', () => {
    const { path, morePaths, hosts, groups } = united(
      'groups: { web: { hosts: { b: { address: 192.0.2.2 } } } }\nhosts: { z: { address: 192.0.2.9 } }',
      'groups: { web: { hosts: { a: { address: 192.0.2.1 }, b: } }, site: { children: [web] } }',
      '# nothing\n',
    );
    expect([path, morePaths]).toEqual(['/inv/1/inv.yml', ['/inv/2/inv.yml', '/inv/3/inv.yml']]);
    expect([...hosts.keys()]).toEqual(['b', 'z', 'a']);
    expect([...groups.values()].map(({ name, hosts: members }) => [name, members])).toEqual([
      ['all', ['b', 'z', 'a']],
      ['web', ['b', 'a']],
      ['site', ['b', 'a']],
    ]);
    expect(hosts.get('b')?.groups).toEqual(['all', 'site', 'web']);
  });

  // Compared with what ansible-inventory 2.14 makes of two sources.
  it('prefers the later file for the same host, group or inventory', () => {
    const one = `vars: { top: 1, only: 1, depth: top }
become: false
groups: { web: { vars: { group: 1, depth: 1 }, hosts: { a: { address: 192.0.2.1, vars: { own: 1, kept: 1 }, ssh: { user: x, port: 22 } } } } }`;
    const two = `vars: { top: 2 }
become: true
groups: { web: { vars: { group: 2 } }, site: { vars: { depth: 2 }, children: [web] } }
hosts: { a: { address: 192.0.2.7, vars: { own: 2 }, ssh: { port: 2222 } } }`;
    const a = united(one, two).hosts.get('a');
    expect(a).toMatchObject({ address: '192.0.2.7', become: true, ssh: { user: 'x', port: 2222 } });
    // A deeper group wins, whatever the order of the files.
    expect(a?.vars).toEqual({ top: 2, only: 1, group: 2, depth: 1, own: 2, kept: 1 });
    const placeOf = (name: string) => a?.varsAt([name]).source.path;
    expect(['top', 'only', 'group', 'depth', 'own', 'kept'].map(placeOf)).toEqual(
      [2, 1, 2, 1, 2, 1].map((file) => `/inv/${file}/inv.yml`),
    );
    expect(united(two, one).hosts.get('a')).toMatchObject({
      address: '192.0.2.1',
      vars: { own: 1, group: 1 },
    });
  });

  it('resolves paths relative to the file that contains them', () => {
    const hosts = united(
      'ssh: { identity_file: key }\nhosts: { a: { address: 192.0.2.1 } }',
      'groups: { web: { ssh: { known_hosts: known }, hosts: { a: } } }',
      'hosts: { b: { address: 192.0.2.2, ssh: { identity_file: own } } }',
    ).hosts;
    expect(hosts.get('a')?.ssh).toEqual({ identityFiles: ['/inv/1/key'], knownHosts: ['/inv/2/known'] });
    expect(hosts.get('b')?.ssh).toEqual({ identityFiles: ['/inv/3/own'] });
  });

  const lab = (cidr: string) => `overlays: { lab: { cidr: ${cidr}, tunnel: gre, subnet_prefix: 28 } }\n`;

  it('accepts an overlay in several files if the definitions are equal', () => {
    const { overlays } = united(
      `${lab('10.0.0.0/24')}hosts: { a: { address: 192.0.2.1 } }`,
      lab('10.0.0.0/24'),
    );
    expect([...overlays.keys()]).toEqual(['lab']);
  });

  it('reports different overlays of one name, with both places', () => {
    expect(problems(`${lab('10.0.0.0/24')}hosts: { a: { address: 192.0.2.1 } }`, lab('10.9.0.0/24'))).toEqual(
      [
        "/inv/2/inv.yml:1:13 duplicate-overlay the overlay 'lab' is in two inventories that differ (keep one of them; the other is at /inv/1/inv.yml:1:13)",
      ],
    );
  });

  it('reports an error of a single file with that file', () => {
    expect(
      problems(
        'groups: { web: { hosts: { a: { adress: 192.0.2.1 } } } }',
        'groups: { web: { hosts: { a: { address: 192.0.2.1 } } }, x: { children: { web: { hosts: { c: } } } } }\nhosts: { a: { address: 192.0.2.9 } }',
      ),
    ).toEqual([
      "/inv/1/inv.yml:1:32 unknown-key unknown key 'adress' (did you mean 'address'?)",
      "/inv/2/inv.yml:1:75 duplicate-group the group 'web' is defined twice (the other is at /inv/2/inv.yml:1:11; to refer to it, write only its name)",
      '/inv/2/inv.yml:2:24 conflicting-values a has two values for address (the other is at /inv/2/inv.yml:1:41)',
    ]);
  });

  it('finds a cycle of groups across two files', () => {
    expect(
      problems(
        'groups: { a: { children: [b], hosts: { h: { address: 192.0.2.1 } } }, b: {} }',
        'groups: { b: { children: [a] } }',
      ),
    ).toEqual([expect.stringMatching(/^\/inv\/\d\/inv.yml:1:27 group-cycle a group can't contain itself/)]);
  });

  it('refuses hosts of different files with one address', () => {
    expect(problems('hosts: { a: { address: 192.0.2.1 } }', 'hosts: { b: { address: 192.0.2.1 } }')).toEqual([
      expect.stringMatching(/^\/inv\/2\/inv.yml:1:24 duplicate-address .*\/inv\/1\/inv.yml/),
    ]);
  });
});
