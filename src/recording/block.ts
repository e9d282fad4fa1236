import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, constants } from 'node:zlib';
import { Problem } from '../problem';
import { parseFrame, type Frame, type FrameOf } from '../../shared/frames/frames';
import { MAX_BLOCK, MAX_BLOCK_FRAMES, MAX_SCRIPT } from '../../shared/limits';
import { ByteReader, ByteWriter, Malformed } from './bytes';
import { decisionKeys, Decisions, type DecisionKey } from './decisions';
import { numbersOf, rowsOf, shapes, tableNames, tableOf, withoutRows, type TableName } from './packed';
import { SoftnetRows } from './softnetRows';
import { Slice } from './slice';
import { FULL_CELLS, readTable, TableWriter, type TableData } from './table';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** Frames that fill a block. */
const FULL_FRAMES = MAX_BLOCK_FRAMES / 4;
/** Bytes of frames stored as JSON that fill a block. */
const FULL_SCRIPT = 8 * 1024 * 1024;
const NEWLINE = 10;
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
    return cells >= FULL_CELLS || this.#length >= FULL_SCRIPT || this.#script.length >= FULL_FRAMES;
  }

  /** Whether a reader would still take the block with one more frame. */
  fits(frame: Frame): boolean {
    const table = tableOf(frame);
    return table === undefined || this.#tables[table].fits(rowsOf(frame), numbersOf(frame));
  }

  add(frame: Frame): void {
    this.#line(frame);
    const table = tableOf(frame);
    if (table) this.#tables[table].add(numbersOf(frame));
    if (isPosition(frame)) this.positions++;
  }

  /**
   * The block's bytes, compressed: as exact as goes into `bytes`, or else as coarse as can be.
   * @throws Problem RECORDING_FAILED when no reader would take it
   */
  async finish(bytes: number): Promise<{ stored: Buffer; rawLength: number }> {
    for (const detail of details) {
      const writer = new ByteWriter();
      writer.unsigned(this.#opening);
      writer.text(this.#script.join('\n'));
      for (const name of tableNames) await this.#tables[name].write(writer, detail);
      const raw = writer.written;
      if (this.#length > MAX_SCRIPT || raw.length > MAX_BLOCK) throw tooMuch();
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

function tooMuch(): Problem {
  const message = 'The host tells more in a minute than a recording can hold.';
  const hint = 'What was recorded until then is kept. Count fewer interfaces, and start recording again.';
  return new Problem('RECORDING_FAILED', message, hint);
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
  /** What identifies each row of the table of decisions. */
  readonly keys: readonly DecisionKey[];
}

/**
 * Reads a block. Its bytes are untrusted, whatever their checksum says. The extension host does other things in between.
 * @throws whatever is wrong with it
 */
export async function readBlock(stored: Uint8Array, rawLength: number): Promise<BlockData> {
  if (rawLength > MAX_BLOCK) throw new Malformed(`${rawLength} bytes in a block`);
  const raw = await inflate(stored, { maxOutputLength: Math.max(1, rawLength) });
  if (raw.length !== rawLength) throw new Malformed(`${raw.length} bytes instead of ${rawLength}`);
  const reader = new ByteReader(raw);
  const openingLines = reader.unsigned();
  const { opening, frames } = await readScript(reader.text(MAX_SCRIPT), openingLines);
  const samples = (name: TableName) => frames.filter((frame) => tableOf(frame) === name).length;
  const read = (name: TableName) => readTable(reader, shapes[name], samples(name));
  const tables = { decisions: await read('decisions'), softnet: await read('softnet') };
  reader.end();
  const keys = await decisionKeys(tables.decisions);
  return { opening, frames, positions: frames.filter(isPosition), tables, keys };
}

/** Reads the frames of a block that are stored as JSON, one a line; the first `openingLines` of them are its opening. */
async function readScript(
  script: Uint8Array,
  openingLines: number,
): Promise<Pick<BlockData, 'opening' | 'frames'>> {
  const slice = new Slice();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const opening: Frame[] = [];
  const frames: Frame[] = [];
  let number = 0;
  for (let at = 0; at < script.length; number++) {
    if (number >= MAX_BLOCK_FRAMES) throw new Malformed(`more than ${MAX_BLOCK_FRAMES} frames`);
    if (slice.isOver) await slice.next();
    const found = script.indexOf(NEWLINE, at);
    const end = found < 0 ? script.length : found;
    const parsed = parseFrame(decoder.decode(script.subarray(at, end)));
    if (parsed.kind === 'bad') throw new Malformed(parsed.reason);
    // A frame of a later version is left out, as it would be from a loader.
    if (parsed.kind === 'frame') (number < openingLines ? opening : frames).push(withoutRows(parsed.frame));
    at = end + 1;
  }
  return { opening, frames };
}

/** The frames of a block one after the other as the loader sent them, its opening first. @throws Malformed */
export function* framesOf({ opening, frames, tables, keys }: BlockData): Iterable<Frame> {
  const decisions = new Decisions(tables.decisions, keys);
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
