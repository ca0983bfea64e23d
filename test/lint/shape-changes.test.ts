import { describe, expect, it } from 'vitest';
import { Facts } from '../../src/facts/fact.ts';
import { type OvsBridge, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { overlayTag, peerTag } from '../../src/facts/ovs/tags.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import { resolved } from '../resolve/play.ts';

const inventory =
  'hosts:\n  h1: { address: 192.0.2.1 }\n  h2: { address: 192.0.2.2 }\n  h3: { address: 192.0.2.3 }\n';

/** Whether it warns of a loop when hosts 1 to 3, with ports to these peers, get that shape. */
function warned(
  shape: string,
  peers: readonly (readonly number[])[],
  { isProtected = false, ...bridge }: Partial<OvsBridge> & { isProtected?: boolean } = {},
): boolean {
  const playbook = `hosts: all
overlays: { lab: { cidr: 10.0.0.0/16, tunnel: gre, subnet_prefix: 24, shape: ${shape} } }
steps:
  - ovs_bridge: { name: br0 }
  - ovs_tunnels: { bridge: br0, overlay: lab }
`;
  const { hosts } = resolved({ inventory, playbook }).play;
  const known = hosts.map((host, i) => {
    const ports = (peers[i] ?? []).map((peer) => [
      `lab-h${peer}`,
      {
        type: 'gre',
        options: { remote_ip: `192.0.2.${peer}` },
        externalIds: { [overlayTag]: 'lab', [peerTag]: `h${peer}` },
        ...(isProtected ? { protected: true } : {}),
      },
    ]);
    const br0 = { ...bridge, ports: { br0: { type: 'internal' }, ...Object.fromEntries(ports) } };
    return { resolved: host, facts: new Facts().with(ovsFact, { bridges: { br0 } }) };
  });
  return planHosts(known).diagnostics.some(({ code }) => code === 'loop-while-changing');
}

const chain = [[2], [1, 3], [2]];
const hubAt3 = [[3], [3], [1, 2]];
const mesh = [
  [2, 3],
  [1, 3],
  [1, 2],
];

describe('a change of shape', () => {
  it('warns if old and new links form a loop', () => {
    expect(warned('chain', hubAt3)).toBe(true);
    expect(warned('hub, hub: h3', chain)).toBe(true);
  });

  it('gives no warning if nothing changes, or if links are only added or only removed', () => {
    expect(warned('chain', chain)).toBe(false);
    expect(warned('chain', [])).toBe(false);
    expect(warned('chain', [[2], [1], []])).toBe(false);
    expect(warned('ring', [])).toBe(false);
  });

  it('gives no warning if the new shape has RSTP', () => {
    expect(warned('ring', chain)).toBe(false);
    expect(warned('ring', hubAt3)).toBe(false);
    expect(warned('ring', mesh, { rstp: true })).toBe(false);
    expect(warned('chain', mesh, { rstp: true })).toBe(true);
  });

  it('ignores links with one end', () => {
    expect(warned('chain', [[], [3], [1, 2]])).toBe(false);
    expect(warned('chain', [[3], [], [1, 2]])).toBe(true);
  });
});

it('ignores a full mesh: its ports are protected before and after', () => {
  expect(warned('full_mesh', chain)).toBe(false);
  expect(warned('chain', mesh, { isProtected: true })).toBe(false);
  expect(warned('chain', mesh)).toBe(true);
});
