import { expect, it } from 'vitest';
import { lines } from '../diagnostics/lines.ts';
import { resolveText } from '../resolve/play.ts';

const inventory = `hosts:
  h0: { address: 192.0.2.1, vars: { ip: 10.0.0.101, fixed: 10.0.0.32/27 } }
  h1: { address: 192.0.2.2, vars: { ip: 10.0.0.102, fixed: 10.0.0.64/27 } }
`;
const overlay = `overlays: { lab: { cidr: 10.0.0.0/24, tunnel: gre, subnet_prefix: 27, bridge_range: 10.0.0.0/28 } }
steps:
  - ovs_bridge: { name: br0 }
  - ovs_tunnels: { bridge: br0, overlay: lab }
  - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }
  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ fixed }}", mtu: 1400 }
`;
const alone = `steps:
  - linux_bridge: { name: newbridge, address: 10.0.0.1/24 }
`;
const said = (before: string, ...nics: string[]) =>
  lines(
    resolveText({
      inventory,
      playbook: `hosts: all\n${before}${nics.map((nic) => `  - container_nic: { ${nic} }\n`).join('')}`,
    }).diagnostics,
  ).map((line) => line.replace('pb.yml:', ''));
const nic = (address: string, more = '') =>
  `container: web, address: "${address}/24", bridge: newbridge${more}`;

it('compares addresses of containers on all hosts of an overlay', () => {
  expect(said(overlay, nic('{{ ip }}'))).toEqual([]);
  expect(said(overlay, nic('10.0.0.101'))).toEqual([
    "8:47 container-address-duplicate eth1 in container web on 'h0' and eth1 in container web on 'h1' get one address, 10.0.0.101 (give each an address of its own)",
  ]);
});

it("compares them with bridges' addresses and with the ranges that Docker gives out, of other hosts too", () => {
  expect(said(overlay, nic("{{ '10.0.0.2' if host.name == 'h0' else ip }}"))).toEqual([
    expect.stringContaining(
      "container-address-duplicate eth1 in container web on 'h0' and bridge newbridge on 'h1'",
    ),
  ]);
  expect(said(overlay, nic("{{ '10.0.0.70' if host.name == 'h0' else ip }}"))).toEqual([
    expect.stringContaining(
      "container-address-in-range Docker on 'h1' gives containers 10.0.0.64/27, where 10.0.0.70 is",
    ),
  ]);
});

it('allows equal addresses on bridges that no overlay joins, one on each', () => {
  expect(said(alone, nic('10.0.0.5'))).toEqual([]);
  expect(said(alone, nic('10.0.0.5'), nic('10.0.0.5', ', name: eth2'))).toEqual([
    expect.stringContaining(
      "container-address-duplicate eth1 in container web on 'h0' and eth2 in container",
    ),
    expect.stringContaining("on 'h1' and eth2 in container web on 'h1'"),
  ]);
});

it('warns of a step that may restart Docker after an interface was made', () => {
  const docker = '  - docker_daemon: { mtu: 1400 }\n';
  const made = `  - container_nic: { ${nic('10.0.0.5')} }\n`;
  expect(said(alone + docker + made)).toEqual([]);
  expect(said(alone + made + docker)).toEqual([
    '4:5 warning container-before-docker a restart of Docker for a docker_daemon step ends eth1 in container web, which an earlier step makes (put the step behind the docker_daemon step)',
  ]);
});

it('an interface of a container has one owner, and an MTU that its overlay carries', () => {
  expect(said(alone, nic('10.0.0.5'), nic('10.0.0.6'))).toEqual([
    expect.stringContaining(
      'two-owners the interface eth1 in container web is described by two steps, with different address',
    ),
  ]);
  expect(said(overlay, nic('{{ ip }}', ', mtu: 1500'))).toEqual([
    expect.stringContaining(
      "mtu-above-overlay the MTU 1500 is more than the 1462 that overlay 'lab' carries",
    ),
  ]);
});
