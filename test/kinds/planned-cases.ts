import type { Kind } from '../../src/kinds/define-kind.ts';
import { kinds } from '../../src/kinds/registry.ts';
import { type KindCase, loadCases } from './cases.ts';

/** Every kind's cases that are planned, not only checked. */
export function plannedCases(): { kind: Kind; title: string; one: KindCase }[] {
  return loadCases()
    .filter(({ case: one }) => one.checks === undefined)
    .map(({ kind, file, case: one }) => ({
      kind: kinds.get(kind) as Kind,
      title: `${file}: ${one.title}`,
      one,
    }));
}
