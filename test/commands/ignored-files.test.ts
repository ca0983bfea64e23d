import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadPlay } from '../../src/commands/play/load-play.ts';

it('lists once what Ansible would read beside an inventory or a playbook', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'meshbook-ignored-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of ['one/group_vars', 'play/host_vars']) mkdirSync(join(folder, name), { recursive: true });
  const files = {
    'one/inv.yml': 'hosts: { a: { address: 192.0.2.1 } }',
    'one/more.yml': 'hosts: { b: { address: 192.0.2.2 } }',
    'play/pb.yml': 'hosts: all\nsteps: [{ file: { path: /a, content: x } }]',
    'play/ansible.cfg': '[defaults]\n',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { diagnostics } = await loadPlay(join(folder, 'play/pb.yml'), {
    inventory: [join(folder, 'one/inv.yml'), join(folder, 'one/more.yml')],
    extraVars: [],
    tags: [],
    skipTags: [],
  });
  const told = diagnostics.map(({ severity, code, message, range }) => [
    severity,
    code,
    message.replace(/^.*\/(one|play)\//, '$1/'),
    range?.source.path.slice(folder.length + 1),
  ]);
  expect(told).toEqual([
    ['warning', 'ignored-file', 'one/group_vars, beside inv.yml, is not read', 'one/inv.yml'],
    ['warning', 'ignored-file', 'play/host_vars, beside pb.yml, is not read', 'play/pb.yml'],
    ['warning', 'ignored-file', 'play/ansible.cfg, beside pb.yml, is not read', 'play/pb.yml'],
  ]);
});
