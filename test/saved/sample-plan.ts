import type { Facts } from '../../src/facts/fact.ts';
import { planHosts } from '../../src/plan/plan-hosts.ts';
import type { PlanReport } from '../../src/report/plan/plan-report.ts';
import { reportedCheck } from '../../src/saved/reported-check.ts';
import { savePlan } from '../../src/saved/save-plan.ts';
import type { SavedPlan } from '../../src/saved/saved-plan.ts';
import { hostile } from '../report/hostile.ts';
import { resolved } from '../resolve/play.ts';

/**
 * The saved plan of a playbook for hosts with these `facts`, made by meshbook 1.2.3; `steps` are the names of its
 * steps.
 */
export function samplePlan(playbook: string, facts: Facts, steps: readonly string[]): SavedPlan {
  const { play, leases } = resolved({ playbook });
  const { hosts } = planHosts(play.hosts.map((host) => ({ resolved: host, facts })));
  const report: PlanReport = {
    play: hostile,
    playbook: 'pb.yml',
    inventory: 'inv.yml',
    origin: { from: 'hosts' },
    hosts: hosts.map(({ plan, resolved: { host, overlays } }) => ({
      plan,
      address: host.address,
      groups: host.groups,
      overlays,
    })),
    unreachable: new Map([['c', { code: 'connect-failed', message: 'refused' }]]),
    newLeases: ['lab: a 10.11.12.1'],
    warnings: [{ severity: 'warning', code: 'foreign-tunnel', message: 'm', hosts: ['a', 'b'] }],
    checks: play.checks.map(reportedCheck),
    onFailure: 'undo_host',
  };
  const about = {
    meshbook: '1.2.3',
    madeAt: '2026-01-02T03:04:05.678Z',
    choice: { tags: [], skipTags: [] },
    steps,
  };
  return savePlan({
    report,
    hosts,
    checks: play.checks,
    leases: { before: new Map(), after: leases },
    about,
  });
}
