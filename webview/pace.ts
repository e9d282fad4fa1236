import { same } from './same';

/** Milliseconds between two writings of the same numbers at least: no one reads those that change faster. */
export const READABLE = 250;
/**
 * So many milliseconds after the end of a pause what waits is written by itself. What comes before that is written with the
 * picture that it comes with, and costs no picture of its own.
 */
const LATE = 120;

/** Writes anew at once what is something else, and else at most once in a pause, the newest last. */
export class Pace {
  #shown: readonly unknown[] = [];
  #when = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #write: () => void = () => undefined;

  constructor(private readonly pause: number) {}

  /**
   * Writes now, or soon after the end of the pause unless something newer is to be written then; tells whether it was now.
   * @param shown what is written, but for its numbers.
   */
  take(shown: readonly unknown[], write: () => void): boolean {
    this.#write = write;
    const rest = this.#when + this.pause - performance.now();
    if (rest > 0 && same(shown, this.#shown)) {
      this.#timer ??= setTimeout(() => this.#now(), rest + LATE);
      return false;
    }
    this.#shown = shown;
    this.#now();
    return true;
  }

  #now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#when = performance.now();
    this.#write();
  }
}
