import { createHash, type Hash, hash } from 'node:crypto';

/**
 * A file of JSON that tells whether it is as meshbook wrote it: its last member is the SHA-256 of every byte before
 * it. A checksum against accidents and casual edits, not a signature: whoever edits the file can write a new one.
 */
export class Sealer {
  readonly #hash: Hash = createHash('sha256');

  /** A piece of the file, in order, to be written as it is. */
  add(text: string): string {
    this.#hash.update(text);
    return text;
  }

  /** The file's end. What was added before must end after a member's comma. */
  end(): string {
    return `"sha256": "${this.#hash.digest('hex')}"\n}\n`;
  }
}

const end = /"sha256": "([0-9a-f]{64})"\n\}\n$/;

/** Whether a whole file is as it was sealed. */
export function isSealed(text: string): boolean {
  const found = end.exec(text);
  if (found === null) return false;
  return hash('sha256', text.slice(0, found.index)) === found[1];
}
