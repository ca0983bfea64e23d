import { buildPageAssets } from '../../scripts/page-assets.ts';
import type { Change } from '../../src/changes/registry.ts';
import { networkOf } from '../../src/drawing/network.ts';
import { pageHtml } from '../../src/page/html.ts';
import { type PlanReport, plansOf, type ReportedHost } from '../../src/report/plan/plan-report.ts';
import { meshOf, overlaysOf, type PortStates, tunnelPlan } from '../drawing/networks.ts';
import { checkOf, meshPlans, reportOf } from '../report/fixtures.ts';

const assets = buildPageAssets();

/** The page of a plan. */
export async function planPage(report: PlanReport): Promise<string> {
  const overlays = new Map(report.hosts.map(({ plan, overlays }) => [plan.host, overlays]));
  const unreachable = new Set(report.unreachable.keys());
  const network = networkOf({
    overlays,
    planned: { plans: plansOf(report), unreachable, peers: report.peers ?? [] },
  });
  return pageHtml(report.play, network, report, await assets);
}

/** The page of a topology without a plan. */
export async function networkPage(count: number): Promise<string> {
  return pageHtml('A mesh', networkOf({ overlays: overlaysOf(meshOf(count)) }), undefined, await assets);
}

/** A first apply to fresh hosts `docker1` …, which are linked in a full mesh. */
export function freshMesh(count: number): PlanReport {
  const overlays = overlaysOf(meshOf(count).map(([a, b]) => [docker(a), docker(b)] as const));
  const hosts = meshPlans(count).map(
    (plan): ReportedHost => ({
      plan,
      address: `10.97.0.${plan.host.slice(6)}`,
      groups: ['all', 'docker_hosts'],
      overlays: overlays.get(plan.host) ?? new Map(),
      runningContainers: 2,
    }),
  );
  return {
    ...reportOf(),
    hosts,
    newLeases: ['lab: docker1 10.11.12.1/24'],
    checks: [checkOf('Ping', 'ping', { docker1: { address: '10.11.12.1' } })],
  };
}

/**
 * A working mesh of `h1` … that changes: the last host is new, `old` leaves, `h1`'s tunnel to `h2` is updated, `h4` is
 * unknown, `h5` is unreachable, and the others change only for the new one.
 */
export function changingMesh(count: number): PlanReport {
  const overlays = overlaysOf(meshOf(count));
  const last = `h${count}`;
  const hosts = [...overlays].flatMap(([host, own], i): ReportedHost[] => {
    if (i === 4) return [];
    const fresh: PortStates =
      host === last
        ? Object.fromEntries(
            [...overlays.keys()].filter((peer) => peer !== last).map((peer) => [peer, 'create']),
          )
        : { [last]: 'create' };
    const more: PortStates = i === 0 ? { h2: 'update', old: 'delete' } : {};
    const plan =
      i === 3
        ? tunnelPlan(host, {}, ['the Open vSwitch database is not running'])
        : tunnelPlan(host, i === 2 ? {} : { ...fresh, ...more });
    const steps = [
      ...plan.steps,
      ...(i === 0 ? [{ index: 1, name: 'A file', kind: 'file', unknowns: [], changes: [config] }] : []),
    ];
    return [{ plan: { host, steps }, address: `192.0.2.${i + 1}`, groups: ['all'], overlays: own }];
  });
  const unreachable = new Map(
    count > 4 ? [['h5', { code: 'connect-failed', message: 'no route to host' }]] : [],
  );
  return { ...reportOf(), play: 'A mesh that grows', hosts, unreachable };
}

const config: Change = {
  type: 'file',
  path: '/etc/mesh.conf',
  before: { kind: 'text', content: 'one\ntwo\nthree\n', mode: '0644', owner: 'root', group: 'root' },
  after: { content: 'one\n2\nthree\n', mode: '0644', owner: 'root', group: 'root' },
  settle: [{ type: 'docker-restart' }],
};

function docker(name: string): string {
  return `docker${name.slice(1)}`;
}
