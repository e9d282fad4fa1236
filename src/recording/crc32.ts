import { Slice } from './slice';

/** zlib.crc32() came with Node 20.15; the oldest VS Code we run in has an older one. */
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

/** Bytes that are summed up between two looks at the clock: about a millisecond. */
const PIECE = 256 * 1024;

/** The CRC-32 of ISO 3309, as zip and PNG have it; `before` is that of what stands in front of `bytes`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let at = 0; at < bytes.length; at++) {
    crc = (crc >>> 8) ^ (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

/** The same of bytes that may be many. */
export async function crc32InSlices(bytes: Uint8Array): Promise<number> {
  const slice = new Slice();
  let crc = 0;
  for (let at = 0; at < bytes.length; at += PIECE) {
    if (slice.isOver) await slice.next();
    crc = crc32(bytes.subarray(at, at + PIECE), crc);
  }
  return crc;
}
