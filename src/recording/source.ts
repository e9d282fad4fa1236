import { open } from 'node:fs/promises';

/** Bytes that can be read at any place. */
export interface ByteSource {
  readonly size: number;
  /** Reads `length` bytes from `at` on; fewer only where the bytes end. */
  read(at: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** A file on a disk of this machine. @throws what node:fs throws */
export async function fileSource(path: string): Promise<ByteSource> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    size,
    read: async (at, length) => {
      const wanted = Buffer.alloc(Math.max(0, Math.min(length, size - at)));
      let filled = 0;
      while (filled < wanted.length) {
        const { bytesRead } = await file.read(wanted, filled, wanted.length - filled, at + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return wanted.subarray(0, filled);
    },
    close: () => file.close(),
  };
}

/** Bytes in memory: a file of a file system that VS Code alone can read. */
export function memorySource(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    size: buffer.length,
    read: (at, length) => Promise.resolve(buffer.subarray(at, at + length)),
    close: () => Promise.resolve(),
  };
}
