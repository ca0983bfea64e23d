import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { sortDiagnostics } from '../../diagnostics/sort.ts';
import { dockerFact } from '../../facts/docker/docker.ts';
import { tidy } from '../../json/records.ts';
import type { ResolvedCheck } from '../../model/resolved.ts';
import { withoutSecrets } from '../../plan/open-plan.ts';
import type { PeerNeed } from '../../plan/peers.ts';
import type { PlannedHost } from '../../plan/plan-hosts.ts';
import { diagnosticToJson } from '../../report/diagnostics/json.ts';
import { leaseWords } from '../../report/plan/lease-words.ts';
import type { PlanOrigin, PlanReport, ReportedHost } from '../../report/plan/plan-report.ts';
import type { Resolution } from '../../resolve/resolve-play.ts';
import type { Trouble } from '../../run/events.ts';
import { reportedCheck } from '../../saved/reported-check.ts';
import { secrets } from '../../secrets/masker.ts';
import { withoutSecretWords } from '../../secrets/words.ts';
import type { LoadedPlay } from './load-play.ts';
import type { PlayRecords } from './records.ts';

/** A play's hosts with their plans, whether or not the hosts were read. */
export interface PlannedPlay {
  readonly hosts: readonly PlannedHost[];
  readonly checks: readonly ResolvedCheck[];
  /** Contains no errors. */
  readonly diagnostics: readonly Diagnostic[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
  readonly peers?: readonly PeerNeed[];
}

/** The source of every format of a plan. Contains no secret. */
export function planReport(
  { playbook, inventory, diagnostics }: Pick<LoadedPlay, 'playbook' | 'inventory' | 'diagnostics'>,
  resolution: Resolution,
  planned: PlannedPlay,
  records: Pick<PlayRecords, 'formerHosts'>,
  origin: PlanOrigin = { from: 'hosts' },
): PlanReport {
  return tidy({
    play: secrets.text(playbook.name),
    playbook: playbook.path,
    inventory: inventory.path,
    moreInventories: inventory.morePaths,
    origin,
    hosts: planned.hosts.map(reportedHost),
    unreachable: withoutSecretWords(inOrder(resolution, planned.unreachable)),
    peers: planned.peers,
    formerHosts: records.formerHosts(resolution.play, planned.hosts),
    checks: planned.checks.map(reportedCheck),
    newLeases: resolution.leaseChanges.map(leaseWords),
    onFailure: playbook.onFailure,
    warnings: sortDiagnostics([...diagnostics, ...planned.diagnostics]).map(diagnosticToJson),
  });
}

function reportedHost({
  resolved: { host, overlays },
  facts,
  plan,
  leftOver = [],
}: PlannedHost): ReportedHost {
  const daemon = facts.find(dockerFact)?.daemon ?? null;
  return {
    plan: withoutSecrets(plan),
    address: host.address,
    groups: host.groups,
    overlays,
    ...(leftOver.length === 0 ? {} : { leftOver: withoutSecretWords(leftOver) }),
    ...(daemon === null ? {} : { runningContainers: daemon.containers.length }),
  };
}

/** In the order of the play, not in the order in which hosts failed. */
function inOrder<T>({ play }: Resolution, byHost: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const rank = new Map(play.hosts.map(({ host }, index) => [host.name, index]));
  return new Map([...byHost].sort(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)));
}
