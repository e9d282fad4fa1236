import type { Row } from '../protocol/frames';
import { VALUES, type RowKey, type ToPanel } from '../protocol/panel';
import { RowNumbers } from './rowNumbers';

/** Where the three values stand in a row of the wire. */
const SKBS = 6;

/** A part of a snapshot or a sample message. */
type Sample = Extract<ToPanel, { type: 'sample' }>;

/**
 * The rows of one run of the loader: every counter seen since attach, with its totals and its rates over the last
 * interval. A row keeps its number for the whole run.
 */
export class Rows {
  readonly #numbers = new RowNumbers();
  #totals = new Float64Array(VALUES * 64);
  #rates = new Float64Array(VALUES * 64);
  /** Rows whose rate is not 0. */
  #moving = new Uint32Array(0);
  #since: number | undefined;

  /** When the newest sample was taken, in seconds of the host's CLOCK_MONOTONIC. */
  get at(): number | undefined {
    return this.#since === undefined ? undefined : this.#since / 1e9;
  }

  /** How many rows there are. */
  get length(): number {
    return this.#numbers.keys.length;
  }

  /** What identifies each of them. */
  get keys(): readonly RowKey[] {
    return this.#numbers.keys;
  }

  /** Decisions of get_rps_cpu() per second over the last interval. One packet may be decided on more than once. */
  get decisionsPerSecond(): number {
    return this.#moving.reduce((sum, number) => sum + (this.#rates[number * VALUES] ?? 0), 0);
  }

  /**
   * Takes the changed rows of one sample, cumulative since attach, and returns what a panel needs to know of it.
   * @param ns CLOCK_MONOTONIC of the host, nanoseconds, or undefined for final totals. Those and the first sample give
   * no rates: there is no interval to divide by.
   */
  apply(rows: readonly Row[], ns: number | undefined): Sample {
    const seconds = this.#since === undefined || ns === undefined ? 0 : (ns - this.#since) / 1e9;
    this.#since = ns;
    for (const number of this.#moving) this.#rates.fill(0, number * VALUES, (number + 1) * VALUES);
    const before = this.length;
    this.#moving = Uint32Array.from(rows, (row) => this.#take(row, seconds));
    return {
      type: 'sample',
      added: this.#numbers.keys.slice(before),
      index: this.#moving,
      totals: this.#pick(this.#totals),
      rates: this.#pick(this.#rates),
      interval: ns !== undefined && seconds > 0 ? { end: ns / 1e9, seconds } : undefined,
    };
  }

  /** Everything, as a snapshot carries it. The arrays are copies of exactly the rows there are. */
  all(): { keys: readonly RowKey[]; totals: Float64Array; rates: Float64Array } {
    const end = this.length * VALUES;
    return { keys: this.#numbers.keys, totals: this.#totals.slice(0, end), rates: this.#rates.slice(0, end) };
  }

  /** Everything as the loader would tell it: every row with its totals. */
  asRows(): Row[] {
    return this.#numbers.keys.map(({ netns, ifindex, instance, queue, cpu, target, verdict }, number) => {
      const [skbs = 0, segments = 0, bytes = 0] = this.#totals.subarray(
        number * VALUES,
        (number + 1) * VALUES,
      );
      return [netns, ifindex, queue, cpu, target, verdict, skbs, segments, bytes, instance];
    });
  }

  #take(row: Row, seconds: number): number {
    const number = this.#numbers.take(row);
    this.#grow();
    for (let value = 0; value < VALUES; value++) {
      const at = number * VALUES + value;
      const total = row[SKBS + value] as number;
      this.#rates[at] = seconds > 0 ? (total - (this.#totals[at] ?? 0)) / seconds : 0;
      this.#totals[at] = total;
    }
    return number;
  }

  #grow(): void {
    if (this.length * VALUES <= this.#totals.length) return;
    this.#totals = doubled(this.#totals);
    this.#rates = doubled(this.#rates);
  }

  #pick(from: Float64Array): Float64Array {
    const picked = new Float64Array(this.#moving.length * VALUES);
    let to = 0;
    for (const number of this.#moving) {
      for (let at = number * VALUES; at < (number + 1) * VALUES; at++) picked[to++] = from[at] ?? 0;
    }
    return picked;
  }
}

function doubled(values: Float64Array): Float64Array<ArrayBuffer> {
  const wider = new Float64Array(values.length * 2);
  wider.set(values);
  return wider;
}
