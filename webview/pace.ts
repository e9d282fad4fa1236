/** Milliseconds between two writings of the same numbers at least: no one reads those that change faster. */
export const READABLE = 250;

/** Says when something is to be written anew: at once when it is something else, else at most once in a pause. */
export class Pace {
  #shown: readonly unknown[] = [];
  #when = -Infinity;
  #waking = false;

  /** @param wake asks for the picture that was left out last. */
  constructor(
    private readonly pause: number,
    private readonly wake: () => void,
  ) {}

  /** @param shown what is written, but for its numbers. */
  due(shown: readonly unknown[]): boolean {
    const now = performance.now();
    const same = shown.length === this.#shown.length && shown.every((part, at) => part === this.#shown[at]);
    if (same && now - this.#when < this.pause) {
      this.#wakeLater();
      return false;
    }
    this.#shown = shown;
    this.#when = now;
    return true;
  }

  #wakeLater(): void {
    if (this.#waking) return;
    this.#waking = true;
    setTimeout(() => {
      this.#waking = false;
      this.wake();
    }, this.pause);
  }
}
