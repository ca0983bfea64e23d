import type { ChangeView, Risk } from '../../changes/change.ts';
import { type Change, changeView, primitiveOf } from '../../changes/registry.ts';
import { type SettleAction, settle } from '../../changes/settle.ts';
import type { DiagnosticJson } from '../../diagnostics/json.ts';
import type { Check, CheckAction } from '../../model/check-types.ts';
import type { Host, OnFailure } from '../../model/types.ts';
import { type Answer, answerOf, type HostPlan, isEmpty, type PlannedStep } from '../../plan/host-plan.ts';
import type { LeftOver } from '../../plan/left-over.ts';
import type { PeerNeed } from '../../plan/peers.ts';
import type { Trouble } from '../../run/events.ts';
import type { HostOverlay } from '../../topology/types.ts';

/** What a plan was made from. */
export type PlanOrigin =
  /** The hosts themselves, asked just before. */
  | { readonly from: 'hosts' }
  /** Stored facts; the times of the oldest and the newest, ISO 8601, UTC. Absent: of no host. */
  | {
      readonly from: 'facts';
      readonly folder: string;
      readonly oldest?: string;
      readonly newest?: string;
      /** They hold all that was asked for: what is unknown all the same can't be read. */
      readonly complete?: true;
    }
  /** Nothing at all. */
  | { readonly from: 'nothing' };

/** How a host is reached, besides its address. */
export type Reach = Pick<Host, 'ssh' | 'become'>;

/** A host that was planned for. */
export interface ReportedHost {
  readonly plan: HostPlan;
  /** What SSH connects to. */
  readonly address: string;
  /** Of a saved plan: how an apply reaches it. */
  readonly reach?: Reach;
  readonly groups: readonly string[];
  /** With its peers, whether or not they are planned for, too. */
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  /** What no step names and a run of the playbook made. Left out: nothing. */
  readonly leftOver?: readonly LeftOver[];
  /** Of a saved plan: what an apply must come to again. */
  readonly fingerprint?: string;
  /** How many containers run there, where that is known: what a restart of Docker stops. */
  readonly runningContainers?: number;
}

/** A host on which a run of the playbook stands, and that isn't one of its hosts any more. */
export interface FormerHost {
  readonly host: string;
  /** The newest such run. */
  readonly run: string;
  /** How many there are. */
  readonly runs: number;
}

/** A check with all that it runs on hosts. */
export interface ReportedCheck
  extends Pick<Check, 'index' | 'name' | 'kind' | 'between' | 'timeout' | 'retry'> {
  /** Its params, by host; null where they have to do with secrets. */
  readonly hosts: Readonly<Record<string, CheckAction['params'] | null>>;
}

/** Everything that a plan says, whatever it is shown as and wherever it comes from. */
export interface PlanReport {
  /** The playbook's name. */
  readonly play: string;
  /** Paths as the user gave them. */
  readonly playbook: string;
  readonly inventory: string;
  /** Of an inventory of several files: those given after the first. */
  readonly moreInventories?: readonly string[];
  readonly origin: PlanOrigin;
  /** Of a saved plan: when it was made, ISO 8601, UTC. */
  readonly madeAt?: string;
  /** In the play's order. */
  readonly hosts: readonly ReportedHost[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
  /** Hosts that weren't chosen, and whose ends of tunnels to those that were would also change. */
  readonly peers?: readonly PeerNeed[];
  /** Hosts that the playbook doesn't have any more, and on which a run of it stands. */
  readonly formerHosts?: readonly FormerHost[];
  /** What an apply would write to the leases file, a line each. */
  readonly newLeases: readonly string[];
  /** What is checked between apply and confirm. */
  readonly checks: readonly ReportedCheck[];
  readonly onFailure: OnFailure;
  /** What is said of the playbook and its hosts besides, and keeps nobody from applying it. */
  readonly warnings: readonly DiagnosticJson[];
}

export function plansOf({ hosts }: Pick<PlanReport, 'hosts'>): HostPlan[] {
  return hosts.map(({ plan }) => plan);
}

/** A change as it is shown: what its primitive lets be seen of it, never the change itself (which may hold secrets). */
export interface ShownChange extends ChangeView {
  readonly risks: readonly Risk[];
  readonly settle: readonly SettleAction[];
}

export function show(change: Change): ShownChange {
  const primitive = primitiveOf(change);
  const { risks = [], settle = [] } = change;
  const { action, noun, target, fields } = changeView(change);
  return {
    action,
    noun,
    target,
    fields,
    risks: risks.length === 0 ? primitive.risks : [...new Set([...primitive.risks, ...risks])].sort(),
    settle,
  };
}

/** Every risk of a change, those of its settle actions included. */
export function allRisks(change: ShownChange): Risk[] {
  const restarts = change.settle.some((action) => settle(action).restartsDocker);
  return [...new Set([...change.risks, ...(restarts ? (['restarts-docker'] as const) : [])])];
}

export interface PlanCounts {
  /** Hosts that were planned for. */
  readonly hosts: number;
  /** Hosts among them that certainly need nothing. */
  readonly unchanged: number;
  /** Those that may turn out not to be needed are among the unknown alone. */
  readonly changes: number;
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly run: number;
  /** Answers that can't be given yet, one a step and host and reason. */
  readonly unknown: number;
  readonly unreachable: number;
  /** Of the steps of all hosts, how many have which answer. */
  readonly steps: Readonly<Record<Answer, number>>;
}

export function countPlan(report: PlanReport): PlanCounts {
  const counts = { create: 0, update: 0, delete: 0, run: 0 };
  const steps = { change: 0, no_change: 0, unknown: 0 };
  let unknown = 0;
  const plans = plansOf(report);
  for (const plan of plans) {
    for (const step of plan.steps) {
      for (const change of step.changes) {
        if (!isOpen(step, change)) counts[primitiveOf(change).title(change).action]++;
      }
      steps[answerOf(step)]++;
      unknown += step.unknowns.length;
    }
  }
  return {
    hosts: plans.length,
    unchanged: plans.filter(isEmpty).length,
    changes: counts.create + counts.update + counts.delete + counts.run,
    ...counts,
    unknown,
    unreachable: report.unreachable.size,
    steps,
  };
}

/** Whether it isn't known if a change is needed: of a command its guard tells, of a unit how it is by then. */
function isOpen({ unknowns }: PlannedStep, change: Change): boolean {
  return unknowns.length > 0 && (change.type === 'run' || (change.type === 'unit' && change.before === null));
}

/** How many hosts have changes in each step, by the step's index: what the live view counts up to. */
export function hostsPerStep(plans: readonly HostPlan[]): number[] {
  const hosts: Set<string>[] = [];
  for (const { host, steps } of plans) {
    for (const { index, changes } of steps) {
      const step = hosts[index] ?? new Set();
      hosts[index] = changes.length > 0 ? step.add(host) : step;
    }
  }
  return Array.from(hosts, (step) => step?.size ?? 0);
}
