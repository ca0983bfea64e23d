import type { Algorithms, ServerHostKeyAlgorithm } from 'ssh2';

/** By type of host key: the signatures to ask for. `ssh-rsa` with SHA-1 and `ssh-dss` are excluded. */
const signatures: ReadonlyMap<string, readonly ServerHostKeyAlgorithm[]> = new Map([
  ['ssh-ed25519', ['ssh-ed25519']],
  ['ecdsa-sha2-nistp256', ['ecdsa-sha2-nistp256']],
  ['ecdsa-sha2-nistp384', ['ecdsa-sha2-nistp384']],
  ['ecdsa-sha2-nistp521', ['ecdsa-sha2-nistp521']],
  ['ssh-rsa', ['rsa-sha2-512', 'rsa-sha2-256']],
]);

/**
 * Our algorithms, cheapest first: X25519, Ed25519 and AES-GCM cost the controller least. None uses SHA-1 or CBC. The
 * types of known host keys come first, so that a host with several keys shows one that can be compared; the others
 * stay on offer, because a host with a key of another type is then refused by name and fingerprint rather than by a
 * failed negotiation.
 */
export function offeredAlgorithms(storedTypes: readonly string[]): Algorithms {
  const types = [...new Set([...storedTypes, ...signatures.keys()])];
  return {
    kex: [
      'curve25519-sha256',
      'curve25519-sha256@libssh.org',
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group-exchange-sha256',
      'diffie-hellman-group16-sha512',
      'diffie-hellman-group14-sha256',
      'diffie-hellman-group18-sha512',
    ],
    serverHostKey: types.flatMap((type) => signatures.get(type) ?? []),
    cipher: [
      'aes128-gcm@openssh.com',
      'aes256-gcm@openssh.com',
      'chacha20-poly1305@openssh.com',
      'aes128-ctr',
      'aes256-ctr',
    ],
    hmac: [
      'hmac-sha2-256-etm@openssh.com',
      'hmac-sha2-512-etm@openssh.com',
      'hmac-sha2-256',
      'hmac-sha2-512',
    ],
    compress: ['none'],
  };
}
