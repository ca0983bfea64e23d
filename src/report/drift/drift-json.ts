import type { Part } from '../../changes/change.ts';
import type { Difference } from '../../drift/differences.ts';
import { type HostDrift, hasDrifted } from '../../drift/host-drift.ts';
import type { Owner } from '../../plan/owner.ts';
import type { Trouble } from '../../run/events.ts';
import { type DiagnosticJson, diagnosticToJson } from '../diagnostics/json.ts';
import type { PlanOrigin } from '../plan/plan-report.ts';
import { partJson } from '../text/part-text.ts';
import { countDrift, type DriftCounts, type DriftReport } from './drift-report.ts';

/** Drift as JSON; docs/reference/drift-json.md describes the keys. */
export interface DriftJson {
  /** Raised if a key is removed or changes its meaning, not for new keys. */
  readonly format_version: 1;
  readonly playbook: string;
  readonly origin: PlanOrigin;
  /** Whether any host has certainly drifted. */
  readonly drift: boolean;
  readonly hosts: Readonly<Record<string, object>>;
  readonly problems: readonly DiagnosticJson[];
  readonly unreachable: Readonly<Record<string, Trouble>>;
  readonly summary: DriftCounts;
}

/** Contains no secret, and no digest of one. */
export function driftJson(report: DriftReport): DriftJson {
  return {
    format_version: 1,
    playbook: report.play,
    origin: report.origin,
    drift: report.hosts.some(hasDrifted),
    hosts: Object.fromEntries(report.hosts.map((host) => [host.host, hostJson(host)])),
    problems: report.problems.map(diagnosticToJson),
    unreachable: Object.fromEntries(report.unreachable),
    summary: countDrift(report),
  };
}

function hostJson({ differences, leftOver, foreign, unknowns, unrecorded }: HostDrift): object {
  return {
    differences: differences.map(differenceJson),
    left_over: leftOver.map(({ part, detail, owner, certain, stays }) => ({
      part,
      detail,
      certain,
      ...(stays === undefined ? {} : { stays }),
      owner: ownerJson(owner),
    })),
    foreign,
    unknowns,
    unrecorded_runs: unrecorded,
  };
}

function differenceJson({ step, part, wanted, found, owner }: Difference): object {
  const changedSince =
    owner.by === 'run' &&
    owner.ran !== false &&
    found !== undefined &&
    JSON.stringify(found) !== JSON.stringify(owner.set);
  return {
    step,
    part,
    ...valueJson('wanted', wanted),
    ...valueJson('found', found),
    owner: { ...ownerJson(owner), ...(owner.by === 'run' ? { changed_since: changedSince } : {}) },
  };
}

function valueJson(key: string, part: Part | undefined): object {
  return part === undefined ? {} : { [key]: partJson(part) };
}

function ownerJson(owner: Owner): object {
  if (owner.by !== 'run' || owner.set === undefined) return owner;
  return { ...owner, set: partJson(owner.set) };
}
