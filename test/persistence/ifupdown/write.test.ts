import { expect, it } from 'vitest';
import { Facts } from '../../../src/facts/fact.ts';
import { fileFact } from '../../../src/facts/file.ts';
import { ifupdownFact } from '../../../src/facts/ifupdown/ifupdown.ts';
import { packageFact } from '../../../src/facts/package.ts';
import { ifupdown } from '../../../src/persistence/ifupdown/backend.ts';

const bridge = {
  name: 'br0',
  type: 'linux',
  addresses: [],
  members: [],
  mac: '02:00:00:00:00:01',
  stp: false,
} as const;
const own = '/etc/network/interfaces.d/br0';
const block = '# meshbook: br0 begins\niface br0 inet manual\n# meshbook: br0 ends\n';

/** The paths that a write changes, with what becomes of them, where both a block and a file of its name are there. */
function written(dropIns: 'glob' | null, dropIn: string): string[] {
  const text = (content: string) =>
    ({ kind: 'text', content, mode: '0644', owner: 'root', group: 'root' }) as const;
  const facts = new Facts()
    .with(packageFact('ifupdown'), { installed: '0.8.41', candidate: null })
    .with(ifupdownFact, { declared: [{ name: 'br0', file: own }], dropIns })
    .with(fileFact('/etc/network/interfaces'), text(block))
    .with(fileFact(own), text(dropIn));
  const edit = ifupdown.write(bridge, facts);
  if ('obstacles' in edit) expect.fail(JSON.stringify(edit.obstacles));
  return edit.changes.map(({ path, after }) => `${path} ${after === null ? 'goes' : 'is written'}`);
}

it('a file that would make the bridge a second time goes', () => {
  expect(written('glob', 'iface br0 inet dhcp\n')).toEqual([
    `${own} goes`,
    '/etc/network/interfaces is written',
  ]);
});

it('a file that ifupdown does not read, or that says nothing of the bridge, stays', () => {
  expect(written(null, 'iface br0 inet dhcp\n')).toEqual(['/etc/network/interfaces is written']);
  expect(written('glob', '# br0\n')).toEqual(['/etc/network/interfaces is written']);
});
