import { derivedMac } from '../../net/mac.ts';

/**
 * The host's interface at the other end of a container's: `web-eth1`. Where that is longer than an interface's name can
 * be, or could mean two containers, it is the beginning of the container's name and 40 bits of a hash over both names.
 */
export function otherEndOf(container: string, name: string): string {
  const plain = `${container}-${name}`;
  if (/^[A-Za-z0-9]+-[A-Za-z0-9]+$/.test(plain) && plain.length <= 15) return plain;
  const digest = derivedMac(`${container}\0${name}`).replaceAll(':', '').slice(2);
  return `${container.replace(/[^A-Za-z0-9]/g, '').slice(0, 4)}_${digest}`;
}

/** The same MAC address after each restart of the container, so that neighbours go on with what they know. */
export function macOf(host: string, container: string, name: string): string {
  return derivedMac(`${host} ${container} ${name}`);
}

/** A bridge without a MAC of its own takes its members' lowest: never this one. */
export function otherEndMac(host: string, otherEnd: string): string {
  return derivedMac(`${host} ${otherEnd}`).replace(/^02/, 'fe');
}
