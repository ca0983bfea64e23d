import { describe, expect, it } from 'vitest';
import { expectAsBefore, expectExit, on, plannedChanges, snapshots, stateDir, write } from './cli.ts';

const playbook = `name: A service of one's own
hosts: docker1
steps:
  - file:
      path: /etc/systemd/system/meshbook-lab.service
      content: |
        [Service]
        ExecStart=/bin/sleep infinity
        [Install]
        WantedBy=multi-user.target
  - service: { name: meshbook-lab, state: started, enabled: true }
`;

describe
  .skipIf(stateDir === '')
  .sequential('a unit that an earlier step writes', { timeout: 240_000 }, () => {
    it('is enabled and started in the same run, and gone after the undo', async () => {
      const path = write('unit.yml', playbook);
      const before = await snapshots(['docker1']);
      expect(await plannedChanges(path)).toEqual([
        'docker1: create file /etc/systemd/system/meshbook-lab.service',
        'docker1: update unit meshbook-lab.service',
      ]);
      await expectExit(0, 'apply', '--yes', path);
      const state = 'systemctl is-active meshbook-lab; systemctl is-enabled meshbook-lab';
      expect(await on('docker1', state)).toBe('active\nenabled');
      expect(await plannedChanges(path)).toEqual([]);
      await expectExit(0, 'undo', '--last', '--yes');
      const units =
        'systemctl list-unit-files meshbook-lab.service --no-legend || :; pgrep -f "[s]leep infinity" || :';
      expect(await on('docker1', units)).toBe('');
      await expectAsBefore(before);
    });
  });
