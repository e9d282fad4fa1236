/** A limit of how often something may happen: a burst at once, and so many a second for longer (a token bucket). */
export class RateLimit {
  #left: number;
  #at: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(
    private readonly burst: number,
    private readonly perSecond: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#left = burst;
    this.#at = now();
  }

  /** Notes that it happens; tells whether it may. */
  take(): boolean {
    const now = this.now();
    this.#left = Math.min(this.burst, this.#left + ((now - this.#at) / 1000) * this.perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
