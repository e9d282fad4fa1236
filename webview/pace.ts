import { same } from './same';

/** Milliseconds between two writings of the same numbers at least: no one reads those that change faster. */
export const READABLE = 250;
/**
 * So many milliseconds after it might have been written, what waits is written by itself. What comes before that is written
 * with the picture that it comes with, and costs no picture of its own.
 */
export const LATE = 220;
/** Pictures less than so many milliseconds apart share out what is to be written. */
const OFTEN = 150;

/** One picture's part of what may wait for the next one: where pictures come often, one thing each. */
export class Turn {
  #taken = false;

  /** @param sinceLast milliseconds since the picture before. */
  constructor(private readonly sinceLast: number) {}

  /** Whether something has been written with this picture and the next one comes soon. */
  get over(): boolean {
    return this.#taken && this.sinceLast < OFTEN;
  }

  take(): void {
    this.#taken = true;
  }
}

/** Writes anew at once what is something else, and else at most once in a pause and in its turn, the newest last. */
export class Pace {
  #shown: readonly unknown[] = [];
  #when = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #write: () => void = () => undefined;

  constructor(private readonly pause: number) {}

  /**
   * Writes now, or after the pause with what is newest then; tells whether it was now.
   * @param shown what is written, but for its numbers.
   */
  take(turn: Turn, shown: readonly unknown[], write: () => void): boolean {
    this.#write = write;
    const rest = this.#when + this.pause - performance.now();
    if ((rest > 0 || turn.over) && same(shown, this.#shown)) {
      this.#timer ??= setTimeout(() => this.#now(), Math.max(0, rest) + LATE);
      return false;
    }
    turn.take();
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
