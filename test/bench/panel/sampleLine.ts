import type { Row } from '../../../shared/frames/frames';

/** Where counters begin, so that all have the same number of digits for as long as anybody measures. */
const BASE = 1e12;
const ZERO = 48;

/**
 * The line of a sample whose counters grow in place, digit by digit: JavaScript takes longer to write 200,000 numbers anew
 * than the tenth of a second until the next sample.
 */
export class SampleLine {
  readonly #rows: Buffer;
  /** Where the last digit of each counter is. */
  readonly #ends: Int32Array;

  constructor(rows: readonly Row[]) {
    const ends: number[] = [];
    let length = 0;
    const texts = rows.map((row) => {
      let text = JSON.stringify(row.slice(0, 6)).slice(0, -1);
      for (const value of row.slice(6, 9)) {
        text += `,${BASE + Number(value)}`;
        ends.push(length + text.length - 1);
      }
      text += `,${row[9]}]`;
      length += text.length + 1;
      return text;
    });
    this.#rows = Buffer.from(texts.join());
    this.#ends = Int32Array.from(ends);
  }

  /** Adds a whole number not below 0 to each counter. */
  add(increments: Int32Array): void {
    for (let counter = 0; counter < increments.length; counter++) {
      let carry = increments[counter] ?? 0;
      for (let at = this.#ends[counter] ?? 0; carry > 0; at--) {
        const sum = (this.#rows[at] ?? ZERO) - ZERO + carry;
        carry = Math.floor(sum / 10);
        this.#rows[at] = ZERO + sum - carry * 10;
      }
    }
  }

  /** What is to be written, one after the other, before the next `add`. */
  parts(seq: number, ns: number): (string | Buffer)[] {
    return [`{"type":"sample","seq":${seq},"ns":${ns},"rows":[`, this.#rows, ']}\n'];
  }
}
