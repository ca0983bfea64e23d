/**
 * Bytes in one piece of memory, however small the pieces that they come in: each piece as it arrives holds on to the
 * packet that it came in, and costs far more than a byte. At most twice as much is held as was added.
 */
export class Bytes {
  #held = Buffer.alloc(0);
  #length = 0;

  add(piece: Buffer): void {
    const wanted = this.#length + piece.length;
    if (wanted > this.#held.length) {
      const larger = Buffer.alloc(Math.max(wanted, this.#held.length * 2, 1024));
      this.#held.copy(larger, 0, 0, this.#length);
      this.#held = larger;
    }
    piece.copy(this.#held, this.#length);
    this.#length = wanted;
  }

  toString(): string {
    return this.#held.toString('utf8', 0, this.#length);
  }
}
