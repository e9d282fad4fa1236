import { rate, share, whole } from '../format';
import type { Axis, AxisCpu } from '../store/axis';
import type { Matrix, Measure, Sums } from '../store/matrix';
import { words } from '../words';

/** A cell by its place on both axes; the column after the last CPU is "none". */
export interface Spot {
  readonly row: number;
  readonly column: number;
}

/** A value with its unit, exact. */
export function amount(value: number, measure: Measure): string {
  return `${measure === 'rate' ? rate(value) : whole(value)} ${words.unit[measure]}`;
}

/** `CPU 3 → CPU 17`. */
export function cellName(axis: Axis, { row, column }: Spot): string {
  const name = (cpu: AxisCpu | undefined) => (cpu ? words.cpu(cpu.id) : words.none);
  return words.cell(name(axis.cpus[row]), name(axis.cpus[column]));
}

/** What a tooltip and a screen reader say of a cell: its name, its kind, then pairs of a name and a value. */
export function describeCell(matrix: Matrix, sums: Sums, measure: Measure, spot: Spot) {
  const { axis } = matrix;
  const from = axis.cpus[spot.row];
  const to = axis.cpus[spot.column];
  const cell = spot.row * matrix.columns + spot.column;
  const value = matrix[measure][cell] ?? 0;
  const lines: [name: string, value: string][] = [
    [words.tip.from, place(from)],
    [words.tip.to, place(to)],
    [words.tip.rate, amount(matrix.rate[cell] ?? 0, 'rate')],
    [words.tip.total, amount(matrix.total[cell] ?? 0, 'total')],
    [words.tip.share, share(value, sums.all)],
  ];
  const sum = (value: number | undefined) => amount(value ?? 0, measure);
  if (from) lines.push([words.tip.fromSum(words.cpu(from.id)), sum(sums.from[spot.row])]);
  if (to) lines.push([words.tip.toSum(words.cpu(to.id)), sum(sums.to[spot.column])]);
  return { name: cellName(axis, spot), kind: kindOf(from, to), lines };
}

function place(cpu: AxisCpu | undefined): string {
  return cpu ? `${words.cpu(cpu.id)}, ${words.node(cpu.node)}` : words.none;
}

function kindOf(from: AxisCpu | undefined, to: AxisCpu | undefined): string {
  if (!to) return words.kind.none;
  if (from?.id === to.id) return words.kind.self;
  if (from?.node === undefined || to.node === undefined) return words.kind.steered;
  if (from.node !== to.node) return words.kind.far;
  if (from.core !== undefined && from.core === to.core && from.package === to.package)
    return words.kind.sibling;
  return from.llc !== undefined && from.llc === to.llc ? words.kind.cache : words.kind.near;
}

/** The whole matrix in two sentences. */
export function summary(matrix: Matrix, sums: Sums, measure: Measure): string {
  const { axis, columns } = matrix;
  const spot = { row: Math.floor(sums.busiest / columns), column: sums.busiest % columns };
  const busiest =
    sums.busiest < 0 ? words.allZero : words.busiest(cellName(axis, spot), amount(sums.max, measure));
  return words.matrixSummary(whole(axis.cpus.length), amount(sums.all, measure), busiest);
}
