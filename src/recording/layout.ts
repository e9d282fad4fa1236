import { z } from 'zod';
import { Problem } from '../problem';
import { MAX_META } from '../../shared/limits';
import { crc32 } from './crc32';

// The bytes of a .rpsrec file; docs/recording.md describes them. All numbers are little-endian.

/** As PNG's: shows what a transfer as text does to it. */
const MAGIC = Buffer.from('\x89RPS\r\n\x1a\n', 'latin1');
const VERSION = 1;
/** Magic, version, length and checksum of what is told of the recording. */
export const FILE_HEADER = 20;

/** What is told of a recording as a whole. */
const meta = z.object({
  /** As the host was called when it was traced. */
  host: z.string().max(1000),
  /** When the recording began, in milliseconds since 1970. */
  started: z.number().min(0).max(8.64e15),
  /** The version of the extension that made it. */
  extension: z.string().max(100),
});
export type Meta = z.output<typeof meta>;

/** The beginning of a file. */
export function fileHeader(about: Meta): Buffer {
  const json = Buffer.from(JSON.stringify(about));
  const header = Buffer.alloc(FILE_HEADER);
  MAGIC.copy(header);
  header.writeUInt32LE(VERSION, 8);
  header.writeUInt32LE(json.length, 12);
  header.writeUInt32LE(crc32(json), 16);
  return Buffer.concat([header, json]);
}

/**
 * Reads the first FILE_HEADER bytes of a file and returns how many bytes of `readMeta` follow.
 * @throws Problem RECORDING_UNREADABLE
 */
export function metaLength(bytes: Buffer): number {
  if (bytes.length < FILE_HEADER || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw unreadable(
      'This file is not a recording of RPS Trace.',
      'Open a file that RPS: Start Recording made.',
    );
  }
  const version = bytes.readUInt32LE(8);
  if (version !== VERSION) {
    const message = `This recording has format ${version}; this version of RPS Trace reads format ${VERSION}.`;
    throw unreadable(message, 'Update the extension.');
  }
  const length = bytes.readUInt32LE(12);
  if (length > MAX_META) throw damagedBeginning();
  return length;
}

/** @throws Problem RECORDING_UNREADABLE */
export function readMeta(header: Buffer, json: Buffer): Meta {
  try {
    if (crc32(json) === header.readUInt32LE(16)) return meta.parse(JSON.parse(json.toString()));
  } catch {
    // Told below.
  }
  throw damagedBeginning();
}

const damagedBeginning = () =>
  unreadable('The beginning of this recording is damaged.', 'Take it from a copy, if there is one.');

export function unreadable(message: string, hint: string): Problem {
  return new Problem('RECORDING_UNREADABLE', message, hint);
}

/** What stands before each block. */
export interface BlockHeader {
  /** Bytes in the file, after this header. */
  readonly length: number;
  /** Bytes once they are decompressed. */
  readonly rawLength: number;
  /** Samples in it, and the end. */
  readonly positions: number;
  /** Nothing follows: the recording was ended, not cut off. */
  readonly last: boolean;
  /** CLOCK_MONOTONIC of the host at the first and at the last sample, nanoseconds. */
  readonly from: number;
  readonly to: number;
  /** When the first sample arrived, in milliseconds since 1970. */
  readonly time: number;
  /** CRC-32 of the bytes that follow. */
  readonly checksum: number;
}

const BLOCK_MAGIC = Buffer.from('RPSB', 'latin1');
export const BLOCK_HEADER = 52;
const CHECKED = BLOCK_HEADER - 4;

export function blockHeader(block: BlockHeader): Buffer {
  const header = Buffer.alloc(BLOCK_HEADER);
  BLOCK_MAGIC.copy(header);
  header.writeUInt32LE(block.length, 4);
  header.writeUInt32LE(block.rawLength, 8);
  header.writeUInt32LE(block.positions, 12);
  header.writeUInt32LE(Number(block.last), 16);
  header.writeDoubleLE(block.from, 20);
  header.writeDoubleLE(block.to, 28);
  header.writeDoubleLE(block.time, 36);
  header.writeUInt32LE(block.checksum, 44);
  header.writeUInt32LE(crc32(header.subarray(0, CHECKED)), CHECKED);
  return header;
}

/** The header at the beginning of `bytes`, or undefined when there is none. */
export function readBlockHeader(bytes: Buffer): BlockHeader | undefined {
  if (bytes.length < BLOCK_HEADER || !bytes.subarray(0, 4).equals(BLOCK_MAGIC)) return undefined;
  if (crc32(bytes.subarray(0, CHECKED)) !== bytes.readUInt32LE(CHECKED)) return undefined;
  const header = {
    length: bytes.readUInt32LE(4),
    rawLength: bytes.readUInt32LE(8),
    positions: bytes.readUInt32LE(12),
    last: bytes.readUInt32LE(16) === 1,
    from: bytes.readDoubleLE(20),
    to: bytes.readDoubleLE(28),
    time: bytes.readDoubleLE(36),
    checksum: bytes.readUInt32LE(44),
  };
  const times = [header.from, header.to, header.time].every((time) => time >= 0 && Number.isFinite(time));
  return times && header.time <= 8.64e15 ? header : undefined;
}

/** The place of the next header in `bytes` from `at` on; -1 when there is none. */
export function findBlockHeader(bytes: Buffer, at: number): number {
  for (
    let place = bytes.indexOf(BLOCK_MAGIC, at);
    place >= 0;
    place = bytes.indexOf(BLOCK_MAGIC, place + 1)
  ) {
    if (readBlockHeader(bytes.subarray(place))) return place;
  }
  return -1;
}
