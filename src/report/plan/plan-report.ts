import type { ChangeView, Risk } from '../../changes/change.ts';
import { changeView, type Effect, isSettle, primitiveOf, titleOf } from '../../changes/registry.ts';
import type { SettleAction } from '../../changes/settle/action.ts';
import { settleTypeOf } from '../../changes/settle/registry.ts';
import type { Check, CheckAction } from '../../model/check-types.ts';
import type { HostOverlay } from '../../model/host-overlay.ts';
import type { Host, OnFailure } from '../../model/types.ts';
import {
  type Answer,
  answerOf,
  effectsOf,
  type HostPlan,
  isEmpty,
  type PlannedStep,
} from '../../plan/host-plan.ts';
import type { LeftOver } from '../../plan/left-over-types.ts';
import type { PeerNeed } from '../../plan/peers.ts';
import type { Trouble } from '../../run/events.ts';
import type { DiagnosticJson } from '../diagnostics/json.ts';

/** The source of a plan. */
export type PlanOrigin =
  /** The hosts, read just before. */
  | { readonly from: 'hosts' }
  /** Saved facts, with the times of the oldest and the newest, ISO 8601, UTC. Undefined: no host has any. */
  | {
      readonly from: 'facts';
      readonly folder: string;
      readonly oldest?: string;
      readonly newest?: string;
      /** They contain every fact that was needed: what is still unknown can't be read. */
      readonly complete?: true;
    }
  /** No facts at all. */
  | { readonly from: 'nothing' };

/** How to connect to a host, besides its address. */
export type Reach = Pick<Host, 'ssh' | 'become'>;

/** A host with a plan. */
export interface ReportedHost {
  readonly plan: HostPlan;
  /** The address that SSH connects to. */
  readonly address: string;
  /** For a saved plan: how apply connects. */
  readonly reach?: Reach;
  readonly groups: readonly string[];
  /** With its peers, whether or not they have a plan. */
  readonly overlays: ReadonlyMap<string, HostOverlay>;
  /** What a run of the playbook made and no step names any more. Undefined: nothing. */
  readonly leftOver?: readonly LeftOver[];
  /** For a saved plan: the fingerprint that apply must arrive at again. */
  readonly fingerprint?: string;
  /** How many containers run there, if known: a restart of Docker stops them. */
  readonly runningContainers?: number;
}

/** A host that is no longer in the playbook although a run of it is in force there. */
export interface FormerHost {
  readonly host: string;
  /** The newest of these runs. */
  readonly run: string;
  /** The number of these runs. */
  readonly runs: number;
}

/** A check with everything that it runs on hosts. */
export interface ReportedCheck
  extends Pick<Check, 'index' | 'name' | 'kind' | 'between' | 'timeout' | 'retry'> {
  /** Its params by host; null if they involve secrets. */
  readonly hosts: Readonly<Record<string, CheckAction['params'] | null>>;
}

/** Everything that a plan says, for every output format and every source. */
export interface PlanReport {
  /** The playbook's name. */
  readonly play: string;
  /** Paths as the user gave them. */
  readonly playbook: string;
  readonly inventory: string;
  /** For an inventory of several files: all but the first. */
  readonly moreInventories?: readonly string[];
  readonly origin: PlanOrigin;
  /** For a saved plan: when it was made, ISO 8601, UTC. */
  readonly madeAt?: string;
  /** In the order of the play. */
  readonly hosts: readonly ReportedHost[];
  readonly unreachable: ReadonlyMap<string, Trouble>;
  /** Hosts outside the selection whose tunnel ends to selected hosts need a change as well. */
  readonly peers?: readonly PeerNeed[];
  /** Hosts that are no longer in the playbook although a run of it is in force there. */
  readonly formerHosts?: readonly FormerHost[];
  /** What apply would write to the leases file, a line each. */
  readonly newLeases: readonly string[];
  /** The checks between apply and confirm. */
  readonly checks: readonly ReportedCheck[];
  readonly onFailure: OnFailure;
  /** Warnings about the playbook and its hosts. They don't prevent an apply. */
  readonly warnings: readonly DiagnosticJson[];
}

export function plansOf({ hosts }: Pick<PlanReport, 'hosts'>): HostPlan[] {
  return hosts.map(({ plan }) => plan);
}

/** A change as shown: its primitive's view of it, never the change itself, which may contain secrets. */
export interface ShownChange extends ChangeView {
  readonly risks: readonly Risk[];
  readonly settle: readonly SettleAction[];
}

export function show(effect: Effect): ShownChange {
  const { action, noun, target, fields } = changeView(effect);
  const shown = { action, noun, target, fields };
  if (isSettle(effect)) return { ...shown, risks: settleTypeOf(effect).risks(effect), settle: [effect] };
  const primitive = primitiveOf(effect);
  const { risks = [], settle = [] } = effect;
  return {
    ...shown,
    risks: risks.length === 0 ? primitive.risks : [...new Set([...primitive.risks, ...risks])].sort(),
    settle,
  };
}

/** Every risk of a change, including those of its settle actions. */
export function allRisks({ risks, settle }: ShownChange): Risk[] {
  return [...new Set([...risks, ...settle.flatMap((action) => settleTypeOf(action).risks(action))])];
}

export interface PlanCounts {
  /** The number of hosts with a plan. */
  readonly hosts: number;
  /** The number of them that certainly need no change. */
  readonly unchanged: number;
  /** Without changes that may prove unnecessary; those count as unknown. */
  readonly changes: number;
  readonly create: number;
  readonly update: number;
  readonly delete: number;
  readonly run: number;
  /** Unknown answers, one for each step, host and reason. */
  readonly unknown: number;
  readonly unreachable: number;
  /** The number of steps of all hosts with each answer. */
  readonly steps: Readonly<Record<Answer, number>>;
}

export function countPlan(report: PlanReport): PlanCounts {
  const counts = { create: 0, update: 0, delete: 0, run: 0 };
  const steps = { change: 0, no_change: 0, unknown: 0 };
  let unknown = 0;
  const plans = plansOf(report);
  for (const plan of plans) {
    for (const step of plan.steps) {
      for (const effect of effectsOf(step)) {
        if (!isOpen(step, effect)) counts[titleOf(effect).action]++;
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

/** Whether a change may prove unnecessary: for a command, its guard decides; for a unit, its state at that time. */
function isOpen({ unknowns }: PlannedStep, effect: Effect): boolean {
  return unknowns.length > 0 && !isSettle(effect) && primitiveOf(effect).conditional(effect);
}

/** The number of hosts with changes in each step, by the step's index: the total that the live view counts up to. */
export function hostsPerStep(plans: readonly HostPlan[]): number[] {
  const hosts: Set<string>[] = [];
  for (const { host, steps } of plans) {
    for (const one of steps) {
      const step = hosts[one.index] ?? new Set();
      hosts[one.index] = effectsOf(one).length > 0 ? step.add(host) : step;
    }
  }
  return Array.from(hosts, (step) => step?.size ?? 0);
}
