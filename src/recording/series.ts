import { Malformed, type ByteReader, type ByteWriter } from './bytes';

/** How fast the prediction follows what comes: an eighth of the difference at a time. */
const FOLLOW = 1 / 8;
/** Predictions end here: with what a counter may really change by, everything stays an exact integer. */
const FAR = 2 ** 48;

const bounded = (guess: number) => (Math.abs(guess) < FAR ? Math.round(guess) : 0);

/**
 * Predicts the next change of a counter from those before. Writer and reader run the same arithmetic on doubles, which
 * gives the same bits everywhere (IEEE 754), so only what differs from the prediction is stored.
 */
class Guess {
  #mean = 0;

  get next(): number {
    return bounded(this.#mean);
  }

  learn(change: number): void {
    this.#mean += (change - this.#mean) * FOLLOW;
  }
}

/** Predicts how much one counter changes from how much another one does: bytes from packets. */
class Ratio {
  #by = 0;
  #of = 0;

  guess(by: number): number {
    return this.#by > 0 ? bounded((by * this.#of) / this.#by) : 0;
  }

  learn(by: number, of: number): void {
    this.#by += (by - this.#by) * FOLLOW;
    this.#of += (of - this.#of) * FOLLOW;
  }
}

/** Writes the changes of one counter from sample to sample. */
export function writeChanges(writer: ByteWriter, changes: ArrayLike<number>): void {
  const guess = new Guess();
  for (let sample = 0; sample < changes.length; sample++) {
    const change = changes[sample] ?? 0;
    writer.signed(change - guess.next);
    guess.learn(change);
  }
}

/** Reads what `writeChanges` wrote. */
export function readChanges(reader: ByteReader, changes: Float64Array): void {
  const guess = new Guess();
  for (let sample = 0; sample < changes.length; sample++) {
    const change = reader.signed() + guess.next;
    guess.learn(change);
    changes[sample] = change;
  }
}

/**
 * Writes the changes of a counter that goes along with another one, `by`, exactly at every `detail`th sample and at the
 * last one.
 */
export function writeAlong(
  writer: ByteWriter,
  by: ArrayLike<number>,
  changes: ArrayLike<number>,
  detail: number,
): void {
  const ratio = new Ratio();
  for (let from = 0; from < by.length; from += detail) {
    const to = Math.min(by.length, from + detail);
    const [sumBy, sum] = [sumOf(by, from, to), sumOf(changes, from, to)];
    writer.signed(sum - ratio.guess(sumBy));
    ratio.learn(sumBy, sum);
  }
}

/** Reads what `writeAlong` wrote; between the exact samples the change is shared out in proportion to that of `by`. */
export function readAlong(reader: ByteReader, by: Float64Array, changes: Float64Array, detail: number): void {
  const ratio = new Ratio();
  for (let from = 0; from < by.length; from += detail) {
    const to = Math.min(by.length, from + detail);
    const sumBy = sumOf(by, from, to);
    const sum = reader.signed() + ratio.guess(sumBy);
    if (!Number.isFinite(sum)) throw new Malformed('a counter without bounds');
    ratio.learn(sumBy, sum);
    let [passed, given] = [0, 0];
    for (let sample = from; sample < to - 1; sample++) {
      passed += by[sample] ?? 0;
      const until = sumBy > 0 ? Math.round((sum * passed) / sumBy) : 0;
      changes[sample] = until - given;
      given = until;
    }
    changes[to - 1] = sum - given;
  }
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at] ?? 0;
  return sum;
}
