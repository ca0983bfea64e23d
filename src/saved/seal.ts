import { createHash, type Hash, hash } from 'node:crypto';

/**
 * A JSON file that shows whether it is as meshbook wrote it: its last member is the SHA-256 of every byte before it. A
 * checksum against accidents and casual edits, not a signature: whoever edits the file can write a new one.
 */
export class Sealer {
  readonly #hash: Hash = createHash('sha256');

  /** Adds a piece of the file, in order, to be written unchanged. */
  add(text: string): string {
    this.#hash.update(text);
    return text;
  }

  /** The file's end. The pieces added before must end after a member's comma. */
  end(): string {
    return `"sha256": "${this.#hash.digest('hex')}"\n}\n`;
  }
}

const end = /"sha256": "([0-9a-f]{64})"\n\}\n$/;

/** Whether a whole file matches its seal. */
export function isSealed(text: string): boolean {
  const found = end.exec(text);
  if (found === null) return false;
  return hash('sha256', text.slice(0, found.index)) === found[1];
}
