import { deflateRawSync } from 'node:zlib';
import { ByteWriter } from '../src/recording/bytes';
import { crc32 } from '../src/recording/crc32';
import { blockHeader, fileHeader } from '../src/recording/layout';

/** A table of a block as its bytes say it: the numbers of each column, of all columns one after the other. */
export interface TableBytes {
  readonly rows: number;
  readonly detail: number;
  readonly numbers: Iterable<number>;
}

/** A block before it is compressed, whatever a writer of ours would make. Numbers are written as they are stored. */
export function rawBlock(opening: number, script: string, ...tables: readonly TableBytes[]): Uint8Array {
  const writer = new ByteWriter();
  writer.unsigned(opening);
  writer.text(script);
  for (const { rows, detail, numbers } of tables) {
    writer.unsigned(rows);
    writer.unsigned(detail);
    for (const number of numbers) writer.unsigned(number);
  }
  return writer.written.slice();
}

/** A file of such blocks whose lengths and checksums are right; `positions` of each are what it claims. */
export function recordingOf(
  ...blocks: readonly { readonly raw: Uint8Array; readonly positions: number }[]
): Buffer {
  const parts = blocks.flatMap(({ raw, positions }, number) => {
    const stored = deflateRawSync(raw, { level: 9 });
    const times = { from: number * 1e9, to: (number + 1) * 1e9, time: 1.7e12 };
    const last = number === blocks.length - 1;
    const sizes = { length: stored.length, rawLength: raw.length, positions, last };
    return [blockHeader({ ...sizes, ...times, checksum: crc32(stored) }), stored];
  });
  return Buffer.concat([fileHeader({ host: 'web-1', started: 1.7e12, extension: '1' }), ...parts]);
}

/** So many zeros. */
export function* zeros(count: number): Iterable<number> {
  for (let at = 0; at < count; at++) yield 0;
}
