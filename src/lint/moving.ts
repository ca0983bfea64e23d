import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { type Interface, interfacesFact } from '../facts/interfaces.ts';
import { sshPathFact } from '../facts/ssh-path.ts';
import type { HostToLint, LintedHost } from './linted-host.ts';
import { live, placeOf, thingsDescribed } from './things.ts';

/**
 * What a step gives a bridge while another interface has it: an address that stays there as well, or members
 * of another bridge. Interfaces that the plan deletes don't count.
 */
export function movingLints(host: LintedHost): Diagnostic[] {
  const { facts, predicted } = host;
  const [before, after] = [facts.find(interfacesFact), predicted.find(interfacesFact)];
  if (before === undefined || after === undefined) return [];
  const there = (link: string | undefined) => link !== undefined && after.some((one) => one.name === link);
  return thingsDescribed(host, 'link')
    .filter(live)
    .flatMap((said) => {
      const { name, address = [], members = [] } = said.thing;
      const twice = address.flatMap((one) =>
        holders(one, name, after).map((link) =>
          error(
            'address-elsewhere',
            `${link.name} keeps the address that a step gives to ${name}`,
            placeOf(said, 'address'),
            elsewhereHint(link, name, host),
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
            `${master} stays, and takes ${member} back at boot if its own file says so; ${awayHint(master as string, host)}`,
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

/** The hint if another interface keeps an address: only a bridge may exist just for the address. */
function elsewhereHint({ name, kind }: Interface, bridge: string, host: HostToLint): string {
  if (kind === 'bridge' || kind === 'openvswitch') return awayHint(name, host, bridge);
  if (name === 'lo') return `give ${bridge} another address`;
  return `leave ${name} as it is and give ${bridge} another address; to move ${name} into ${bridge} with its addresses and routes, use a bridge_uplink step instead`;
}

/**
 * How to remove the other bridge, according to the records; `wants` is the bridge to which a step gives its
 * address.
 */
function awayHint(bridge: string, { facts, leftOver = [] }: HostToLint, wants?: string): string {
  const own = leftOver.find(({ part }) => part === `link ${bridge}`);
  if (own?.stays !== undefined)
    return `a run of this playbook made ${bridge}, and no step names it any more; --prune leaves it, since ${own.stays}`;
  if (own !== undefined)
    return `a run of this playbook made ${bridge}, and no step names it any more: --prune removes it`;
  if (facts.find(sshPathFact)?.links.includes(bridge))
    return `the host is reached over SSH through ${bridge}: leave it as it is${wants === undefined ? '' : ` and give ${wants} another address`}`;
  return `if ${bridge} isn't needed any more, remove it with an earlier step (state: absent)${wants === undefined ? '' : `; otherwise give ${wants} another address`}`;
}
