import { MAX_LINE } from '../../shared/limits';
import { GrowingBuffer } from './growingBuffer';

/** What a stream of bytes held: a line without its end, or that one was longer than any frame and was dropped. */
export type Line = { kind: 'line'; text: string } | { kind: 'tooLong' };

/**
 * Cuts a byte stream into lines. Bytes are split before they are decoded, so a character that was cut between two
 * chunks comes out whole. A last line without a newline is not delivered: a cut frame is no frame.
 */
export class LineSplitter {
  /** What came of the line that has no end yet. */
  readonly #begun = new GrowingBuffer();
  #dropping = false;

  constructor(
    private readonly onLine: (line: Line) => void,
    private readonly longest = MAX_LINE,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#finish(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    if (this.#dropping) return;
    if (this.#begun.length + part.length <= this.longest) {
      this.#begun.append(part);
    } else {
      this.#dropping = true;
      this.#begun.clear();
    }
  }

  /** @param part the line, or the end of one that has begun in chunks before */
  #finish(part: Buffer): void {
    let whole = part;
    if (this.#begun.length > 0) {
      this.#keep(part);
      whole = this.#begun.view;
    }
    const tooLong = this.#dropping || part.length > this.longest;
    const line: Line = tooLong ? { kind: 'tooLong' } : { kind: 'line', text: whole.toString('utf8') };
    this.#begun.clear();
    this.#dropping = false;
    this.onLine(line);
  }
}
