import type { FieldDiff } from '../../changes/change.ts';
import type { Between } from '../../model/check-types.ts';
import type { Seen, Shape } from './fold.ts';
import type { PlanReport, ReportedCheck } from './plan-report.ts';

/** A plan's checks in the layout of changes: what each checks, and on which hosts. */
export function checkShapes({ checks }: Pick<PlanReport, 'checks'>): Shape[] {
  return checks.flatMap((check) => {
    const [first, ...more] = Object.keys(check.hosts).map((host) => seenOn(host, check));
    return first === undefined ? [] : [[first, ...more] as const];
  });
}

function seenOn(host: string, { name, kind, between, hosts }: ReportedCheck): Seen {
  const params = hosts[host];
  const asked = params == null ? { params: 'secret, not shown' } : params;
  const fields = Object.entries({ between: betweenWords(between), ...asked }).map(
    ([field, after]: [string, string | number | boolean]): FieldDiff => ({
      field,
      after,
      ...(String(after).includes('\n') ? { text: true } : {}),
    }),
  );
  return {
    host,
    change: { action: 'run', noun: `${kind} check`, target: name, fields, risks: [], settle: [] },
  };
}

function betweenWords(between: Between): string {
  return typeof between === 'string' ? between : `sample ${between.sample}`;
}
