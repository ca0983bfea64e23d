/**
 * Bytes in one buffer, however small the pieces: each piece as it arrives keeps its whole packet in memory, and costs
 * far more than a byte. At most twice the added size is allocated.
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
