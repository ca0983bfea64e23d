import { expect, it } from 'vitest';
import { writeFile } from '../../../src/changes/file/file.ts';
import { predictAll } from '../../../src/changes/registry.ts';
import type { Facts } from '../../../src/facts/fact.ts';
import type { Edit } from '../../../src/persistence/backend.ts';
import { ifupdown } from '../../../src/persistence/ifupdown/backend.ts';
import { ifupdownHost } from '../hosts.ts';

const main = '/etc/network/interfaces';
const uplink = { link: 'eth0', bridge: 'br-lan', type: 'linux', mac: '02:00:00:00:00:11' } as const;
const bridge = {
  name: 'br-lan',
  type: 'linux',
  addresses: [],
  members: [],
  mac: uplink.mac,
  stp: false,
} as const;
const host = ifupdownHost({
  [main]: `source ${main}.d/*\n`,
  [`${main}.d/eth0`]: null,
  [`${main}.d/br-lan`]: null,
});

function messages(edit: Edit): string[] {
  return 'obstacles' in edit ? edit.obstacles.map(({ message }) => message) : [];
}

function afterFile(path: string, content: string): Facts {
  const change = writeFile(path, null, { content });
  return change === undefined ? expect.fail('no change') : predictAll([change], host);
}

it('an uplink that an earlier step declares can be moved', () => {
  expect(messages(ifupdown.uplink.into(uplink, host))).toEqual([
    'no file of ifupdown declares eth0: another network manager may bring it up',
  ]);
  const declared = afterFile(`${main}.d/eth0`, 'iface eth0 inet static\n  address 192.0.2.1/24\n');
  expect(messages(ifupdown.uplink.into(uplink, declared))).toEqual([]);
});

it('a bridge that an earlier step has declared is declared already', () => {
  expect(messages(ifupdown.write(bridge, host))).toEqual([]);
  const declared = afterFile(`${main}.d/eth0`, 'iface eth0 inet static\n  address 192.0.2.1/24\n');
  const edit = ifupdown.uplink.into(uplink, declared);
  const moved = 'changes' in edit ? predictAll(edit.changes, declared) : expect.fail('it was not moved');
  expect(messages(ifupdown.write(bridge, moved))).toEqual([`${main}.d/eth0 declares br-lan already`]);
});
