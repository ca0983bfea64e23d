import type { CheckAction } from '../model/check-types.ts';
import type { ResolvedCheck } from '../model/resolved.ts';
import type { ReportedCheck } from '../report/plan/plan-report.ts';
import { secrets } from '../secrets/masker.ts';

/** A check as it may be shown and saved. */
export function reportedCheck({ check, hosts }: ResolvedCheck): ReportedCheck {
  const { index, name, kind, between, timeout, retry } = check;
  const params = Object.fromEntries(
    [...hosts].map(([host, action]) => [host, isSecret(action) ? null : action.params]),
  );
  return { index, name: secrets.text(name), kind, between, timeout, retry, hosts: params };
}

function isSecret({ secret, params }: CheckAction): boolean {
  return secret === true || secrets.value(params) !== params;
}
