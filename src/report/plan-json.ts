import type { ChangeView, FieldDiff, Risk } from '../changes/change.ts';
import type { SettleAction } from '../changes/settle.ts';
import type { PlannedStep } from '../plan/host-plan.ts';
import type { Trouble } from '../run/events.ts';
import { allRisks, countPlan, type PlanCounts, type PlanReport, plansOf, show } from './plan-report.ts';

/** A plan for machines; docs/reference/plan-json.md says what each key means. */
export interface PlanJson {
  /** Raised when a key goes away or changes its meaning; new keys don't raise it. */
  readonly format_version: 1;
  readonly playbook: string;
  readonly hosts: Readonly<Record<string, { readonly steps: readonly StepJson[] }>>;
  readonly unreachable: Readonly<Record<string, Trouble>>;
  readonly new_leases: readonly string[];
  readonly summary: PlanCounts;
}

export interface StepJson {
  /** From 0. */
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  readonly changes: readonly ChangeJson[];
  readonly unknowns: readonly string[];
}

export interface ChangeJson {
  readonly action: ChangeView['action'];
  readonly noun: string;
  readonly target: string;
  readonly fields: readonly FieldDiff[];
  readonly risks: readonly Risk[];
  readonly settle: readonly SettleAction[];
}

/** Only what changes let be seen of them: no secret is in it. */
export function planJson(report: PlanReport): PlanJson {
  return {
    format_version: 1,
    playbook: report.play,
    hosts: Object.fromEntries(
      plansOf(report).map(({ host, steps }) => [host, { steps: steps.map(stepJson) }]),
    ),
    unreachable: Object.fromEntries(report.unreachable),
    new_leases: report.newLeases,
    summary: countPlan(report),
  };
}

function stepJson({ index, name, kind, changes, unknowns }: PlannedStep): StepJson {
  return {
    index,
    name,
    kind,
    changes: changes.map((change) => {
      const shown = show(change);
      const { action, noun, target, fields, settle } = shown;
      return { action, noun, target, fields, risks: allRisks(shown), settle };
    }),
    unknowns,
  };
}
