import type { Row } from '../../shared/frames/frames';
import { MAX_ROWS } from '../../shared/limits';
import { VALUES, type Amounts, type RowKey, type ToPanel } from '../../shared/messages/panel';
import { RowNumbers } from './rowNumbers';

/** Where the three values stand in a row of the wire. */
const SKBS = 6;
const U32 = 0xffffffff;

/** A part of a snapshot or a sample message. */
type Sample = Extract<ToPanel, { type: 'sample' }>;
type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;

/**
 * The rows of one run of the loader: every counter seen since attach, with its totals and what the last sample counted.
 * A row keeps its number for the whole run.
 */
export class Rows {
  readonly #numbers: RowNumbers;
  #totals = new Float64Array(VALUES * 64);
  /** What a sample counted, until all of it is known. */
  #counts = new Float64Array(VALUES * 64);
  #samples = 0;
  #last: Pick<Sample, 'index' | 'counts' | 'interval'> | undefined;
  #since: number | undefined;
  #full = false;

  /** @param most rows that are kept; those that come later are left out. */
  constructor(most = MAX_ROWS) {
    this.#numbers = new RowNumbers(most);
  }

  /** When the newest sample was taken, in seconds of the host's CLOCK_MONOTONIC. */
  get at(): number | undefined {
    return this.#since === undefined ? undefined : this.#since / 1e9;
  }

  /** Whether rows were left out because there are as many as may be. */
  get full(): boolean {
    return this.#full;
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
    const { counts, interval } = this.#last ?? {};
    if (!counts || !interval) return 0;
    let decisions = 0;
    for (let at = 0; at < counts.length; at += VALUES) decisions += counts[at] ?? 0;
    return decisions / interval.seconds;
  }

  /**
   * Takes the changed rows of one sample, cumulative since attach, and returns what a panel needs to know of it.
   * @param ns CLOCK_MONOTONIC of the host, nanoseconds, or undefined for final totals. Those and the first sample give
   * no rates: there is no interval to divide by.
   */
  apply(rows: readonly Row[], ns: number | undefined): Sample {
    const seconds = this.#since === undefined || ns === undefined ? 0 : (ns - this.#since) / 1e9;
    this.#since = ns;
    const before = this.length;
    const { index, counts } = this.#count(rows);
    const interval = ns !== undefined && seconds > 0 ? { end: ns / 1e9, seconds } : undefined;
    this.#last = { index, counts, interval };
    const added = this.#numbers.keys.slice(before);
    return { type: 'sample', number: this.#samples++, added, index, counts, interval };
  }

  /** Everything, as a snapshot carries it. The arrays are copies of exactly the rows there are. */
  all(): Pick<Snapshot, 'samples' | 'keys' | 'totals' | 'rates'> {
    const end = this.length * VALUES;
    const rates = new Float64Array(end);
    const { index, counts, interval } = this.#last ?? {};
    if (index && counts && interval) {
      for (const [place, number] of index.entries()) {
        for (let value = 0; value < VALUES; value++) {
          rates[number * VALUES + value] = (counts[place * VALUES + value] ?? 0) / interval.seconds;
        }
      }
    }
    return { samples: this.#samples, keys: this.#numbers.keys, totals: this.#totals.slice(0, end), rates };
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

  /** Takes the totals of some rows; returns their numbers, and how much they have grown. */
  #count(rows: readonly Row[]): { index: Uint32Array<ArrayBuffer>; counts: Amounts } {
    this.#counts = grown(this.#counts, rows.length * VALUES);
    const index = new Uint32Array(rows.length);
    let [fits, place, to] = [true, 0, 0];
    for (const row of rows) {
      const number = this.#numbers.take(row);
      if (number === undefined) {
        this.#full = true;
        continue;
      }
      index[place++] = number;
      this.#totals = grown(this.#totals, this.length * VALUES);
      for (let value = 0; value < VALUES; value++, to++) {
        const at = number * VALUES + value;
        const total = row[SKBS + value] as number;
        const count = total - (this.#totals[at] ?? 0);
        this.#totals[at] = total;
        this.#counts[to] = count;
        fits &&= count >= 0 && count <= U32;
      }
    }
    const counts = this.#counts.subarray(0, to);
    return {
      index: place === index.length ? index : index.slice(0, place),
      counts: fits ? new Uint32Array(counts) : counts.slice(),
    };
  }
}

/** Returns `values`, or a copy of twice its size or more when it cannot hold `length` numbers. */
function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (length <= values.length) return values;
  const wider = new Float64Array(Math.max(length, values.length * 2));
  wider.set(values);
  return wider;
}
