import type { Diagnostic, SourceRange } from '../../diagnostics/diagnostic.ts';
import { describePlace } from '../../diagnostics/position.ts';
import { formatAddress, parseAddress } from '../../net/address.ts';
import type { Host } from '../types.ts';

/**
 * Two names for one machine would make two programs change it at once. Hosts behind one address are distinguished by
 * SSH port and jump host; their underlay addresses must then be given for an overlay, which the overlay's own checks
 * require.
 */
export function duplicateAddresses(
  hosts: readonly Host[],
  addressAt: (host: Host) => SourceRange,
): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const reached = new Map<string, Host>();
  const underlays = new Map<string, Host>();
  for (const host of hosts) {
    const underlay = canonical(host.underlayAddress);
    const key = JSON.stringify([canonical(host.address), host.ssh.port ?? 22, host.ssh.proxyJump]);
    const twin = reached.get(key);
    const below = underlays.get(underlay);
    if (twin !== undefined)
      diagnostics.push(duplicate(host, twin, `address ${host.address}`, addressAt(host)));
    else if (below !== undefined && (writesUnderlay(host) || writesUnderlay(below))) {
      diagnostics.push(duplicate(host, below, `underlay address ${host.underlayAddress}`, host.underlayAt));
    }
    if (twin === undefined) reached.set(key, host);
    if (below === undefined) underlays.set(underlay, host);
  }
  return diagnostics;
}

function writesUnderlay(host: Host): boolean {
  return host.underlayAddress !== host.address;
}

function duplicate(host: Host, other: Host, what: string, range: SourceRange): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-address',
    message: `${host.name} and ${other.name} have the same ${what}`,
    range,
    hint: `${other.name} is at ${describePlace(other.at)}`,
  };
}

/** One notation per address; names are case-insensitive. */
function canonical(address: string): string {
  const parsed = parseAddress(address);
  return parsed.value === undefined ? address.toLowerCase().replace(/\.$/, '') : formatAddress(parsed.value);
}
