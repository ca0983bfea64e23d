import { type Address, formatAddress, quote } from './address.ts';
import { type Cidr, formatCidr, networkOf, parseWithPrefix, usableRange } from './cidr.ts';
import type { Parsed } from './parsed.ts';

/** An interface's address with the prefix length of its network. */
export interface InterfaceAddress {
  readonly address: Address;
  readonly prefix: number;
}

/**
 * Reads `10.0.0.5/24`. Refuses IPv4's network and broadcast address: Linux accepts them, but can't be reached
 * there. A /31 and a /32 have neither.
 */
export function parseInterfaceAddress(text: string): Parsed<InterfaceAddress> {
  const parsed = parseWithPrefix(text, "an interface's address");
  if (parsed.error !== undefined) return parsed;
  const { address, prefix } = parsed.value;
  if (address.version === 4) {
    const network = networkOf(address, prefix);
    const usable = usableRange(network);
    if (address.value < usable.first) {
      return {
        error: `${quote(text)} is the network address of ${formatCidr(network)}, not an address in it`,
      };
    }
    if (address.value > usable.last) {
      return { error: `${quote(text)} is the broadcast address of ${formatCidr(network)}` };
    }
  }
  return { value: { address, prefix } };
}

export function formatInterfaceAddress({ address, prefix }: InterfaceAddress): string {
  return `${formatAddress(address)}/${prefix}`;
}

/** The network that the interface is in. */
export function interfaceNetwork({ address, prefix }: InterfaceAddress): Cidr {
  return networkOf(address, prefix);
}
