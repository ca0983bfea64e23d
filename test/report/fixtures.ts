import type { Change } from '../../src/changes/registry.ts';
import type { HostPlan, PlannedStep } from '../../src/plan/host-plan.ts';
import type { PlanReport, ReportedCheck } from '../../src/report/plan/plan-report.ts';

export const wide = { color: false, width: 100, diff: false };

/** A secret file. */
export const secretFile: Change = {
  type: 'file',
  path: '/etc/key',
  before: null,
  after: { content: 'hunter2', mode: '0600', owner: 'root', group: 'root' },
  secret: true,
};

/** A check of every host by itself. */
export function checkOf(
  name: string,
  kind: ReportedCheck['kind'],
  hosts: ReportedCheck['hosts'] = {},
): ReportedCheck {
  return { index: 0, name, kind, between: 'none', timeout: 5, retry: 10, hosts };
}

export function reportOf(...plans: HostPlan[]): PlanReport {
  return {
    play: 'Docker hosts joined by GRE',
    playbook: 'mesh.yml',
    inventory: 'inventory.yml',
    origin: { from: 'hosts' },
    hosts: plans.map((plan) => ({ plan, address: '192.0.2.1', groups: ['all'], overlays: new Map() })),
    unreachable: new Map(),
    newLeases: [],
    warnings: [],
    checks: [],
    onFailure: 'undo_all',
  };
}

/** A plan of steps named by their position. */
export function planOf(host: string, ...steps: (readonly Change[] | Partial<PlannedStep>)[]): HostPlan {
  return {
    host,
    steps: steps.map((step, index) => ({
      index,
      name: `Step ${index + 1}`,
      kind: 'some_kind',
      unknowns: [],
      changes: [],
      ...(Array.isArray(step) ? { changes: step as Change[] } : step),
    })),
  };
}

/** The main recipe's plans for `count` fresh hosts. */
export function meshPlans(count: number): HostPlan[] {
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  return numbers.map((n) => ({
    host: `docker${n}`,
    steps: [
      { index: 0, name: 'Packages', kind: 'package', changes: [], unknowns: [] },
      {
        index: 1,
        name: 'OVS bridge for the tunnels',
        kind: 'ovs_bridge',
        unknowns: [],
        changes: [ovsBridge],
      },
      {
        index: 2,
        name: 'Linux bridge for the containers',
        kind: 'linux_bridge',
        unknowns: [],
        changes: linuxBridge(n),
      },
      {
        index: 3,
        name: 'A tunnel to every peer',
        kind: 'ovs_tunnels',
        unknowns: [],
        changes: [
          tunnels(
            n,
            numbers.filter((peer) => peer !== n),
          ),
        ],
      },
      { index: 4, name: 'Docker on that bridge', kind: 'docker_daemon', unknowns: [], changes: [dropIn(n)] },
    ],
  }));
}

const ovsBridge: Change = {
  type: 'ovsdb',
  bridge: 'ovs_bridge',
  before: null,
  after: { datapathType: 'netdev' },
  ports: [],
};

function linuxBridge(n: number): Change[] {
  return [
    {
      type: 'link',
      link: 'newbridge',
      before: null,
      after: { mac: `02:00:00:00:00:${String(n).padStart(2, '0')}`, mtu: 1462 },
    },
    { type: 'address', link: 'newbridge', address: `10.11.12.${n}/24`, before: 'absent', after: 'present' },
    {
      type: 'link',
      link: 'ovs_bridge',
      before: { master: null, up: false },
      after: { master: 'newbridge', up: true },
      risks: ['drops-traffic'],
    },
  ];
}

function tunnels(n: number, peers: readonly number[]): Change {
  return {
    type: 'ovsdb',
    bridge: 'ovs_bridge',
    before: { datapathType: 'netdev' },
    after: { datapathType: 'netdev' },
    ports: peers.map((peer) => ({
      name: `lab-docker${peer}`,
      before: null,
      after: {
        type: 'gre',
        options: { local_ip: `10.98.0.${10 + n}`, remote_ip: `10.98.0.${10 + peer}` },
        protected: true,
        externalIds: { 'meshbook-overlay': 'lab', 'meshbook-peer': `docker${peer}` },
      },
    })),
  };
}

function dropIn(n: number): Change {
  return {
    type: 'file',
    path: '/etc/systemd/system/docker.service.d/meshbook.conf',
    before: null,
    after: {
      content: `[Service]\nExecStart=\nExecStart=/usr/bin/dockerd --bridge=newbridge --fixed-cidr=10.11.12.${16 * n}/28\n`,
      mode: '0644',
      owner: 'root',
      group: 'root',
    },
    settle: [{ type: 'daemon-reload' }, { type: 'docker-restart' }],
  };
}
