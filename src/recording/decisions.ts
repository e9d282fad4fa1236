import { verdicts, type Row } from '../../shared/frames/frames';
import { Malformed } from './bytes';
import { shapes } from './packed';
import { Slice } from './slice';
import { advance, type TableData } from './table';

/** The first six of a row, and the instance of the device. */
export type DecisionKey = readonly [number, number, number, number, number, Row[5], number];

/** Follows the decisions of a block, sample by sample; it begins at its opening. */
export class Decisions {
  readonly #totals: Float64Array;
  #next = 0;

  /** @param keys what identifies each row */
  constructor(
    readonly data: TableData,
    readonly keys: readonly DecisionKey[],
  ) {
    this.#totals = data.base.slice();
  }

  /** Every row that has counted something so far; of those from row number `from` on to before `to`. */
  all(from = 0, to = this.data.rows): Row[] {
    const counted = (row: number) =>
      this.#total(row, 0) !== 0 || this.#total(row, 1) !== 0 || this.#total(row, 2) !== 0;
    return this.#rows(counted, from, to);
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
    const [skbs, segments, bytes] = changes;
    const at = row * samples + sample;
    return (skbs?.[at] ?? 0) !== 0 || (segments?.[at] ?? 0) !== 0 || (bytes?.[at] ?? 0) !== 0;
  }

  #rows(listed: (row: number) => boolean, from = 0, to = this.data.rows): Row[] {
    const rows: Row[] = [];
    for (let row = from; row < Math.min(to, this.data.rows); row++) {
      const key = this.keys[row];
      if (!key || !listed(row)) continue;
      const [netns, ifindex, queue, cpu, target, verdict, instance] = key;
      const values = [this.#total(row, 0), this.#total(row, 1), this.#total(row, 2)] as const;
      rows.push([netns, ifindex, queue, cpu, target, verdict, ...values, instance]);
    }
    return rows;
  }

  #total(row: number, value: number): number {
    return this.#totals[row * shapes.decisions.values + value] ?? 0;
  }
}

/** What identifies each row of a table of decisions. @throws Malformed when that is none */
export async function decisionKeys({ keys, rows }: TableData): Promise<DecisionKey[]> {
  const slice = new Slice();
  const all: DecisionKey[] = [];
  for (let row = 0; row < rows; row++) {
    if (slice.isOver) await slice.next();
    all.push(keyAt(keys, row * shapes.decisions.keys));
  }
  return all;
}

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
