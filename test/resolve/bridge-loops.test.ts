import { describe, expect, it } from 'vitest';
import { problems, resolved } from './play.ts';

const count = (hosts: number) =>
  `hosts: { ${Array.from({ length: hosts }, (_, i) => `h${i + 1}: { address: 192.0.2.${i + 1} }`).join(', ')} }`;

/** A playbook with these overlays (key and range by position) and steps. */
const playbook = (overlays: readonly string[], steps: readonly string[]) => `hosts: all
overlays:
${overlays.map((text, i) => `  ${'abc'[i]}: { cidr: 10.${i}.0.0/16, tunnel: gre, key: ${i + 1}, subnet_prefix: 24, ${text} }`).join('\n')}
steps:
${steps.map((step) => `  - ${step}`).join('\n')}
`;
const tunnels = (overlay: string, bridge: string, more = '') =>
  `{ ovs_tunnels: { bridge: ${bridge}, overlay: ${overlay} }${more} }`;

describe('two overlays', () => {
  it('on one bridge that link the same hosts are a loop', () => {
    const text = playbook(['shape: chain', 'shape: chain'], [tunnels('a', 'br0'), tunnels('b', 'br0')]);
    expect(problems({ inventory: count(2), playbook: text })).toEqual([
      "7:44 bridge-loop overlay 'b' makes a loop: it joins br0 on 'h1' and br0 on 'h2', which are joined already, by overlay 'a' (give each overlay its own bridges, or make one overlay with the links you want)",
    ]);
  });

  it('on separate bridges are not, until a Linux bridge joins the two on two hosts', () => {
    const apart = [tunnels('a', 'br0'), tunnels('b', 'br1')];
    const overlays = ['shape: chain', 'shape: full_mesh'];
    const { play } = resolved({ inventory: count(3), playbook: playbook(overlays, apart) });
    expect(play.hosts).toHaveLength(3);
    const bridge = '{ linux_bridge: { name: newbridge, members: [br0, br1] }, hosts: "h1:h2" }';
    const file = '{ interfaces_file: { bridge: newbridge, members: [br0, br1] }, hosts: "h1:h2" }';
    const text = playbook(overlays, [...apart, bridge, file]);
    expect(problems({ inventory: count(3), playbook: text })).toEqual([
      expect.stringMatching(
        /^7:44 bridge-loop overlay 'b' makes a loop: it joins br1 on 'h1' and br1 on 'h2', which are joined already, by bridge 'newbridge' and overlay 'a'/,
      ),
    ]);
    expect(resolved({ inventory: count(3), playbook: text, limit: 'h1' }).play.hosts).toHaveLength(1);
  });

  it('may be chained', () => {
    const overlays = ['links: [[h1, h2]], hosts: "h1:h2"', 'links: [[h2, h3]], hosts: "h2:h3"'];
    const steps = [tunnels('a', 'br0', ', hosts: "h1:h2"'), tunnels('b', 'br0', ', hosts: "h2:h3"')];
    const { play } = resolved({ inventory: count(3), playbook: playbook(overlays, steps) });
    expect(play.hosts).toHaveLength(3);
  });

  it('of which one is removed are not', () => {
    const gone = '{ ovs_tunnels: { bridge: br0, overlay: b, state: absent } }';
    const text = playbook(['shape: chain', 'shape: chain'], [tunnels('a', 'br0'), gone]);
    expect(resolved({ inventory: count(2), playbook: text }).play.hosts).toHaveLength(2);
  });

  it('are a loop if RSTP may act and only one of them protects from loops', () => {
    const text = playbook(['shape: ring', 'shape: chain'], [tunnels('a', 'br0'), tunnels('b', 'br0')]);
    expect(problems({ inventory: count(3), playbook: text })).toEqual([
      expect.stringMatching(/^7:44 bridge-loop overlay 'b' makes a loop: .* already, by overlay 'a'/),
    ]);
  });

  it("with RSTP may share bridges within RSTP's reach", () => {
    const overlays = (size: number) => [
      `shape: ring, hosts: "all[0:${size - 1}]"`,
      `shape: ring, hosts: "all[0]:all[${size}:${2 * size - 2}]"`,
    ];
    const steps = (size: number) => [
      tunnels('a', 'br0', `, hosts: "all[0:${size - 1}]"`),
      tunnels('b', 'br0', `, hosts: "all[0]:all[${size}:${2 * size - 2}]"`),
    ];
    const text = (size: number) => ({
      inventory: count(2 * size - 1),
      playbook: playbook(overlays(size), steps(size)),
    });
    expect(resolved(text(19)).play.hosts).toHaveLength(37);
    expect(problems(text(21))).toEqual([
      expect.stringMatching(
        /^7:44 rstp-too-wide overlay 'a' and overlay 'b' share bridges and together have hosts more than 19 links apart/,
      ),
    ]);
  });
});
