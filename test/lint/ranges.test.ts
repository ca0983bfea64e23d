import { expect, it } from 'vitest';
import { lines } from '../diagnostics/lines.ts';
import { resolveText } from '../resolve/play.ts';

const hosts = (n: number, fixed: (i: number) => string) =>
  `hosts:\n${Array.from({ length: n }, (_, i) => `  h${i}: { address: 192.0.${i >> 8}.${i & 255}, vars: { fixed: ${fixed(i)} } }`).join('\n')}\n`;
const playbook = `hosts: all
overlays: { lab: { cidr: 10.0.0.0/8, tunnel: gre, subnet_prefix: 24, bridge_range: 10.0.0.0/20 } }
steps:
  - ovs_bridge: { name: br0 }
  - ovs_tunnels: { bridge: br0, overlay: lab }
  - linux_bridge: { name: newbridge, address: "{{ overlay.lab.bridge_address }}", members: [br0] }
  - docker_daemon: { bridge: newbridge, fixed_cidr: "{{ fixed }}", mtu: 1400 }
`;
const said = (inventory: string) =>
  lines(resolveText({ inventory, playbook }).diagnostics).map((line) => line.replace('pb.yml:', ''));

it('compares hand-written container ranges with those of all other hosts', () => {
  expect(said(hosts(3, (i) => `10.2.${i === 2 ? 1 : i}.0/24`))).toEqual([
    "7:53 fixed-cidr-overlap Docker on 'h2' gives containers 10.2.1.0/24 of overlay 'lab', and Docker on 'h1' 10.2.1.0/24 (give each host a fixed_cidr of its own, as {{ overlay.NAME.fixed_cidr }} is)",
  ]);
});

it("compares hand-written container ranges with the addresses of other hosts' bridges", () => {
  expect(said(hosts(2, (i) => (i === 0 ? '10.0.0.0/24' : '10.2.1.0/24')))).toEqual([
    expect.stringContaining("bridge-address-in-range Docker on 'h0' gives containers 10.0.0.0/24"),
  ]);
});

it('allows equal ranges in different networks', () => {
  const alone = playbook.replace('members: [br0]', 'members: []');
  const inventory = hosts(3, () => '10.0.0.0/24');
  expect(resolveText({ inventory, playbook: alone }).diagnostics).toEqual([]);
});

it('its cost is near-linear in the number of hosts', () => {
  const inventory = hosts(400, (i) => `10.${2 + (i >> 8)}.${i & 255}.0/24`);
  expect(said(inventory)).toEqual([]);
});

it("counts docker0's own address if a step makes docker0 part of an overlay", () => {
  const joined = playbook
    .replace('name: newbridge, address: "{{ overlay.lab.bridge_address }}"', 'name: docker0')
    .replace(/docker_daemon: .*/, 'docker_daemon: { bip: 10.3.0.1/16 }');
  const inventory = hosts(2, () => '10.0.0.0/24');
  expect(lines(resolveText({ inventory, playbook: joined }).diagnostics)).toEqual([
    "pb.yml:7:27 bridge-address-duplicate bridges of 'h0' and 'h1' on overlay 'lab' have one address 10.3.0.1",
  ]);
});
