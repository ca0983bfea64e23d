import { describe, expect, it } from 'vitest';
import type { Change } from '../../src/changes/registry.ts';
import { differencesOf } from '../../src/drift/differences.ts';
import { extrasOf } from '../../src/drift/extras.ts';
import { driftOf, hasDrifted } from '../../src/drift/host-drift.ts';
import { type Docker, dockerFact } from '../../src/facts/docker/docker.ts';
import type { DockerOptions } from '../../src/facts/docker/options.ts';
import { Facts } from '../../src/facts/fact.ts';
import { fileFact, fileHashFact } from '../../src/facts/file.ts';
import { guardFact } from '../../src/facts/guard.ts';
import { type OvsBridge, ovsFact } from '../../src/facts/ovs/ovs.ts';
import { sysctlFact } from '../../src/facts/sysctl.ts';
import { unitFact } from '../../src/facts/unit.ts';
import type { ResolvedHost } from '../../src/model/resolved.ts';
import type { HostPlan } from '../../src/plan/host-plan.ts';
import type { RunInForce } from '../../src/plan/owner.ts';
import { recordStage } from '../../src/plan/recorded-stage.ts';
import { file, text } from '../plan/files.ts';
import { resolved } from '../resolve/play.ts';

const sysctl = (before: string, after: string): Change => ({ type: 'sysctl', name: 'a.b', before, after });

const a = fileFact('/etc/a');
const planOf = (...changes: Change[]): HostPlan => ({
  host: 'here',
  steps: [{ index: 0, name: 's', kind: 'k', changes, unknowns: [] }],
});

/** A run that made these changes on a host with these facts. */
function ran(run: string, before: Facts, ...changes: Change[]): RunInForce {
  const staged = changes.map((change, i) => ({ id: `${i + 1}`, change }));
  const kept = recordStage({ changes: staged, settles: [] }, before);
  return {
    run,
    at: '2026-01-02T03:04:05.678Z',
    user: 'root',
    playbook: '/p/mesh.yml',
    // As after writing and reading.
    kept: JSON.parse(JSON.stringify(kept)) as RunInForce['kept'],
  };
}

const values = (plan: HostPlan, facts: Facts, ...runs: RunInForce[]) =>
  differencesOf(plan, facts, runs).map(({ step: _, ...rest }) => rest);

describe('the differences of a host', () => {
  const missing = new Facts().with(a, null);
  const R1 = ran('R1', missing, file('/etc/a', null, 'wanted\n'));
  const by = { by: 'run', run: 'R1', at: '2026-01-02T03:04:05.678Z', user: 'root', playbook: '/p/mesh.yml' };

  it('are what someone has changed since a run set it', () => {
    const facts = new Facts().with(a, text('mine\n'));
    expect(values(planOf(file('/etc/a', 'mine\n', 'wanted\n')), facts, R1)).toEqual([
      {
        part: 'file /etc/a',
        wanted: { text: 'wanted\n' },
        found: { text: 'mine\n' },
        owner: { ...by, set: { text: 'wanted\n' } },
      },
    ]);
  });

  it('are one if an object is missing as a whole', () => {
    expect(values(planOf(file('/etc/a', null, 'wanted\n')), missing, R1)).toEqual([
      {
        part: 'file /etc/a',
        wanted: { text: 'wanted\n' },
        found: null,
        owner: { ...by, set: { text: 'wanted\n' } },
      },
    ]);
  });

  it('are separate for each part', () => {
    const other = { ...text('wanted\n'), mode: '0600' };
    const change = { ...file('/etc/a', null, 'wanted\n'), before: other } as Change;
    expect(values(planOf(change), new Facts().with(a, other))).toEqual([
      { part: 'file /etc/a mode', wanted: '0644', found: '0600', owner: { by: 'nobody' } },
    ]);
  });

  it('belong to the newest run that set them', () => {
    const R2 = ran('R2', new Facts().with(a, text('wanted\n')), file('/etc/a', 'wanted\n', 'newer\n'));
    const R3 = ran('R3', new Facts().with(sysctlFact('a.b'), '0'), sysctl('0', '1'));
    const [found] = values(
      planOf(file('/etc/a', 'newer\n', 'newest\n')),
      new Facts().with(a, text('newer\n')),
      R1,
      R2,
      R3,
    );
    expect(found?.owner).toEqual({ ...by, run: 'R2', set: { text: 'newer\n' } });
  });

  it('are reported once, whichever changes concern them', () => {
    const facts = new Facts().with(sysctlFact('a.b'), '0');
    expect(values(planOf(sysctl('0', '1'), sysctl('0', '1')), facts)).toHaveLength(1);
  });

  it('contain no secret', () => {
    const facts = new Facts().with(fileHashFact('/etc/a'), {
      ...text('x'),
      kind: 'opaque',
      sha256: 'old',
      content: undefined,
    } as never);
    const change = file('/etc/a', null, 'hunter2\n', {
      secret: true,
      before: { ...text(''), kind: 'opaque', sha256: 'old' },
    });
    expect(JSON.stringify(values(planOf(change), facts))).not.toContain('hunter2');
  });

  it('of changes without parts are reported as a whole', () => {
    const run: Change = {
      type: 'run',
      command: 'make it so',
      timeout: 10,
      guard: { command: 'false', wants: 'success' },
    } as never;
    const packages: Change = {
      type: 'package',
      packages: [{ name: 'ovs', before: { installed: null, candidate: '3.1' } }],
      after: 'installed',
    } as never;
    expect(values(planOf(run, packages), new Facts())).toEqual([
      { part: 'command make it so', wanted: 'done', found: 'not done', owner: { by: 'nobody' } },
      { part: 'package ovs', wanted: 'ovs 3.1', found: null, owner: { by: 'nobody' } },
    ]);
  });

  it('are only what is known to differ, in a step whose answer is unknown', () => {
    const run = { type: 'run', command: 'x', timeout: 10, guard: { unless: 'y' } } as Change;
    // An earlier step's possible effect on a unit makes a later need unknown.
    const unit = { type: 'unit', unit: 'x.service', before: null, after: { active: true } } as Change;
    const facts = new Facts()
      .with(a, text('mine\n'))
      .with(unitFact('x.service'), { file: 'enabled', active: 'active' } as never);
    const plan = planOf(run, unit, file('/etc/a', 'mine\n', 'wanted\n'));
    const steps = plan.steps.map((step) => ({ ...step, unknowns: ['the host decides'] }));
    expect(values({ ...plan, steps }, facts).map(({ part }) => part)).toEqual(['file /etc/a']);
    const none = new Facts();
    expect(values({ ...plan, steps }, none)).toEqual([]);
  });

  it('do not include a guarded command if an earlier step would change it first', () => {
    const { play } = resolved({
      playbook:
        'hosts: all\nsteps:\n  - file: { path: /etc/a, content: wanted }\n  - command: { run: x, unless: y }\n',
    });
    const facts = new Facts().with(a, text('mine\n')).with(guardFact({ unless: 'y' }), true);
    const [host] = play.hosts;
    const drift = driftOf({
      resolved: host as ResolvedHost,
      facts,
      runs: [],
      recorded: new Set(),
      playbook: '/p/mesh.yml',
      allSteps: true,
    });
    expect(drift.differences.map(({ part }) => part)).toEqual(['file /etc/a']);
    expect(drift.unknowns.map(({ step }) => step.index)).toEqual([1]);
  });

  it('are the options of a Docker that is to be restarted, and whether it runs', () => {
    const restart = (before: DockerOptions | null): HostPlan => ({
      host: 'here',
      steps: [
        {
          index: 0,
          name: 's',
          kind: 'k',
          changes: [],
          settle: [
            { type: 'docker-restart', brings: { before, after: { mtu: 1400 }, restarted: [], deleted: [] } },
          ],
          unknowns: [],
        },
      ],
    });
    const options = { 'com.docker.network.driver.mtu': '1500' };
    const networks = [{ name: 'bridge', driver: 'bridge', options }];
    const docker = (daemon: Docker['daemon']) =>
      new Facts().with(dockerFact, {
        installed: true,
        active: daemon === null ? 'inactive' : 'active',
        enabled: true,
        units: [],
        environment: [],
        daemon,
      });
    const runs = docker({ argv: [], liveRestore: false, networks, containers: [] });
    const owner = { by: 'nobody' };
    expect(values(restart({ mtu: 1500 }), runs)).toEqual([
      { part: "Docker's mtu", wanted: '1400', found: '1500', owner },
    ]);
    expect(values(restart(null), docker(null))).toEqual([
      { part: 'Docker daemon docker.service', wanted: 'running', found: 'not running', owner },
    ]);
  });

  it('are as meshbook marked them, if no run is on record', () => {
    const path = '/etc/systemd/system/docker.service.d/zz-meshbook.conf';
    const facts = new Facts().with(fileFact(path), text('mine\n'));
    const [found] = values(planOf(file(path, 'mine\n', 'wanted\n')), facts);
    expect(found?.owner).toEqual({ by: 'mark' });
  });
});

describe('what a host has beyond its playbook', () => {
  const port = (overlay: string, peer: string) => ({
    type: 'gre',
    externalIds: { 'meshbook-overlay': overlay, 'meshbook-peer': peer },
  });
  const bridges: Record<string, OvsBridge> = {
    ovs_bridge: {
      externalIds: { meshbook: 'ovs_bridge' },
      ports: {
        ovs_bridge: { type: 'internal' },
        'lab-docker2': port('lab', 'docker2'),
        'old-docker2': port('old', 'docker2'),
        mine: { type: 'internal' },
        eth1: {},
      },
    },
    gone: { externalIds: { meshbook: 'ovs_bridge' }, ports: { gone: { type: 'internal' } } },
    theirs: { ports: { theirs: { type: 'internal' }, 'x-port': {} } },
  };
  const facts = new Facts().with(ovsFact, { bridges });
  const step = (kind: string, params: object) => ({
    step: { kind, locate: () => undefined },
    name: kind,
    params,
  });
  const host = {
    host: { name: 'docker1' },
    overlays: new Map(),
    steps: [
      step('ovs_bridge', { name: 'ovs_bridge' }),
      step('ovs_tunnels', { bridge: 'ovs_bridge', overlay: 'lab' }),
      step('linux_bridge', { name: 'newbridge', members: ['ovs_bridge', 'eth1'] }),
    ],
  } as unknown as ResolvedHost;
  /** A run that made the port as it is now. */
  const made = (name: string, playbook: string): RunInForce => {
    const change: Change = {
      type: 'ovsdb',
      bridge: 'ovs_bridge',
      before: {},
      after: {},
      ports: [{ name, before: null, after: port('old', 'docker2') }],
    };
    const without = { bridges: { ovs_bridge: { ports: {} } } };
    return { ...ran('R1', new Facts().with(ovsFact, without), change), playbook };
  };
  const extras = (known: Facts, ...runs: RunInForce[]) =>
    extrasOf({ host, runs, playbook: '/p/mesh.yml' }, known);

  it("is what has our mark and no step names, and others' ports in our bridges", () => {
    expect(extras(facts)).toEqual({
      leftOver: [
        { part: 'OVS bridge gone', detail: 'of kind ovs_bridge', owner: { by: 'mark' }, certain: false },
        {
          part: 'OVS port old-docker2',
          detail: 'on ovs_bridge, of overlay old, to docker2',
          owner: { by: 'mark' },
          certain: false,
        },
      ],
      foreign: [{ part: 'OVS port mine', detail: 'internal on ovs_bridge' }],
    });
  });

  it.each([
    ['/p/mesh.yml', true],
    ['/p/other.yml', false],
  ])('is certain only if a run of the same playbook made it: %s', (playbook, certain) => {
    const found = extras(facts, made('old-docker2', playbook));
    const one = found.leftOver.find(({ part }) => part === 'OVS port old-docker2');
    expect(one?.certain).toBe(certain);
    expect(hasDrifted({ host: 'docker1', differences: [], unknowns: [], unrecorded: [], ...found })).toBe(
      certain,
    );
  });

  it('is nothing if Open vSwitch gives no answer', () => {
    for (const unknown of [new Facts(), new Facts().with(ovsFact, 'not running')])
      expect(extras(unknown)).toEqual({ leftOver: [], foreign: [] });
  });
});
