/** Room of a buffer at first, and what it keeps once it was emptied, bytes. */
const USUAL = 64 * 1024;

/**
 * Bytes that come in chunks of any size, one after the other in one buffer: a list of the chunks would take more than a
 * hundred bytes for each, and a new buffer for each would be copied again and again.
 */
export class GrowingBuffer {
  #bytes = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Everything so far: a view, valid until the next call. */
  get view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#bytes.length) {
      const wider = Buffer.alloc(Math.max(USUAL, length, this.#bytes.length * 2));
      this.#bytes.copy(wider, 0, 0, this.#length);
      this.#bytes = wider;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
  }

  /** Forgets everything; the room that an unusual line took is given back. */
  clear(): void {
    this.#length = 0;
    if (this.#bytes.length > USUAL) this.#bytes = Buffer.alloc(0);
  }
}
