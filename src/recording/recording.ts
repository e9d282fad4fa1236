import { readBlock, type BlockData } from './block';
import { Malformed } from './bytes';
import { crc32InSlices } from './crc32';
import {
  BLOCK_HEADER,
  FILE_HEADER,
  findBlockHeader,
  metaLength,
  readBlockHeader,
  readMeta,
  unreadable,
  type BlockHeader,
  type Meta,
} from './layout';
import { MAX_BLOCKS, MAX_BLOCK_FRAMES, MAX_SEARCH, MAX_STORED_BLOCK } from '../../shared/limits';
import type { Damage } from '../../shared/messages/playback';
import { Slice } from './slice';
import type { ByteSource } from './source';

/** A whole block of a recording. */
export interface Block extends BlockHeader {
  /** Where its bytes begin. */
  readonly at: number;
  /** The number of its first position in the recording. */
  readonly first: number;
}

/** Bytes that are read at a time where the next block is looked for. */
const CHUNK = 1 << 16;

/** A recording that can be read: what is in it, found by its blocks' headers alone. The file is untrusted. */
export class Recording {
  private constructor(
    readonly meta: Meta,
    readonly blocks: readonly Block[],
    readonly damage: readonly Damage[],
    private readonly source: ByteSource,
  ) {}

  /**
   * Looks through a file. It is the recording's to close.
   * @throws Problem RECORDING_UNREADABLE when not even the beginning can be read, or nothing is in it
   */
  static async open(source: ByteSource): Promise<Recording> {
    const header = await source.read(0, FILE_HEADER);
    const json = await source.read(FILE_HEADER, metaLength(header));
    const meta = readMeta(header, json);
    const { blocks, damage } = await scan(source, FILE_HEADER + json.length);
    const recording = new Recording(meta, blocks, damage, source);
    if (recording.positions > 0) return recording;
    throw unreadable('This recording ended before the first sample.', 'Record for longer.');
  }

  /** When the last position was, in milliseconds since 1970. */
  get end(): number {
    const last = this.blocks.at(-1);
    return last ? endOf(last) : this.meta.started;
  }

  /** Samples, and the end: the places to which one can go. */
  get positions(): number {
    const last = this.blocks.at(-1);
    return last ? last.first + last.positions : 0;
  }

  /** The number of the block that holds a position. */
  blockOf(position: number): number {
    let [low, high] = [0, this.blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle]?.first ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Reads a block. @throws whatever is wrong with it */
  async read(number: number): Promise<BlockData> {
    const block = this.blocks[number];
    if (!block) throw new RangeError(`There is no block ${number}.`);
    if (block.length > MAX_STORED_BLOCK)
      throw new Malformed(`${block.length} bytes in the file for one block`);
    const stored = await this.source.read(block.at, block.length);
    if ((await crc32InSlices(stored)) !== block.checksum) throw new Malformed('the checksum does not match');
    const data = await readBlock(stored, block.rawLength);
    if (data.positions.length !== block.positions) throw new Malformed('samples are missing');
    return data;
  }

  /** Whether a block's bytes match their checksum. */
  async intact(number: number): Promise<boolean> {
    const block = this.blocks[number];
    if (!block || block.length > MAX_STORED_BLOCK) return false;
    return (await crc32InSlices(await this.source.read(block.at, block.length))) === block.checksum;
  }

  /** What is to be told of a block that could not be read. */
  damageOf(number: number): Damage {
    const block = this.blocks[number];
    const from = block?.time ?? 0;
    return { kind: 'block', number: number + 1, from, to: block ? endOf(block) : from };
  }

  close(): Promise<void> {
    return this.source.close();
  }
}

/** When a block's last sample came, in milliseconds since 1970. */
const endOf = ({ time, from, to }: BlockHeader) => time + Math.max(0, to - from) / 1e6;

async function scan(source: ByteSource, begin: number): Promise<{ blocks: Block[]; damage: Damage[] }> {
  const blocks: Block[] = [];
  const damage: Damage[] = [];
  const after = () => {
    const last = blocks.at(-1);
    return last && endOf(last);
  };
  const slice = new Slice();
  let ended = false;
  for (let at = begin; at < source.size;) {
    if (slice.isOver) await slice.next();
    const header = readBlockHeader(await source.read(at, BLOCK_HEADER));
    if (!header) {
      const next = await search(source, at + 1);
      if (next < 0) break;
      damage.push({ kind: 'lost', after: after(), bytes: next - at });
      at = next;
      continue;
    }
    at += BLOCK_HEADER;
    if (at + header.length > source.size) break;
    if (blocks.length >= MAX_BLOCKS || header.positions > MAX_BLOCK_FRAMES) {
      throw unreadable('This recording is too long.', 'It was not made by RPS Trace.');
    }
    const last = blocks.at(-1);
    blocks.push({ ...header, at, first: last ? last.first + last.positions : 0 });
    at += header.length;
    ended = header.last;
  }
  if (!ended) damage.push({ kind: 'cut', after: after() });
  return { blocks, damage };
}

/** The place of the next block from `begin` on; -1 when there is none near. */
async function search(source: ByteSource, begin: number): Promise<number> {
  const slice = new Slice();
  for (let at = begin; at < Math.min(source.size, begin + MAX_SEARCH); at += CHUNK) {
    if (slice.isOver) await slice.next();
    // A header may lie across the end of a chunk.
    const found = findBlockHeader(await source.read(at, CHUNK + BLOCK_HEADER), 0);
    if (found >= 0) return at + found;
  }
  return -1;
}
