import { describe, expect, it } from 'vitest';
import { expectExit, on, stateDir, write } from './cli.ts';

const playbook = `hosts: docker1
steps:
  - linux_bridge: { name: dead0 }
  - ovs_bridge: { name: dead1, datapath: netdev }
`;

const uplink =
  'hosts: docker1\nsteps: [{ bridge_uplink: { interface: eth0, bridge: dead2, type: ovs, datapath: netdev } }]\n';
const way = 'ip -4 route show dev eth0; cat /etc/network/interfaces.d/eth0';
const kill = 'ovs-appctl -t ovs-vswitchd exit; sleep 1; ovs-vsctl --timeout=5 --no-wait list-br';

describe.skipIf(stateDir === '').sequential('a host whose ovs-vswitchd is dead', { timeout: 240_000 }, () => {
  it.each([
    ['bridges', playbook],
    ['its uplink', uplink],
  ])('is restored, quickly and with a certain result: %s', async (_, text) => {
    const path = write('dead.yml', text);
    const before = await on('docker1', way);
    await on('docker1', kill);
    try {
      const { stdout, stderr } = await expectExit(4, 'apply', '--yes', path);
      expect(stdout + stderr).toContain('ovs-vswitchd does not answer: systemctl status ovs-vswitchd');
      expect(
        await on('docker1', 'ovs-vsctl --timeout=5 list-br; ip -br link show dead0 2>/dev/null || :'),
      ).toBe('br-phy');
      expect(await on('docker1', way)).toBe(before);
    } finally {
      await on('docker1', 'systemctl restart openvswitch-switch lab-underlay');
    }
  });

  it('is undone even if the daemon dies after the run', async () => {
    await expectExit(0, 'apply', '--yes', write('dead.yml', playbook));
    await on('docker1', kill);
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
