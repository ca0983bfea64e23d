import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { known } from './known.ts';
import type { HostToLint, LintedHost } from './lint-fleet.ts';
import { live, placeOf, saidOf } from './things.ts';

/**
 * What a bridge's step gives it and another interface has: an address that stays there, too, and members that leave
 * another bridge. Of an interface that the plan takes away nothing is said.
 */
export function movingLints(host: LintedHost): Diagnostic[] {
  const { facts, predicted, leftOver = [] } = host;
  const [before, after] = [known(facts, interfacesFact), known(predicted, interfacesFact)];
  if (before === undefined || after === undefined) return [];
  const there = (link: string | undefined) => link !== undefined && after.some((one) => one.name === link);
  return saidOf(host, 'link')
    .filter(live)
    .flatMap((said) => {
      const { name, address = [], members = [] } = said.thing;
      const twice = address.flatMap((one) =>
        holders(one, name, after).map((link) =>
          error(
            'address-elsewhere',
            `${link.name} keeps the address that a step gives to ${name}`,
            placeOf(said, 'address'),
            hintFor(link.name, leftOver),
          ),
        ),
      );
      const moved = members.flatMap((member) => {
        const master = before.find((link) => link.name === member)?.master;
        if (master === name || !there(master)) return [];
        return [
          warning(
            'member-moves',
            `${member} leaves the bridge ${master} for ${name}`,
            placeOf(said, 'members'),
            `${master} stays, and takes ${member} back at boot if its own file says so; ${hintFor(master as string, leftOver)}`,
          ),
        ];
      });
      return [...twice, ...moved];
    });
}

function holders(address: string, bridge: string, links: readonly Interface[]): Interface[] {
  const bare = `${withoutPrefix(address)}/`;
  return links.filter(
    ({ name, addresses }) => name !== bridge && addresses.some((one) => one.startsWith(bare)),
  );
}

function withoutPrefix(address: string): string {
  return address.replace(/\/.*$/, '');
}

/** Who can take the other interface away, as far as records tell. */
function hintFor(link: string, leftOver: NonNullable<HostToLint['leftOver']>): string {
  const own = leftOver.find(({ part }) => part === `link ${link}`);
  if (own === undefined) return `remove ${link} with an earlier step (state: absent), or by hand`;
  if (own.stays !== undefined)
    return `a run of this playbook made ${link}, and no step names it any more; --prune leaves it, since ${own.stays}`;
  return `a run of this playbook made ${link}, and no step names it any more: --prune removes it`;
}
