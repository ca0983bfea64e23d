import { expect, it } from 'vitest';
import { resolveText } from '../resolve/play.ts';

/** The messages about these steps, without the code. */
function said(...steps: string[]): string[] {
  const playbook = `hosts: a\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
  const { diagnostics } = resolveText({ playbook });
  expect(diagnostics.filter(({ code }) => code !== 'two-owners')).toEqual([]);
  return diagnostics.map(({ message }) => message);
}

it.each<[string, string[], string[]]>([
  [
    'one bridge with two types',
    ['linux_bridge: { name: br0 }', 'ovs_bridge: { name: br0 }'],
    ['the bridge br0 is described by two steps'],
  ],
  [
    'a bridge that is both present and absent',
    ['linux_bridge: { name: br0, state: absent }', 'linux_bridge: { name: br0 }'],
    ['the bridge br0 is described by two steps, with different state'],
  ],
  [
    'a bridge may be in a bridge_uplink step and in the boot configuration',
    [
      'bridge_uplink: { interface: eth0, bridge: br0 }',
      'linux_bridge: { name: br0, members: [eth0] }',
      'interfaces_file: { bridge: br0, members: [eth0] }',
    ],
    [],
  ],
  [
    'lists of two steps are merged',
    ['service: { name: ssh, state: started }', 'service: { name: ssh.service, enabled: true }'],
    [],
  ],
  [
    'a unit that is both running and stopped',
    ['service: { name: ssh, state: started }', 'service: { name: ssh, state: stopped }'],
    ['the service ssh.service is described by two steps, with different state'],
  ],
  [
    'a file that another step keeps for Docker',
    [
      'file: { path: /etc/systemd/system/docker.service.d/zz-meshbook.conf, content: x }',
      'docker_daemon: { icc: false }',
    ],
    ['the file /etc/systemd/system/docker.service.d/zz-meshbook.conf is what a docker_daemon step writes'],
  ],
  [
    'a file that another step keeps for a kernel parameter',
    [
      'sysctl: { name: net.ipv4.ip_forward, value: 1 }',
      'file: { path: /etc/sysctl.d/60-meshbook-net.ipv4.ip_forward.conf, content: x }',
    ],
    ['the file /etc/sysctl.d/60-meshbook-net.ipv4.ip_forward.conf is what a sysctl step writes'],
  ],
])('%s', (_, steps, expected) => {
  expect(said(...steps)).toEqual(expected);
});
