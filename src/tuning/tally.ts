import { MAX_ROWS } from '../../shared/limits';
import type { Landed } from './spread';

/** A counter of the host: cumulative, and never smaller than before. */
export interface Counted {
  /** What it belongs to; no two counters of a tally share it. */
  readonly key: string;
  /** The queue it is of, as `queueKey` writes it. */
  readonly queue: string;
  readonly cpu: number;
  readonly target: number;
  readonly skbs: number;
}

interface Cell extends Counted {
  readonly base: number;
  readonly rate: number;
}

/** Counters since a moment, with their rates over the last interval. */
export class Tally {
  #cells = new Map<string, Cell>();
  #moving: readonly string[] = [];
  #from: number | undefined;
  #at: number | undefined;

  /** @param most counters; those that come later are left out. */
  constructor(private readonly most = MAX_ROWS) {}

  /** When it begins, and when it was last counted, in seconds of the host's clock; undefined until it was. */
  get from(): number | undefined {
    return this.#from;
  }
  get at(): number | undefined {
    return this.#at;
  }

  /** Begins anew with counters that are 0 at `from`. */
  clear(from?: number): void {
    this.#cells = new Map();
    this.#moving = [];
    this.#from = this.#at = from;
  }

  /** What is counted so far is the beginning: all counts are 0 from here. */
  rebase(): void {
    for (const [key, cell] of this.#cells) this.#cells.set(key, { ...cell, base: cell.skbs });
    this.#from = this.#at;
  }

  /** Takes the counters that have changed; all others stood still. */
  take(changed: Iterable<Counted>, at: number): void {
    const seconds = this.#at === undefined ? 0 : at - this.#at;
    for (const key of this.#moving) this.#still(key);
    this.#moving = [...changed].flatMap((counter) => {
      const old = this.#cells.get(counter.key);
      // As the table of the trace, which tells of it.
      if (!old && this.#cells.size >= this.most) return [];
      const grown = counter.skbs - (old?.skbs ?? 0);
      const rate = seconds > 0 ? grown / seconds : 0;
      this.#cells.set(counter.key, { ...counter, base: old?.base ?? 0, rate });
      return [counter.key];
    });
    this.#at = at;
    this.#from ??= at;
  }

  /** What landed on the given queues. */
  *of(queues: ReadonlySet<string>): Generator<Landed> {
    for (const { queue, cpu, target, skbs, base, rate } of this.#cells.values()) {
      if (queues.has(queue) && skbs > base) yield { cpu, target, skbs: skbs - base, rate };
    }
  }

  #still(key: string): void {
    const cell = this.#cells.get(key);
    if (cell) this.#cells.set(key, { ...cell, rate: 0 });
  }
}
