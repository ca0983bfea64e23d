import { type Diagnostic, error, warning } from '../diagnostics/diagnostic.ts';
import { interfacesFact } from '../facts/interfaces.ts';
import { isLinkLocal } from '../facts/link-address.ts';
import { sameAddress } from '../facts/ovs/tunnel.ts';
import type { LintedHost } from './linted-host.ts';
import { thingsDescribed } from './things.ts';

/** A host whose interfaces and addresses are known, before or after the plan. */
interface Known {
  readonly host: LintedHost;
  readonly underlay: string;
  readonly addresses: ReadonlySet<string>;
}

/**
 * Hosts with tunnels whose underlay address is on none of their interfaces. Behind a NAT that is right. It is
 * certainly wrong if another host of the play has the address and lacks its own: then the two were swapped.
 */
export function underlayLints(hosts: readonly LintedHost[]): Diagnostic[] {
  const all = hosts.flatMap(knownOf);
  const lost = all.filter(({ underlay, addresses }) => !addresses.has(underlay));
  if (lost.length === 0) return [];
  const astray = new Set(lost);
  return lost
    .filter(({ host }) => thingsDescribed(host, 'tunnels').length > 0)
    .map((one) => {
      const holder = all.find(({ addresses }) => addresses.has(one.underlay));
      return holder !== undefined && astray.has(holder) ? swapped(one, holder) : nowhere(one, holder);
    });
}

function knownOf(host: LintedHost): Known[] {
  const { resolved, facts, predicted } = host;
  const links = [facts, predicted].flatMap((state) => state.find(interfacesFact) ?? []);
  if (links.length === 0) return [];
  const addresses = links.flatMap((link) =>
    link.addresses.map((one) => sameAddress(one.replace(/\/.*/, ''))),
  );
  return [{ host, underlay: sameAddress(resolved.host.underlayAddress), addresses: new Set(addresses) }];
}

function swapped({ host: { resolved }, underlay }: Known, holder: Known): Diagnostic {
  const { name, underlayAt } = resolved.host;
  const other = holder.host.resolved.host.name;
  return {
    ...error(
      'underlay-swapped',
      `tunnels to '${name}' would arrive at '${other}', which has ${underlay}`,
      underlayAt,
      `hosts have swapped addresses: set for each host the underlay_address that one of its own interfaces has`,
    ),
    hosts: [name],
  };
}

function nowhere({ host: { resolved }, underlay, addresses }: Known, holder: Known | undefined): Diagnostic {
  const { name, underlayAt } = resolved.host;
  const own = [...addresses].filter((one) => !/^(127\.|::1$)/.test(one) && !isLinkLocal(one)).slice(0, 3);
  const where = holder === undefined ? '' : `, and '${holder.host.resolved.host.name}' has it`;
  const those = own.length === 0 ? '' : `, as ${own.join(' or ')}`;
  return {
    ...warning(
      'underlay-not-there',
      `tunnels to '${name}' lead to ${underlay}, which none of its interfaces has${where}`,
      underlayAt,
      `right if a NAT forwards it to the host; otherwise set underlay_address: an address of its own${those}`,
    ),
    hosts: [name],
  };
}
