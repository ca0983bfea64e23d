import { recheckOf } from '../changes/registry.ts';
import type { ResolvedHost } from '../model/resolved.ts';
import type { LeftOverQuestion } from './left-over-types.ts';
import { lastSet } from './owner.ts';
import { namedBySteps } from './step-names.ts';

type GivenAddress = NonNullable<ResolvedHost['given']>[number];

/**
 * The addresses that runs of the playbook gave to a host's interfaces and no step sets any more. Addresses that
 * another run has removed or replaced since are left out: whoever gave them again is someone else. Pure.
 */
export function givenAddresses({ host, runs, playbook }: LeftOverQuestion): GivenAddress[] {
  const said = namedBySteps(host);
  const set = lastSet(runs);
  const own = runs.filter((run) => run.playbook === playbook);
  const found = own.flatMap(({ kept }) =>
    Object.values(kept.changes).flatMap(({ change, before, after }): [string, GivenAddress][] => {
      return (recheckOf(change)?.leaves(change) ?? []).flatMap(
        ({ thing, part }): [string, GivenAddress][] => {
          if (thing.is !== 'addresses' || thing.address === undefined) return [];
          const { of: link, address } = thing;
          const gave = before?.[part] !== address && after?.[part] === address && set.get(part) === address;
          return gave && !said.names(address) ? [[part, { link, address }]] : [];
        },
      );
    }),
  );
  return [...new Map(found).values()];
}
