import { hash } from 'node:crypto';

/** Linux keeps interface names in 16 bytes, the last one 0 (IFNAMSIZ in linux/if.h). */
const longest = 15;

/**
 * The name of the tunnel port to a peer: `lab-docker2`. It depends only on the overlay and the peer, so that no later
 * overlay or host renames a port in use.
 *
 * If that is too long, contains a character that is best avoided in interface names, or could belong to two overlays
 * (`a-b` + `c`, `a` + `b-c`), it is the beginning of the peer's name and 40 bits of a hash over both names:
 * `docker_k3v0q9zb`. This form has no hyphen and the plain one has, so they never collide; within the hashed form,
 * equal names need equal hashes, which among 1,000 peers of a host is less likely than 1 in 2 million.
 */
export function portName(overlay: string, peer: string): string {
  const plain = `${overlay}-${peer}`;
  const unambiguous = /^[A-Za-z0-9]+$/.test(overlay) && /^[A-Za-z0-9-]+$/.test(peer);
  if (unambiguous && plain.length <= longest) return plain;
  const hash = shortHash(`${overlay}\0${peer}`);
  const readable = peer.replace(/[^A-Za-z0-9]/g, '').slice(0, longest - hash.length - 1);
  return `${readable}_${hash}`;
}

/** 40 bits in 8 characters of base 32. */
function shortHash(text: string): string {
  const digest = hash('sha256', text, 'buffer');
  return digest.readUIntBE(0, 5).toString(32).padStart(8, '0');
}
