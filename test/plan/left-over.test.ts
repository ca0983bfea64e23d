import { describe, expect, it } from 'vitest';
import { addressChange } from '../../src/changes/address/address.ts';
import type { Change } from '../../src/changes/registry.ts';
import { dockerFact } from '../../src/facts/docker/docker.ts';
import { dropInPath } from '../../src/facts/docker/files.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact } from '../../src/facts/file.ts';
import { type Interface, interfacesFact } from '../../src/facts/interfaces.ts';
import { type OvsBridge, ovsFact } from '../../src/facts/ovs/ovs.ts';
import type { ResolvedHost } from '../../src/model/resolved.ts';
import { givenAddresses } from '../../src/plan/given.ts';
import { changesOf } from '../../src/plan/host-plan.ts';
import { leftOverQueries, leftOversOf } from '../../src/plan/left-over.ts';
import type { RunInForce } from '../../src/plan/owner.ts';
import { planHost } from '../../src/plan/plan-host.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import { resolved } from '../resolve/play.ts';
import { file, text } from './files.ts';

const bridge: Interface = {
  name: 'newbridge',
  kind: 'bridge',
  mac: '02:00:00:00:00:0a',
  mtu: 1500,
  up: true,
  addresses: ['10.0.0.1/24'],
};
const stanza = '/etc/network/interfaces.d/newbridge';
const makeBridge: Change[] = [
  { type: 'link', link: 'newbridge', before: null, after: { mac: '02:00:00:00:00:0a', up: true } },
  addressChange('newbridge', '10.0.0.1/24', 'present'),
  file(stanza, null, 'iface newbridge inet manual\n'),
];
const emptyDaemon = { argv: [], liveRestore: false, networks: [], containers: [] };
const idle = { installed: true, active: 'active', enabled: true, units: [], environment: [] };
const nothing = new Facts()
  .with(interfacesFact, [])
  .with(fileFact(stanza), null)
  .with(ovsFact, { bridges: {} })
  .with(dockerFact, { ...idle, daemon: null });
const made = nothing
  .with(interfacesFact, [bridge])
  .with(fileFact(stanza), text('iface newbridge inet manual\n'));

/** A run that made these changes on a host with these facts; the oldest is R1. */
function ran(run: string, before: Facts, changes: readonly Change[], playbook = '/p/mesh.yml'): RunInForce {
  const staged = changes.map((change, i) => ({ id: `${i + 1}`, change }));
  const kept = recordStage({ changes: staged, settles: [] }, before);
  return {
    run,
    at: '2026-01-02T03:04:05.678Z',
    user: 'root',
    playbook,
    kept: JSON.parse(JSON.stringify(kept)),
  };
}

type Steps = (readonly [kind: string, params: object])[];

function host(...steps: Steps): ResolvedHost {
  return {
    host: { name: 'docker1' },
    overlays: new Map(),
    steps: steps.map(([kind, params]) => ({ step: { kind }, name: kind, params })),
  } as unknown as ResolvedHost;
}

const R1 = ran('R1', nothing, makeBridge);
const renamed = host(['linux_bridge', { name: 'meshbr' }], ['interfaces_file', { bridge: 'meshbr' }]);
const found = (facts: Facts, runs = [R1], on = renamed) =>
  leftOversOf({ host: on, runs, playbook: '/p/mesh.yml' }, facts).map(({ part, removal, stays }) => [
    part,
    stays ?? removal,
  ]);
const bridgeGoes = [
  'link newbridge',
  { kind: 'linux_bridge', params: { name: 'newbridge', state: 'absent' } },
];
const fileGoes = [`file ${stanza}`, { kind: 'file', params: { path: stanza, state: 'absent' } }];

describe('what is left over', () => {
  it('of a renamed bridge: the bridge with its address, and then its file', () => {
    expect(found(made)).toEqual([fileGoes, bridgeGoes]);
  });

  it('is nothing while steps name it, nor once it is gone', () => {
    const named = host(['linux_bridge', { name: 'newbridge' }], ['interfaces_file', { bridge: 'newbridge' }]);
    expect(found(made, [R1], named)).toEqual([]);
    expect(found(nothing)).toEqual([]);
  });

  it('is not what the playbook found there', () => {
    const changed = ran('R1', made, [file(stanza, 'iface newbridge inet manual\n', 'mine\n')]);
    expect(found(made.with(fileFact(stanza), text('mine\n')), [changed])).toEqual([]);
  });

  it("is not another playbook's, nor what that one has taken over", () => {
    expect(found(made, [ran('R1', nothing, makeBridge, '/p/other.yml')])).toEqual([]);
    const over = ran('R2', made, [file(stanza, 'iface newbridge inet manual\n', 'theirs\n')], '/p/other.yml');
    expect(found(made.with(fileFact(stanza), text('theirs\n')), [R1, over])).toEqual([bridgeGoes]);
  });

  it('includes what a later run of the playbook has changed', () => {
    const later = ran('R2', made, [file(stanza, 'iface newbridge inet manual\n', 'newer\n')]);
    expect(found(made.with(fileFact(stanza), text('newer\n')), [R1, later])).toEqual([fileGoes, bridgeGoes]);
  });

  it.each<[string, Partial<Interface>, string]>([
    ['an address', { addresses: ['10.0.0.1/24', '192.0.2.1/24'] }, 'address 192.0.2.1/24 on newbridge'],
    ['its MAC', { mac: '02:00:00:00:00:0b' }, 'link newbridge mac'],
  ])('stays with %s that someone has given it since, and so does its file', (_, change, part) => {
    expect(found(made.with(interfacesFact, [{ ...bridge, ...change }]))).toEqual(
      [
        [`file ${stanza}`, 'newbridge stays, and needs it'],
        ['link newbridge', `someone has changed ${part} since`],
      ].sort((a, b) => (a[0] === 'link newbridge' ? -1 : b[0] === 'link newbridge' ? 1 : 0)),
    );
  });

  it("stays with someone else's member", () => {
    const member: Interface = { name: 'eth7', mtu: 1500, up: true, master: 'newbridge', addresses: [] };
    const all = found(made.with(interfacesFact, [bridge, member]));
    expect(all[0]).toEqual(['link newbridge', 'someone has changed link eth7 master since']);
  });

  const network = (name: string) => ({
    name,
    driver: 'bridge',
    options: { 'com.docker.network.bridge.name': 'newbridge' },
  });
  const container = { name: 'web', restart: 'no', autoRemove: false };
  const withDocker = (name: string) =>
    made.with(dockerFact, {
      ...idle,
      daemon: {
        argv: [],
        liveRestore: false,
        networks: [network(name)],
        containers: [{ ...container, networks: [name] }],
      },
    });

  it('stays with a Docker network on it, and names the containers there', () => {
    expect(found(withDocker('shop'))[0]).toEqual([
      'link newbridge',
      "Docker's network shop is on it, with web",
    ]);
    expect(found(withDocker('bridge'))[0]).toEqual(['link newbridge', 'Docker runs on it, with web']);
  });

  it('is removed if a step moves Docker with its containers to another bridge', () => {
    const moving = host(['linux_bridge', { name: 'meshbr' }], ['docker_daemon', { bridge: 'meshbr' }]);
    expect(found(withDocker('bridge'), [R1], moving)).toEqual([fileGoes, bridgeGoes]);
  });

  it('is removed with the options that gave it to Docker, which returns to docker0 with its containers', () => {
    const command = 'ExecStart=/usr/sbin/dockerd --bridge=newbridge --mtu=1462\n';
    const options = ran('R2', made.with(fileFact(dropInPath), null), [file(dropInPath, null, command)]);
    const docker = { ...withDocker('bridge').get(dockerFact), units: [{ path: dropInPath, text: command }] };
    const given = made.with(dockerFact, docker).with(fileFact(dropInPath), text(command));
    expect(found(given, [R1, options])).toEqual([
      [`file ${dropInPath}`, { kind: 'docker_daemon', params: { state: 'absent' } }],
      fileGoes,
      bridgeGoes,
    ]);
    const edited = given.with(fileFact(dropInPath), text(`${command}# mine\n`));
    expect(found(edited, [R1, options]).map(([part, fate]) => `${part}: ${fate}`)).toContain(
      'link newbridge: Docker runs on it, with web',
    );
  });

  it('goes behind a network of ours on it, unless containers are on that', () => {
    const ours = { ...network('mesh'), labels: { meshbook: 'docker_network' } };
    const withMesh = (more: object) => {
      const { daemon, ...docker } = withDocker('mesh').get(dockerFact);
      if (daemon === null) throw new Error('no daemon');
      return made.with(dockerFact, {
        ...docker,
        daemon: { ...daemon, containers: [], networks: [{ ...ours, ...more }] },
      });
    };
    const { name, ...after } = ours;
    const run = ran('R2', made.with(dockerFact, { ...withMesh({}).get(dockerFact), daemon: emptyDaemon }), [
      { type: 'container_network', name, before: null, after },
    ]);
    const networkGoes = [
      'Docker network mesh',
      { kind: 'docker_network', params: { name: 'mesh', state: 'absent' } },
    ];
    expect(found(withMesh({}), [R1, run])).toEqual([networkGoes, fileGoes, bridgeGoes]);
    const used = withMesh({ members: [{ container: 'web', running: true }] });
    expect(found(used, [R1, run])).toEqual(
      expect.arrayContaining([
        ['Docker network mesh', 'someone has changed Docker network mesh container web since'],
        ['link newbridge', "Docker's network mesh is on it"],
      ]),
    );
  });

  it('stays with containers of an unknown Docker', () => {
    const veth: Interface = { name: 'veth1234567', mtu: 1500, up: true, master: 'newbridge', addresses: [] };
    expect(found(made.with(interfacesFact, [bridge, veth]))[0]).toEqual([
      'link newbridge',
      'containers are on it, by veth1234567',
    ]);
  });

  it('is reported without a step if none prunes it', () => {
    const given = made.with(interfacesFact, [{ ...bridge, addresses: [] }]);
    const run = ran('R1', given, [addressChange('newbridge', '10.0.0.1/24', 'present')]);
    expect(found(made, [run])).toEqual([
      ['address 10.0.0.1/24 on newbridge', 'no step can remove this type of object'],
    ]);
  });

  it("is never what brings up the host's own network at boot", () => {
    const uplink = { type: 'uplink', link: 'eth0', bridge: 'br0', before: {}, after: { holder: 'bridge' } };
    const kept = { ...R1.kept, changes: { ...R1.kept.changes, 9: { change: uplink } } };
    const run = { ...R1, kept } as RunInForce;
    expect(found(made, [run])[1]).toEqual([`file ${stanza}`, 'no step can remove this type of object']);
  });

  const tags = (overlay: string) => ({ 'meshbook-overlay': overlay, 'meshbook-peer': 'docker2' });
  const tunnels: Change = {
    type: 'ovsdb',
    bridge: 'ovs0',
    before: null,
    after: { externalIds: { meshbook: 'ovs_bridge' } },
    ports: [{ name: 'lab-docker2', before: null, after: { type: 'gre', externalIds: tags('lab') } }],
  };
  const ovs0: OvsBridge = {
    externalIds: { meshbook: 'ovs_bridge' },
    ports: { ovs0: { type: 'internal' }, 'lab-docker2': { type: 'gre', externalIds: tags('lab') } },
  };
  const R2 = ran('R2', nothing, [tunnels]);
  const withOvs = (one: OvsBridge) => nothing.with(ovsFact, { bridges: { ovs0: one } });

  it('of Open vSwitch is its tunnels, then the bridge, and its marks are read', () => {
    expect(found(withOvs(ovs0), [R2]).map(([part]) => part)).toEqual([
      'OVS port lab-docker2',
      'OVS bridge ovs0',
    ]);
    const asked = leftOverQueries({ host: renamed, runs: [R2], playbook: '/p/mesh.yml' });
    expect(asked.map(({ family }) => family.name)).toContain('ovs');
  });

  it("of Open vSwitch stays with someone else's port", () => {
    const shared = { ...ovs0, ports: { ...ovs0.ports, theirs: { type: 'internal' } } };
    expect(found(withOvs(shared), [R2])).toEqual([
      [
        'OVS port lab-docker2',
        { kind: 'ovs_tunnels', params: { bridge: 'ovs0', overlay: 'lab', state: 'absent' } },
      ],
      ['OVS bridge ovs0', 'someone has changed OVS port theirs since'],
    ]);
  });
});

describe('addresses that runs gave', () => {
  const given = (runs: RunInForce[], ...steps: Steps) =>
    givenAddresses({ host: host(...steps), runs, playbook: '/p/mesh.yml' });
  const address = { link: 'newbridge', address: '10.0.0.1/24' };

  it('are those that no step sets any more', () => {
    expect(given([R1], ['linux_bridge', { name: 'newbridge', address: '10.1.0.1/24' }])).toEqual([address]);
    expect(given([R1], ['linux_bridge', { name: 'newbridge', address: ['10.0.0.1/24'] }])).toEqual([]);
  });

  it('are of runs of the same playbook', () => {
    expect(given([ran('R1', nothing, makeBridge, '/p/other.yml')])).toEqual([]);
  });

  it('are none that a later run has removed: whoever sets it again is someone else', () => {
    const later = ran('R2', made, [addressChange('newbridge', '10.0.0.1/24', 'absent')]);
    expect(given([R1, later])).toEqual([]);
  });
});

it('tunnels of a renamed overlay are taken over, and not left over', () => {
  const playbook = (overlay: string) => `
hosts: all
overlays: { ${overlay}: { cidr: 10.9.0.0/24, tunnel: gre, subnet_prefix: 28 } }
steps:
  - ovs_bridge: { name: ovs0 }
  - ovs_tunnels: { bridge: ovs0, overlay: ${overlay} }
`;
  const of = (overlay: string) => resolved({ playbook: playbook(overlay) }).play.hosts[0] ?? expect.fail();
  const before = nothing;
  const { plan, predicted } = planHost(of('lab'), before);
  const run = ran('R1', before, changesOf(plan));
  const question = (host: ResolvedHost) => ({ host, runs: [run], playbook: '/p/mesh.yml' });
  const parts = (host: ResolvedHost) => leftOversOf(question(host), predicted).map(({ part }) => part);
  expect(parts(of('lab'))).toEqual([]);
  expect(parts(of('fabric'))).toEqual([]);
  // Without a step that takes them over, they are.
  const bridgeAlone = of('fabric');
  const alone = { ...bridgeAlone, steps: bridgeAlone.steps.slice(0, 1) };
  expect(parts(alone)).toEqual(['OVS port lab-b']);
  // Docker has nothing to do with them, so it is not asked.
  const unasked = predicted.without(dockerFact, 'docker was not read');
  expect(leftOversOf(question(alone), unasked)).toMatchObject([
    { part: 'OVS port lab-b', removal: { kind: 'ovs_tunnels' } },
  ]);
});
