import type { ChangeView, Risk } from '../changes/change.ts';
import { escapeControl } from '../diagnostics/escape.ts';
import type { LinkState } from '../drawing/ends.ts';
import type { HostState, Membership, Network } from '../drawing/network.ts';
import { allEffects, answerOf, effectsOf, type PlannedStep } from '../plan/host-plan.ts';
import { peerReason } from '../report/plan/peer-words.ts';
import {
  allRisks,
  type PlanReport,
  type ReportedHost,
  type ShownChange,
  show,
} from '../report/plan/plan-report.ts';
import { textDiff } from '../report/text/text-diff.ts';
import { settleWords } from '../report/text/words.ts';

/** The data of the page's script: plain JSON without secrets, control characters made visible. */
export interface PageData {
  readonly hosts: readonly PageHost[];
  readonly overlays: readonly string[];
  /** `a`, `b`, the overlay's index in `overlays`, and the link's state at `a` and at `b`. */
  readonly links: readonly (readonly [
    a: number,
    b: number,
    overlay: number,
    atA: LinkState,
    atB: LinkState,
  ])[];
  /** By host: its position in the picture. */
  readonly places: readonly (readonly [x: number, y: number])[];
}

export interface PageHost {
  readonly name: string;
  readonly state: HostState;
  /** The address that SSH connects to. */
  readonly address?: string;
  readonly underlay?: string;
  readonly groups: readonly string[];
  readonly memberships: readonly Membership[];
  readonly containers?: number;
  /** Why its facts could not be read. */
  readonly trouble?: string;
  /** For a host that wasn't selected: why it needs a change as well. */
  readonly peer?: string;
  readonly changes: number;
  readonly risks: readonly Risk[];
  /** Steps with changes, unknowns or problems, in order. */
  readonly steps: readonly PageStep[];
  /** The number of other steps. */
  readonly quiet: number;
}

export interface PageStep {
  /** From 1; undefined for the step that prunes. */
  readonly number?: number;
  readonly name: string;
  readonly kind: string;
  readonly unknowns: readonly string[];
  readonly changes: readonly PageChange[];
}

export interface PageChange {
  readonly action: ChangeView['action'];
  readonly what: string;
  readonly risks: readonly Risk[];
  /** The settle actions, which run once afterwards. */
  readonly afterwards: readonly string[];
  /** Name, value before, value after; null: none. */
  readonly fields: readonly (readonly [string, string | null, string | null])[];
  /** Whole texts, as the lines of a diff. */
  readonly texts: readonly { readonly name: string; readonly diff: readonly string[] }[];
}

/** The network's hosts, with their plans if there are any. */
export function pageData(
  network: Network,
  places: PageData['places'],
  report: Pick<PlanReport, 'hosts' | 'unreachable' | 'peers'>,
): PageData {
  const planned = new Map(report.hosts.map((host) => [host.plan.host, host]));
  const needs = new Map((report.peers ?? []).map((need) => [need.host, peerReason(need)]));
  const overlays = [...new Set(network.links.map(({ overlay }) => overlay))];
  const rank = new Map(overlays.map((overlay, i) => [overlay, i]));
  const hosts = network.hosts.map(({ name, state, underlayAddress, memberships }): PageHost => {
    const trouble = report.unreachable.get(name);
    const peer = needs.get(name);
    return {
      name,
      state,
      ...(underlayAddress === undefined ? {} : { underlay: underlayAddress }),
      memberships,
      ...(trouble === undefined ? {} : { trouble: `${trouble.message} (${trouble.code})` }),
      ...(peer === undefined ? {} : { peer }),
      ...planOf(planned.get(name)),
    };
  });
  const links = network.links.map(
    ({ a, b, overlay, states: [atA, atB] }) => [a, b, rank.get(overlay) ?? 0, atA, atB] as const,
  );
  return escaped({ hosts, overlays, links, places });
}

function planOf(host: ReportedHost | undefined) {
  if (host === undefined) return { groups: [], changes: 0, risks: [], steps: [], quiet: 0 };
  const { plan, address, groups, runningContainers } = host;
  const loud = plan.steps.filter((step) => answerOf(step) !== 'no_change');
  const risks = allEffects(plan).flatMap((effect) => allRisks(show(effect)));
  return {
    address,
    groups: groups.filter((group) => group !== 'all'),
    ...(runningContainers === undefined ? {} : { containers: runningContainers }),
    changes: allEffects(plan).length,
    risks: [...new Set(risks)].sort(),
    steps: loud.map(stepOf),
    quiet: plan.steps.length - loud.length,
  };
}

function stepOf(step: PlannedStep): PageStep {
  const { index, name, kind, prune, unknowns } = step;
  return {
    ...(prune ? {} : { number: index + 1 }),
    name,
    kind,
    unknowns,
    changes: effectsOf(step).map((effect) => changeOf(show(effect))),
  };
}

function changeOf(change: ShownChange): PageChange {
  const text = (value: string | number | boolean | undefined) => (value === undefined ? null : String(value));
  return {
    action: change.action,
    what: `${change.noun} ${change.target}`,
    risks: allRisks(change),
    afterwards: change.settle.map(settleWords),
    fields: change.fields.flatMap(({ field, before, after, text: whole }) =>
      whole ? [] : [[field, text(before), text(after)] as const],
    ),
    texts: change.fields.flatMap(({ field, before, after, text: whole }) =>
      whole ? [{ name: field, diff: textDiff(text(before) ?? undefined, text(after) ?? undefined) }] : [],
    ),
  };
}

/** The same with every text escaped, except tabs in diffs. */
function escaped<T>(data: T): T {
  const keepTabs = (text: string) => text.split('\t').map(escapeControl).join('\t');
  return JSON.parse(JSON.stringify(data), (_, value) =>
    typeof value === 'string' ? keepTabs(value) : value,
  );
}
