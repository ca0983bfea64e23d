import type { ChangeView, FieldDiff, Risk } from '../../changes/change.ts';
import { settleKey } from '../../changes/settle/registry.ts';
import type { Guard } from '../../facts/guard.ts';
import { tidy } from '../../json/records.ts';
import type { OnFailure, SshSettings } from '../../model/types.ts';
import { type Answer, answerOf, effectsOf, type PlannedStep } from '../../plan/host-plan.ts';
import type { LeftOver } from '../../plan/left-over-types.ts';
import type { PeerNeed } from '../../plan/peers.ts';
import type { Trouble } from '../../run/events.ts';
import type { DiagnosticJson } from '../diagnostics/json.ts';
import { jsonText } from '../text/json-text.ts';
import {
  allRisks,
  countPlan,
  type FormerHost,
  type PlanCounts,
  type PlanOrigin,
  type PlanReport,
  type ReportedCheck,
  type ReportedHost,
  show,
} from './plan-report.ts';

/** A plan as JSON; docs/reference/plan-json.md describes the keys. */
export interface PlanJson {
  /** Raised if a key is removed or changes its meaning, not for new keys. */
  readonly format_version: 1;
  /** The playbook's name. */
  readonly playbook: string;
  readonly playbook_path: string;
  readonly inventory_path: string;
  readonly more_inventory_paths?: readonly string[];
  readonly origin: PlanOrigin;
  /** For a saved plan. */
  readonly made_at?: string;
  readonly on_failure: OnFailure;
  readonly checks: readonly ReportedCheck[];
  readonly new_leases: readonly string[];
  /** Hosts that are no longer in the playbook although a run of it is in force there. */
  readonly former_hosts: readonly FormerHost[];
  readonly unreachable: Readonly<Record<string, Trouble>>;
  readonly peers: readonly PeerNeed[];
  readonly warnings: readonly DiagnosticJson[];
  readonly summary: PlanCounts;
  readonly hosts: Readonly<Record<string, HostJson>>;
}

export interface HostJson {
  readonly address: string;
  /** For a saved plan: how apply connects; ssh's configuration supplies the rest. */
  readonly ssh?: SshJson;
  /** For a saved plan: whether apply uses sudo. */
  readonly become?: boolean;
  /** For a saved plan. */
  readonly fingerprint?: string;
  /** What runs of the playbook made and no step names any more. */
  readonly left_over: readonly LeftOverJson[];
  readonly steps: readonly StepJson[];
}

/** As in an inventory. */
export interface SshJson {
  readonly user?: string;
  readonly port?: number;
  readonly identity_files?: readonly string[];
  readonly known_hosts?: readonly string[];
  readonly proxy_jump?: string;
  /** Seconds. */
  readonly connect_timeout?: number;
  /** Seconds. */
  readonly keepalive?: number;
}

export interface LeftOverJson {
  readonly part: string;
  readonly detail: string;
  /** The run that last set it. */
  readonly run: string;
  /** Why it stays in any case. */
  readonly stays?: string;
}

export interface StepJson {
  /** From 0. */
  readonly index: number;
  readonly name: string;
  readonly kind: string;
  /** It is in no file: it removes what is left over. */
  readonly prune?: true;
  readonly answer: Answer;
  readonly changes: readonly ChangeJson[];
  readonly unknowns: readonly string[];
  /** Guard commands that run on the host. */
  readonly asks: readonly Guard[];
}

export interface ChangeJson {
  readonly action: ChangeView['action'];
  readonly noun: string;
  readonly target: string;
  readonly fields: readonly FieldDiff[];
  readonly risks: readonly Risk[];
  /** The keys of settle actions. */
  readonly settle: readonly string[];
}

/**
 * The text of one JSON object, host by host: the plan of a whole mesh may exceed the maximum length of a string.
 * Contains only what changes show, so no secret.
 */
export function* planJson(report: PlanReport): Generator<string> {
  const head: Omit<PlanJson, 'hosts'> = {
    format_version: 1,
    playbook: report.play,
    playbook_path: report.playbook,
    inventory_path: report.inventory,
    ...(report.moreInventories === undefined ? {} : { more_inventory_paths: report.moreInventories }),
    origin: report.origin,
    ...(report.madeAt === undefined ? {} : { made_at: report.madeAt }),
    on_failure: report.onFailure,
    checks: report.checks,
    new_leases: report.newLeases,
    former_hosts: report.formerHosts ?? [],
    unreachable: Object.fromEntries(report.unreachable),
    peers: report.peers ?? [],
    warnings: report.warnings,
    summary: countPlan(report),
  };
  yield `${jsonText(head, 2).slice(0, -2)},\n  "hosts": {`;
  let comma = '';
  for (const host of report.hosts) {
    const text = `${jsonText(host.plan.host)}: ${jsonText(hostJson(host), 2)}`;
    yield `${comma}\n    ${text.replaceAll('\n', '\n    ')}`;
    comma = ',';
  }
  yield '\n  }\n}\n';
}

function hostJson({ address, reach, plan, fingerprint, leftOver = [] }: ReportedHost): HostJson {
  const sum = fingerprint === undefined ? {} : { fingerprint };
  const way = reach === undefined ? {} : { ssh: sshJson(reach.ssh), become: reach.become };
  return { address, ...way, ...sum, left_over: leftOver.map(leftOverJson), steps: plan.steps.map(stepJson) };
}

function sshJson({ user, port, proxyJump, connectTimeout, keepalive, ...files }: SshSettings): SshJson {
  return tidy({
    user,
    port,
    identity_files: files.identityFiles,
    known_hosts: files.knownHosts,
    proxy_jump: proxyJump,
    connect_timeout: connectTimeout,
    keepalive,
  });
}

function leftOverJson({ part, detail, owner, stays }: LeftOver): LeftOverJson {
  const run = owner.by === 'run' ? owner.run : '';
  return { part, detail, run, ...(stays === undefined ? {} : { stays }) };
}

function stepJson(step: PlannedStep): StepJson {
  const { index, name, kind, prune, unknowns, asks = [] } = step;
  const changes = effectsOf(step).map((effect): ChangeJson => {
    const shown = show(effect);
    const { action, noun, target, fields, settle } = shown;
    return { action, noun, target, fields, risks: allRisks(shown), settle: settle.map(settleKey) };
  });
  return { index, name, kind, ...(prune ? { prune } : {}), answer: answerOf(step), changes, unknowns, asks };
}
