import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, constants } from 'node:zlib';
import { parseFrame, type Frame, type FrameOf } from '../protocol/frames';
import { ByteReader, ByteWriter, Malformed } from './bytes';
import { Decisions } from './decisions';
import { numbersOf, shapes, tableNames, tableOf, withoutRows, type TableName } from './packed';
import { SoftnetRows } from './softnetRows';
import { FULL_CELLS, readTable, TableWriter, type TableData } from './table';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Bytes of a block at most, before it is compressed: a reader makes room for no more, whatever a file says. */
export const MAX_RAW = 64 * 1024 * 1024;
/** Bytes of frames stored as JSON that fill a block. */
const FULL_SCRIPT = 8 * 1024 * 1024;
/** How coarse counters that go along with another one may become: exact at every sample, every 10th, at the block's end. */
const details = [1, 10, Number.MAX_SAFE_INTEGER];

/**
 * A block while it is written: the frames that bring a reader to the state before its first sample (the opening), then
 * those of about a minute. It needs no other block to be read.
 */
export class BlockWriter {
  readonly #script: string[] = [];
  readonly #tables: Readonly<Record<TableName, TableWriter>> = {
    decisions: new TableWriter(shapes.decisions),
    softnet: new TableWriter(shapes.softnet),
  };
  readonly #opening: number;
  #length = 0;
  /** Samples, and the end if it is in this block. */
  positions = 0;

  constructor(opening: readonly Frame[]) {
    this.#opening = opening.length;
    for (const frame of opening) {
      this.#line(frame);
      const table = tableOf(frame);
      if (table) for (const [key, values] of numbersOf(frame)) this.#tables[table].open(key, values);
    }
  }

  /** Whether there is no room for much more. */
  get full(): boolean {
    const cells = tableNames.reduce((sum, name) => sum + this.#tables[name].cells, 0);
    return cells >= FULL_CELLS || this.#length >= FULL_SCRIPT;
  }

  add(frame: Frame): void {
    this.#line(frame);
    const table = tableOf(frame);
    if (table) this.#tables[table].add(numbersOf(frame));
    if (isPosition(frame)) this.positions++;
  }

  /** The block's bytes, compressed: as exact as goes into `bytes`, or else as coarse as can be. */
  async finish(bytes: number): Promise<{ stored: Buffer; rawLength: number }> {
    for (const detail of details) {
      const writer = new ByteWriter();
      writer.unsigned(this.#opening);
      writer.text(this.#script.join('\n'));
      for (const name of tableNames) this.#tables[name].write(writer, detail);
      const raw = writer.written;
      const stored = await deflate(raw, { level: constants.Z_DEFAULT_COMPRESSION });
      if (stored.length <= bytes || detail === details.at(-1)) return { stored, rawLength: raw.length };
    }
    throw new Error('there is no detail');
  }

  #line(frame: Frame): void {
    const line = JSON.stringify(withoutRows(frame), counters);
    this.#length += line.length;
    this.#script.push(line);
  }
}

/** Writes counters beyond 2^53 - 1 as the loader does: as decimal strings. */
function counters(_: string, value: unknown): unknown {
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
  return BigInt(Math.min(value, 2 ** 64)).toString();
}

export type Position = FrameOf<'sample'> | FrameOf<'end'>;

/** Whether a frame is a place on the time line. */
export function isPosition(frame: Frame): frame is Position {
  return frame.type === 'sample' || frame.type === 'end';
}

/** A block that was read. */
export interface BlockData {
  readonly opening: readonly Frame[];
  /** What came after it; the rows of samples are in the tables. */
  readonly frames: readonly Frame[];
  /** The samples and the end among `frames`. */
  readonly positions: readonly Position[];
  readonly tables: Readonly<Record<TableName, TableData>>;
}

/**
 * Reads a block. Its bytes are untrusted, whatever their checksum says.
 * @throws whatever is wrong with it
 */
export async function readBlock(stored: Uint8Array, rawLength: number): Promise<BlockData> {
  if (rawLength > MAX_RAW) throw new Malformed(`${rawLength} bytes in a block`);
  const raw = await inflate(stored, { maxOutputLength: Math.max(1, rawLength) });
  if (raw.length !== rawLength) throw new Malformed(`${raw.length} bytes instead of ${rawLength}`);
  const reader = new ByteReader(raw);
  const openingLines = reader.unsigned();
  const opening: Frame[] = [];
  const frames: Frame[] = [];
  const script = reader.text();
  for (const [number, line] of script === '' ? [] : script.split('\n').entries()) {
    const parsed = parseFrame(line);
    if (parsed.kind === 'bad') throw new Malformed(parsed.reason);
    // A frame of a later version is left out, as it would be from a loader.
    if (parsed.kind === 'frame') (number < openingLines ? opening : frames).push(parsed.frame);
  }
  const samples = (name: TableName) => frames.filter((frame) => tableOf(frame) === name).length;
  const read = (name: TableName) => readTable(reader, shapes[name], samples(name));
  const tables = { decisions: read('decisions'), softnet: read('softnet') };
  reader.end();
  return { opening, frames, positions: frames.filter(isPosition), tables };
}

/** The frames of a block one after the other as the loader sent them, its opening first. @throws Malformed */
export function* framesOf({ opening, frames, tables }: BlockData): Iterable<Frame> {
  const decisions = new Decisions(tables.decisions);
  const softnet = new SoftnetRows(tables.softnet);
  for (const frame of opening) {
    if (frame.type === 'softnet') yield { ...frame, cpus: softnet.opening() };
    else yield frame.type === 'sample' ? { ...frame, rows: decisions.all() } : frame;
  }
  for (const frame of frames) {
    if (frame.type === 'softnet') yield { ...frame, cpus: softnet.step() };
    else yield isPosition(frame) ? { ...frame, rows: decisions.step() } : frame;
  }
}
