import { hash } from 'node:crypto';
import { quote } from './address.ts';
import type { Parsed } from './parsed.ts';

/** Six octets. */
export type Mac = readonly [number, number, number, number, number, number];

/** Reads `02:42:AC:11:00:02`, upper or lower case, with colons or hyphens. */
export function parseMac(text: string): Parsed<Mac> {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$|^[0-9a-f]{2}(-[0-9a-f]{2}){5}$/i.test(text)) {
    return { error: `${quote(text)} is not a MAC address such as 02:42:ac:11:00:02` };
  }
  const octets = text.split(/[:-]/).map((octet) => Number.parseInt(octet, 16));
  return { value: octets as unknown as Mac };
}

/** Lower case with colons, as `ip link` prints it. */
export function formatMac(mac: Mac): string {
  return mac.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}

/** False for group addresses, which no interface may have (IEEE 802, the first octet's lowest bit). */
export function isUnicastMac(mac: Mac): boolean {
  return (mac[0] & 1) === 0;
}

/**
 * The same MAC for the same seed: `02:` (locally administered, unicast) and five octets of the seed's
 * SHA-256. Hosts cloned from one image derive equal bridge MACs from their machine-id; a seed that contains
 * the host's name avoids that.
 */
export function derivedMac(seed: string): string {
  return hash('sha256', seed).replace(/^(..)(..)(..)(..)(..).*$/, '02:$1:$2:$3:$4:$5');
}
