import { open, type FileHandle } from 'node:fs/promises';
import { Problem } from '../problem';
import type { Frame } from '../../shared/frames/frames';
import { BlockWriter, isPosition, type Position } from './block';
import { crc32InSlices } from './crc32';
import { blockHeader, fileHeader, type Meta } from './layout';

/** Seconds after which a block is written: what a crash costs. */
const BLOCK_SECONDS = 60;
/** Bytes a second of a recording at which it becomes coarser: 18.4 MB an hour. */
const BYTES_PER_SECOND = 5120;
/** Blocks that wait for the disk at most. */
const WAITING = 4;

/** Writes what a trace tells to a file, block by block; in memory is only the block of the last minute. */
export class Recorder {
  /** Bytes in the file, whole blocks only. */
  bytes: number;
  #block: BlockWriter;
  #from: number | undefined;
  #to = 0;
  #time = 0;
  #waiting = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: Problem | undefined;

  /**
   * Creates the file, or empties one that is there.
   * @param opening frames that bring a reader to the state of now; asked for again at every block.
   * @param failed is called once when nothing more can be written; what was written stays.
   * @param now when a frame comes that is added, in milliseconds since 1970.
   * @throws Problem RECORDING_FAILED
   */
  static async create(
    path: string,
    meta: Meta,
    opening: () => readonly Frame[],
    failed: (problem: Problem) => void,
    now: () => number = Date.now,
  ): Promise<Recorder> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'w');
      const header = fileHeader(meta);
      await file.writeFile(header);
      return new Recorder(path, file, header.length, opening, failed, now);
    } catch (error) {
      await file?.close();
      throw problemOf(path, error);
    }
  }

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    bytes: number,
    private readonly opening: () => readonly Frame[],
    private readonly failed: (problem: Problem) => void,
    private readonly now: () => number,
  ) {
    this.bytes = bytes;
    this.#block = new BlockWriter(opening());
  }

  /** Blocks that are on their way to the disk. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes a frame that is in `opening` already. */
  add(frame: Frame): void {
    if (this.#failure) return;
    // The next block begins with what this frame brings, so that its rows stand still there.
    if (!this.#block.fits(frame)) this.#next();
    this.#block.add(frame);
    if (isPosition(frame)) this.#pass(frame);
    else if (this.#block.full) this.#next();
  }

  /** Notes when a sample was, and ends the block that it fills. */
  #pass(frame: Position): void {
    if (this.#from === undefined) this.#time = this.now();
    this.#from ??= frame.ns;
    this.#to = frame.ns;
    if (this.#block.full || Math.abs(this.#to - this.#from) >= BLOCK_SECONDS * 1e9) this.#next();
  }

  /** Writes what is left and closes the file. @throws Problem RECORDING_FAILED, unless `failed` was told already */
  async finish(): Promise<void> {
    const told = this.#failure !== undefined;
    this.#write(this.#block, true);
    await this.#writing;
    await this.file.close().catch((error: unknown) => (this.#failure ??= problemOf(this.path, error)));
    if (this.#failure && !told) throw this.#failure;
  }

  #next(): void {
    if (this.#waiting >= WAITING) {
      const message = `The disk of ${this.path} is too slow to record.`;
      return this.#fail(new Problem('RECORDING_FAILED', message, 'Record to another disk.'));
    }
    this.#write(this.#block, false);
    this.#block = new BlockWriter(this.opening());
    this.#from = undefined;
  }

  #write(block: BlockWriter, last: boolean): void {
    const [from, to, time] = [
      this.#from ?? this.#to,
      this.#to,
      this.#from === undefined ? this.now() : this.#time,
    ];
    const seconds = Math.max(1, Math.abs(to - from) / 1e9);
    this.#waiting++;
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#failure) return;
        const { stored, rawLength } = await block.finish(BYTES_PER_SECOND * seconds);
        const { positions } = block;
        const checksum = await crc32InSlices(stored);
        const header = { length: stored.length, rawLength, positions, last, from, to, time, checksum };
        const bytes = Buffer.concat([blockHeader(header), stored]);
        await this.#append(bytes);
        this.bytes += bytes.length;
      } catch (error) {
        this.#fail(problemOf(this.path, error));
        // Half a block is of no use to anyone.
        await this.file.truncate(this.bytes).catch(() => undefined);
      } finally {
        this.#waiting--;
      }
    });
  }

  async #append(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, this.bytes + done);
      done += bytesWritten;
    }
  }

  #fail(problem: Problem): void {
    if (this.#failure) return;
    this.#failure = problem;
    this.failed(problem);
  }
}

const mend: Partial<Record<string, string>> = {
  ENOSPC: 'The disk is full. What was recorded until then is kept. Make room, and start recording again.',
  EDQUOT:
    'Your quota is used up. What was recorded until then is kept. Make room, and start recording again.',
  EACCES: 'You may not write there. Choose another folder.',
  EPERM: 'You may not write there. Choose another folder.',
  EROFS: 'That file system is read-only. Choose another folder.',
  ENOENT: 'That folder does not exist. Choose another one.',
  EISDIR: 'That is a folder. Choose another name.',
};

function problemOf(path: string, error: unknown): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const hint = mend[code] ?? `The system says: ${String(error)}`;
  return new Problem('RECORDING_FAILED', `${path} could not be written.`, hint, { cause: error });
}
