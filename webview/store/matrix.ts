import type { Axis } from './axis';

/** What is shown: skbs per second over the last interval, or skbs since the start. */
export type Measure = 'rate' | 'total';

/** Decisions by current CPU (rows) and target CPU (columns, the last one "none"), summed over all other parts of a row's key. */
export class Matrix {
  readonly columns: number;
  readonly rate: Float64Array;
  readonly total: Float64Array;

  constructor(readonly axis: Axis) {
    this.columns = axis.cpus.length + 1;
    this.rate = new Float64Array(axis.cpus.length * this.columns);
    this.total = new Float64Array(axis.cpus.length * this.columns);
  }

  /** Where a decision is counted; -1 when a CPU is not on the axis yet. */
  cell(cpu: number, target: number): number {
    const row = this.axis.places.get(cpu);
    const column = target < 0 ? this.columns - 1 : this.axis.places.get(target);
    return row === undefined || column === undefined ? -1 : row * this.columns + column;
  }
}

/** Sums over a matrix, in the unit of what was summed. */
export interface Sums {
  readonly all: number;
  /** Handed to another CPU. */
  readonly steered: number;
  /** Kept on the CPU where it was. */
  readonly self: number;
  /** get_rps_cpu() named no CPU. */
  readonly none: number;
  /** Steered to a CPU of another NUMA node. */
  readonly crossNode: number;
  /** By place on the axis of current CPUs. */
  readonly from: Float64Array;
  /** By place on the axis of target CPUs, "none" last. */
  readonly to: Float64Array;
  /** The greatest cell and its value; -1 when all are 0. */
  readonly busiest: number;
  readonly max: number;
  /** The smallest value above 0, or 0. */
  readonly min: number;
}

/** Adds up what the headline, the scale and the bars at the heat map's edge show. */
export function sumUp(matrix: Matrix, measure: Measure): Sums {
  const { axis, columns } = matrix;
  const values = matrix[measure];
  const from = new Float64Array(axis.cpus.length);
  const to = new Float64Array(columns);
  const nodeOf = axis.cpus.map((cpu) => cpu.node ?? -1);
  let [all, self, none, crossNode, busiest, max, min] = [0, 0, 0, 0, -1, 0, Infinity];
  for (let row = 0, cell = 0; row < columns - 1; row++) {
    for (let column = 0; column < columns; column++, cell++) {
      const value = values[cell] ?? 0;
      if (value <= 0) continue;
      all += value;
      from[row] = (from[row] ?? 0) + value;
      to[column] = (to[column] ?? 0) + value;
      if (column === row) self += value;
      else if (column === columns - 1) none += value;
      else if (nodeOf[row] !== nodeOf[column]) crossNode += value;
      if (value > max) [max, busiest] = [value, cell];
      if (value < min) min = value;
    }
  }
  if (busiest < 0) min = 0;
  return { all, steered: all - self - none, self, none, crossNode, from, to, busiest, max, min };
}
