import { describe, expect, it } from 'vitest';
import { expectExit, on, stateDir, write } from './cli.ts';

const playbook = `hosts: docker1
steps:
  - linux_bridge: { name: dead0 }
  - ovs_bridge: { name: dead1, datapath: netdev }
`;

describe.skipIf(stateDir === '').sequential('a host whose ovs-vswitchd is dead', { timeout: 240_000 }, () => {
  it('is left as it was, soon and for certain', async () => {
    const path = write('dead.yml', playbook);
    await on('docker1', 'ovs-appctl -t ovs-vswitchd exit; sleep 1; ovs-vsctl --timeout=5 --no-wait list-br');
    try {
      const { stdout, stderr } = await expectExit(4, 'apply', '--yes', path);
      expect(stdout + stderr).toContain('ovs-vswitchd does not answer: systemctl status ovs-vswitchd');
      expect(
        await on('docker1', 'ovs-vsctl --timeout=5 list-br; ip -br link show dead0 2>/dev/null || :'),
      ).toBe('br-phy');
    } finally {
      await on('docker1', 'systemctl restart openvswitch-switch lab-underlay');
    }
  });

  it('is undone all the same when the daemon dies after the run', async () => {
    await expectExit(0, 'apply', '--yes', write('dead.yml', playbook));
    await on('docker1', 'ovs-appctl -t ovs-vswitchd exit; sleep 1; ovs-vsctl --timeout=5 --no-wait list-br');
    try {
      await expectExit(0, 'undo', '--last', '--yes');
    } finally {
      await on('docker1', 'systemctl restart openvswitch-switch lab-underlay');
    }
    expect(
      await on('docker1', 'ovs-vsctl --timeout=5 list-br; ip -br link show dead0 2>/dev/null || :'),
    ).toBe('br-phy');
  });
});
