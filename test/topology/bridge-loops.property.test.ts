import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allocate } from '../../src/ipam/allocate.ts';
import type { OverlaySpec } from '../../src/model/types.ts';
import { checkBridges, type PlacedJoint } from '../../src/topology/bridge-loops.ts';
import { buildOverlay } from '../../src/topology/build.ts';
import { host, overlay, rangeOf } from '../ipam/fixtures.ts';
import { flood, rstpCloses, type Switch } from './flood.ts';

/** An overlay over some hosts, with the bridge that carries it on each. */
interface Layer {
  readonly shape: 'full_mesh' | 'chain' | 'ring' | 'hub';
  readonly members: readonly { readonly name: string; readonly bridge: string }[];
}

const names = ['docker1', 'docker2', 'docker3', 'docker4', 'docker5'];

const layer: fc.Arbitrary<Layer> = fc.record({
  shape: fc.constantFrom('full_mesh' as const, 'chain' as const, 'ring' as const, 'hub' as const),
  members: fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom(...names),
        bridge: fc.oneof({ weight: 3, arbitrary: fc.constant('br0') }, fc.constant('br1')),
      }),
      { minLength: 2, maxLength: 5, selector: ({ name }) => name },
    )
    .filter((members) => members.length > 1),
});

function jointsOf(layers: readonly Layer[], joined: readonly string[]): PlacedJoint[] {
  const tunnels = layers.flatMap(({ shape, members }, i): PlacedJoint[] => {
    const name = `lab${i}`;
    const first = members[0]?.name ?? '';
    const spec: OverlaySpec = overlay({
      name,
      shape,
      key: i + 1,
      ...(shape === 'hub' ? { hub: first } : {}),
    });
    const hosts = members.map((one) => host(one.name, { underlay: `10.98.0.${one.name.slice(-1)}` }));
    const built = buildOverlay(spec, hosts, allocate(spec, hosts).value ?? { hosts: new Map() }).value;
    return members.map(({ name: at, bridge }) => {
      const seen = built?.get(at) ?? expect.fail(`${at} is not in ${name}`);
      return { host: at, bridge, overlay: name, seen, at: rangeOf(`${name} on ${at}`) };
    });
  });
  const bridges = joined.map((at) => ({
    host: at,
    bridge: 'newbridge',
    members: ['br0', 'br1'],
    at: rangeOf(`newbridge on ${at}`),
  }));
  return [...tunnels, ...bridges];
}

const pointOf = ({ host: name, bridge }: Pick<PlacedJoint, 'host' | 'bridge'>) => `${name} ${bridge}`;

function switchesOf(joints: readonly PlacedJoint[]): Switch[] {
  const ports = new Map<string, { link: string; isProtected: boolean }[]>();
  const withRstp = new Set<string>();
  const add = (point: string, link: string, isProtected = false) =>
    ports.set(point, [...(ports.get(point) ?? []), { link, isProtected }]);
  for (const joint of joints) {
    const point = pointOf(joint);
    for (const peer of joint.seen?.peers ?? [])
      add(
        point,
        [joint.overlay, ...[joint.host, peer.host].sort()].join(' '),
        joint.seen?.protection === 'protected',
      );
    if (joint.seen?.protection === 'rstp') withRstp.add(point);
    for (const member of joint.members ?? []) {
      add(point, `${point} ${member}`);
      add(`${joint.host} ${member}`, `${point} ${member}`);
    }
  }
  return [...ports].map(([name, own]) => ({ name, rstp: withRstp.has(name), ports: own }));
}

/** What is wrong with where a bridge's broadcast arrives; empty if nothing is. */
function faultsOf(joints: readonly PlacedJoint[], ids: readonly number[]): string[] {
  const switches = switchesOf(joints);
  const closed = rstpCloses(switches, new Map(switches.map(({ name }, i) => [name, ids[i] as number])));
  return switches.flatMap(({ name: from }) => {
    const heard = flood(switches, from, closed);
    if (heard === 'storm') return [`${from}: storm`];
    const overlays = joints.filter((joint) => pointOf(joint) === from).map((joint) => joint.overlay);
    const peers = joints.filter((joint) => joint.seen && overlays.includes(joint.overlay)).map(pointOf);
    return [
      ...[...heard]
        .filter(([to, times]) => times > 1 || to === from)
        .map(([to, times]) => `${from} → ${to}: ${times}`),
      ...peers.filter((to) => to !== from && !heard.has(to)).map((to) => `${from} does not reach ${to}`),
    ];
  });
}

// Floods a thousand networks, which takes time on a busy machine.
it('accepts overlays that share bridges if and only if each broadcast arrives once', {
  timeout: 300_000,
}, () => {
  const seen = { usable: 0, together: 0, withRstp: 0, loops: 0 };
  fc.assert(
    fc.property(
      fc.array(layer, { minLength: 1, maxLength: 3 }),
      fc.subarray(names),
      fc.shuffledSubarray([...Array(15).keys()], { minLength: 15 }),
      (layers, joined, ids) => {
        const joints = jointsOf(layers, joined);
        const found = checkBridges(joints);
        const faults = faultsOf(joints, ids);
        const told = found.map(({ message }) => message);
        if (found.length === 0) {
          expect(faults).toEqual([]);
          seen.usable++;
          const points = joints.filter((joint) => joint.seen).map(pointOf);
          if (new Set(points).size < points.length) seen.together++;
          if (layers.length > 1 && layers.some(({ shape }) => shape === 'ring')) seen.withRstp++;
        } else {
          expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['bridge-loop']));
          // Harmless and still refused: three meshes in a triangle, and what RSTP might block where a ring shares
          // bridges with links that don't start discarding.
          const meshes = layers.filter(({ shape }) => shape === 'full_mesh').length;
          const rings = layers.filter(({ shape }) => shape === 'ring').length;
          const mixed = rings > 0 && rings < layers.length;
          if (meshes < 3 && !mixed) expect([told, faults]).not.toEqual([told, []]);
          seen.loops++;
        }
      },
    ),
    { numRuns: 1000 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10);
});
