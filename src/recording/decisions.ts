import { verdicts, type Row } from '../protocol/frames';
import { Malformed } from './bytes';
import { shapes } from './packed';
import { advance, type TableData } from './table';

/** The first six of a row, and the instance of the device. */
type DecisionKey = readonly [number, number, number, number, number, Row[5], number];

/** Follows the decisions of a block, sample by sample; it begins at its opening. */
export class Decisions {
  /** What identifies each row. */
  readonly keys: readonly DecisionKey[];
  readonly #totals: Float64Array;
  #next = 0;

  /** @throws Malformed when a key is none */
  constructor(readonly data: TableData) {
    this.#totals = data.base.slice();
    this.keys = Array.from({ length: data.rows }, (_, row) => keyAt(data.keys, row * shapes.decisions.keys));
  }

  /** Every row that has counted something so far. */
  all(): Row[] {
    return this.#rows((row) => VALUES.some((value) => this.#total(row, value) !== 0));
  }

  /** Goes on to the next sample and returns the rows that changed in it. */
  step(): Row[] {
    const sample = this.#next;
    this.skip();
    return this.#rows((row) => this.changed(row, sample));
  }

  /** Goes on to the next sample. */
  skip(): void {
    advance(this.data, this.#totals, this.#next++);
  }

  /** Whether a row changed in a sample. */
  changed(row: number, sample: number): boolean {
    const { changes, samples } = this.data;
    return VALUES.some((value) => (changes[value]?.[row * samples + sample] ?? 0) !== 0);
  }

  #rows(listed: (row: number) => boolean): Row[] {
    const rows: Row[] = [];
    for (const [row, [netns, ifindex, queue, cpu, target, verdict, instance]] of this.keys.entries()) {
      if (!listed(row)) continue;
      const values = [this.#total(row, 0), this.#total(row, 1), this.#total(row, 2)] as const;
      rows.push([netns, ifindex, queue, cpu, target, verdict, ...values, instance]);
    }
    return rows;
  }

  #total(row: number, value: number): number {
    return this.#totals[row * shapes.decisions.values + value] ?? 0;
  }
}

const VALUES = [0, 1, 2] as const;

function keyAt(keys: Float64Array, at: number): DecisionKey {
  const part = (place: number, least: number, most: number) => {
    const value = keys[at + place] ?? NaN;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new Malformed(`${value} in the key of a row`);
  };
  const verdict = verdicts[part(5, 0, verdicts.length - 1)];
  if (verdict === undefined) throw new Malformed('no such verdict');
  return [
    part(0, 0, 0xffffffff),
    part(1, 0, 0xffffffff),
    part(2, 0, 0xffff),
    part(3, 0, 0xffff),
    part(4, -1, 0xffff),
    verdict,
    part(6, 0, 0xffffffff),
  ];
}
