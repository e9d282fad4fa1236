import { Malformed, type ByteReader, type ByteWriter } from './bytes';
import { MAX_CELLS } from '../../shared/limits';
import { readAlong, readChanges, writeAlong, writeChanges } from './series';
import { Slice } from './slice';

/** What the rows of a frame are like once they are numbers. */
export interface TableShape {
  /** Numbers that identify a row. */
  readonly keys: number;
  /** Counters of a row. */
  readonly values: number;
  /** Whether the second and later counters go along with the first, as bytes do with packets. */
  readonly along: boolean;
  /** Whether a frame lists every row there is, and not only those that have changed. */
  readonly whole: boolean;
  /** Rows at most. */
  readonly most: number;
}

/** Where a writer ends a block. */
export const FULL_CELLS = MAX_CELLS / 2;

interface WrittenRow {
  readonly key: readonly number[];
  /** The counters before the first sample of the block. */
  readonly base: readonly number[];
  last: readonly number[];
  /** Changes, `values` numbers for each sample so far; those left out at the end are 0. */
  readonly changes: number[];
  /** Frames from which on the row is listed, is not, is again …; the opening is number 0, the first sample 1. */
  readonly turns: number[];
}

/** Collects the rows of one block's frames and writes them column by column. */
export class TableWriter {
  readonly #rows = new Map<string, WrittenRow>();
  #samples = 0;

  constructor(readonly shape: TableShape) {}

  /** How much of a block is used up. */
  get cells(): number {
    return this.#rows.size * this.#samples;
  }

  /** Whether a reader would still take the block with one more frame, which has `count` rows. */
  fits(count: number, rows: Iterable<readonly [key: readonly number[], values: readonly number[]]>): boolean {
    const hasRoom = (added: number) =>
      Math.min(this.#rows.size + added, this.shape.most) * (this.#samples + 1) <= MAX_CELLS;
    if (hasRoom(count)) return true;
    let added = 0;
    for (const [key] of rows) if (!this.#rows.has(key.join())) added++;
    return hasRoom(added);
  }

  /** What the rows were before the block's first sample. */
  open(key: readonly number[], values: readonly number[]): void {
    this.#rows.set(key.join(), { key, base: values, last: values, changes: [], turns: [0] });
  }

  /** The next frame's rows. */
  add(rows: Iterable<readonly [key: readonly number[], values: readonly number[]]>): void {
    const sample = this.#samples++;
    const { values: count, whole } = this.shape;
    const listed = new Set<WrittenRow>();
    for (const [key, values] of rows) {
      const row = this.#row(key);
      // As in the trace that is recorded, which tells of it.
      if (!row) continue;
      // Up to the end of this frame: a loader that names a row twice means the last one.
      while (row.changes.length < (sample + 1) * count) row.changes.push(0);
      for (let value = 0; value < count; value++) {
        const at = sample * count + value;
        row.changes[at] = (row.changes[at] ?? 0) + (values[value] ?? 0) - (row.last[value] ?? 0);
      }
      row.last = values;
      if (!whole) continue;
      listed.add(row);
      if (row.turns.length % 2 === 0) row.turns.push(sample + 1);
    }
    if (!whole) return;
    for (const row of this.#rows.values()) {
      if (!listed.has(row) && row.turns.length % 2 === 1) row.turns.push(sample + 1);
    }
  }

  /** @param detail every how many samples counters that go along are exact. */
  async write(writer: ByteWriter, detail: number): Promise<void> {
    const slice = new Slice();
    const { keys, values, along, whole } = this.shape;
    const rows = [...this.#rows.values()].sort(({ key: a }, { key: b }) => {
      const part = a.findIndex((number, place) => number !== b[place]);
      return (a[part] ?? 0) - (b[part] ?? 0);
    });
    writer.unsigned(rows.length);
    writer.unsigned(detail);
    for (let part = 0; part < keys; part++) writeColumn(writer, rows, ({ key }) => key[part] ?? 0);
    for (let value = 0; value < values; value++) {
      for (const { base } of rows) writer.signed(base[value] ?? 0);
    }
    if (whole) for (const row of rows) writeTurns(writer, row.turns);
    const column = (row: WrittenRow, value: number) =>
      Float64Array.from({ length: this.#samples }, (_, sample) => row.changes[sample * values + value] ?? 0);
    for (let value = 0; value < values; value++) {
      for (const row of rows) {
        if (slice.isOver) await slice.next();
        if (value > 0 && along) writeAlong(writer, column(row, 0), column(row, value), detail);
        else writeChanges(writer, column(row, value));
      }
    }
  }

  /** The row of a key, made at its first sight; undefined where there are as many as a reader takes. */
  #row(key: readonly number[]): WrittenRow | undefined {
    const id = key.join();
    const known = this.#rows.get(id);
    if (known || this.#rows.size >= this.shape.most) return known;
    const base = new Array<number>(this.shape.values).fill(0);
    const row: WrittenRow = { key, base, last: base, changes: [], turns: [] };
    this.#rows.set(id, row);
    return row;
  }
}

function writeColumn(
  writer: ByteWriter,
  rows: readonly WrittenRow[],
  read: (row: WrittenRow) => number,
): void {
  let before = 0;
  for (const row of rows) {
    const value = read(row);
    writer.signed(value - before);
    before = value;
  }
}

function writeTurns(writer: ByteWriter, turns: readonly number[]): void {
  writer.unsigned(turns.length);
  for (const turn of turns) writer.unsigned(turn);
}

/** The rows of a block as they were read, by row number. */
export interface TableData {
  readonly rows: number;
  readonly samples: number;
  /** `shape.keys` numbers a row. */
  readonly keys: Float64Array;
  /** `shape.values` numbers a row: the counters before the first sample. */
  readonly base: Float64Array;
  /** For each counter, `samples` changes a row. */
  readonly changes: readonly Float64Array[];
  /** As a WrittenRow's, for each row; empty for tables that are not whole. */
  readonly turns: readonly (readonly number[])[];
}

/** Reads what a TableWriter wrote. @throws Malformed, also when it would take more memory than a block may. */
export async function readTable(reader: ByteReader, shape: TableShape, samples: number): Promise<TableData> {
  const slice = new Slice();
  // Every row takes at least one byte for each of its numbers.
  const rows = reader.count('rows', Math.min(shape.most, reader.left / (shape.keys + shape.values)));
  if (rows * samples > MAX_CELLS) throw new Malformed(`${rows} rows of ${samples} samples`);
  const detail = Math.max(1, reader.count('samples', Number.MAX_SAFE_INTEGER));
  const keys = new Float64Array(rows * shape.keys);
  for (let part = 0; part < shape.keys; part++) {
    let before = 0;
    for (let row = 0; row < rows; row++) {
      before += reader.signed();
      keys[row * shape.keys + part] = before;
    }
    if (slice.isOver) await slice.next();
  }
  const base = new Float64Array(rows * shape.values);
  for (let value = 0; value < shape.values; value++) {
    for (let row = 0; row < rows; row++) base[row * shape.values + value] = reader.signed();
    if (slice.isOver) await slice.next();
  }
  const turns: number[][] = [];
  for (let row = 0; shape.whole && row < rows; row++) {
    if (slice.isOver) await slice.next();
    turns.push(readTurns(reader, samples));
  }
  const changes = Array.from({ length: shape.values }, () => new Float64Array(rows * samples));
  const [first] = changes;
  for (const [value, column] of changes.entries()) {
    for (let at = 0; at < column.length; at += samples) {
      if (slice.isOver) await slice.next();
      const one = column.subarray(at, at + samples);
      if (first && value > 0 && shape.along) readAlong(reader, first.subarray(at, at + samples), one, detail);
      else readChanges(reader, one);
    }
  }
  return { rows, samples, keys, base, changes, turns };
}

function readTurns(reader: ByteReader, samples: number): number[] {
  const count = reader.count('turns', samples + 1);
  const turns: number[] = [];
  for (let before = -1; turns.length < count;) {
    const turn = reader.count('samples', samples);
    if (turn <= before) throw new Malformed('turns that do not ascend');
    turns.push((before = turn));
  }
  return turns;
}

/** Adds the changes of a sample to the counters of all rows. */
export function advance({ changes, rows, samples }: TableData, counters: Float64Array, sample: number): void {
  for (const [value, column] of changes.entries()) {
    for (let row = 0; row < rows; row++) {
      const at = row * changes.length + value;
      counters[at] = (counters[at] ?? 0) + (column[row * samples + sample] ?? 0);
    }
  }
}
