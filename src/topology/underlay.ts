import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Host, OverlaySpec } from '../model/types.ts';
import { type Address, formatAddress, type IpVersion, parseAddress, whyNoTunnel } from '../net/address.ts';

export interface Underlay {
  /** Undefined only when there are no members. */
  readonly version: IpVersion | undefined;
  /** By host, in canonical form. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The members' underlay addresses: all of one IP version, all different, no names. */
export function readUnderlay(spec: OverlaySpec, members: readonly Host[]): Checked<Underlay> {
  const diagnostics: Diagnostic[] = [];
  const addresses = new Map<string, string>();
  const owners = new Map<string, string>();
  let first: { host: Host; version: IpVersion } | undefined;
  const others: Host[] = [];
  for (const host of members) {
    const address = usableAddress(host, diagnostics);
    if (!address) continue;
    const text = formatAddress(address);
    addresses.set(host.name, text);
    const owner = owners.get(text);
    if (owner === undefined) owners.set(text, host.name);
    else diagnostics.push(twice(spec, host, owner, text));
    first ??= { host, version: address.version };
    if (address.version !== first.version) others.push(host);
  }
  if (first && others.length > 0) diagnostics.push(mixed(spec, first, others));
  if (diagnostics.length > 0) return { diagnostics };
  return { value: { version: first?.version, addresses }, diagnostics };
}

function usableAddress(host: Host, diagnostics: Diagnostic[]): Address | undefined {
  const { value, error } = parseAddress(host.underlayAddress);
  const why = value && whyNoTunnel(value);
  if (value && why === undefined) return value;
  diagnostics.push({
    severity: 'error',
    code: 'underlay-not-address',
    message: `host '${host.name}' has no underlay address to tunnel to: ${error ?? `${host.underlayAddress} ${why}`}`,
    range: host.underlayAt,
    hint: `set underlay_address to the IP address by which the other hosts reach '${host.name}'`,
  });
  return undefined;
}

function twice(spec: OverlaySpec, host: Host, owner: string, address: string): Diagnostic {
  return {
    severity: 'error',
    code: 'underlay-duplicate',
    message: `hosts '${owner}' and '${host.name}' of overlay '${spec.name}' have the same underlay address, ${address}`,
    range: host.underlayAt,
    hint: 'tunnels end at addresses, so each host needs its own',
  };
}

function mixed(
  spec: OverlaySpec,
  first: { host: Host; version: IpVersion },
  others: readonly Host[],
): Diagnostic {
  const other = others[0] as Host;
  const more = others.length > 1 ? ` (and ${others.length - 1} more)` : '';
  return {
    severity: 'error',
    code: 'underlay-mixed-versions',
    message: `overlay '${spec.name}' mixes IP versions: host '${first.host.name}' has an IPv${first.version} underlay address, '${other.name}'${more} an IPv${first.version === 4 ? 6 : 4} one`,
    range: other.underlayAt,
    hint: 'a tunnel has one IP version at both ends: give all members underlay addresses of the same version',
  };
}
