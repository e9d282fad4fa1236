/** What the thread that fuzzes shows the one that watches it, which can read it while the other hangs. */
export class Progress {
  readonly #numbers: Int32Array<SharedArrayBuffer>;

  constructor(readonly memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#numbers = new Int32Array(memory);
  }

  /** Inputs that were begun: the newest has this number less 1, which is its path for fast-check. */
  get inputs(): number {
    return Atomics.load(this.#numbers, 0);
  }

  /** Notes that the next input begins. */
  begin(): void {
    Atomics.add(this.#numbers, 0, 1);
  }
}
