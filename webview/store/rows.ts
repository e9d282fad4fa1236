import { VALUES, type RowKey } from '../../shared/messages/panel';
import { grown } from './grow';
import type { Links } from './links';
import type { Matrix } from './matrix';

/** The rows of a trace as columns of numbers; a row's number is its place in each of them. */
export class Rows {
  readonly keys: RowKey[] = [];
  /** `VALUES` numbers a row, since the start. May be longer than needed. */
  totals = new Float64Array(0);
  /** `VALUES` numbers a row, per second. May be longer than needed. */
  rates = new Float64Array(0);
  /** A row's number in `links`. */
  link = new Int32Array(0);
  /** A row's cell in the matrix, -1 when one of its CPUs is not on the axis yet. */
  cell = new Int32Array(0);
  /** Every CPU named by a row. */
  readonly cpus = new Set<number>();
  /** Every CPU that a row names as its target. */
  readonly targets = new Set<number>();

  constructor(readonly links: Links) {}

  get count(): number {
    return this.keys.length;
  }

  /** Gives the next number to each of `keys`; says whether a CPU was seen for the first time. */
  add(keys: readonly RowKey[]): boolean {
    const before = this.cpus.size;
    const count = this.count + keys.length;
    this.totals = grown(this.totals, count * VALUES);
    this.rates = grown(this.rates, count * VALUES);
    this.link = grown(this.link, count);
    this.cell = grown(this.cell, count);
    for (const key of keys) {
      const row = this.keys.push(key) - 1;
      this.link[row] = this.links.number(key);
      this.cpus.add(key.cpu);
      if (key.target < 0) continue;
      this.cpus.add(key.target);
      this.targets.add(key.target);
    }
    return this.cpus.size > before;
  }

  /** Finds the cells of the rows from `first` on and adds their values to the matrix. */
  placeIn(matrix: Matrix, first: number): void {
    for (let row = first; row < this.count; row++) {
      const key = this.keys[row];
      if (!key) continue;
      const cell = matrix.cell(key.cpu, key.target);
      this.cell[row] = cell;
      if (cell < 0) continue;
      matrix.rate[cell] = (matrix.rate[cell] ?? 0) + (this.rates[row * VALUES] ?? 0);
      matrix.total[cell] = (matrix.total[cell] ?? 0) + (this.totals[row * VALUES] ?? 0);
    }
  }
}
