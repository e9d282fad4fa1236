/** Longest line taken for a frame, bytes. 65,536 rows of the longest numbers are about 8 MB. */
const LONGEST = 32 * 1024 * 1024;

/** What a stream of bytes held: a line without its end, or that one was longer than any frame and was dropped. */
export type Line = { kind: 'line'; text: string } | { kind: 'tooLong' };

/**
 * Cuts a byte stream into lines. Bytes are split before they are decoded, so a character that was cut between two
 * chunks comes out whole. A last line without a newline is not delivered: a cut frame is no frame.
 */
export class LineSplitter {
  #parts: Buffer[] = [];
  #length = 0;
  #dropping = false;

  constructor(
    private readonly onLine: (line: Line) => void,
    private readonly longest = LONGEST,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      this.#finish();
      from = end + 1;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    if (this.#dropping || part.length === 0) return;
    this.#length += part.length;
    if (this.#length > this.longest) {
      this.#dropping = true;
      this.#parts = [];
    } else {
      this.#parts.push(part);
    }
  }

  #finish(): void {
    const line: Line = this.#dropping
      ? { kind: 'tooLong' }
      : { kind: 'line', text: Buffer.concat(this.#parts).toString('utf8') };
    this.#parts = [];
    this.#length = 0;
    this.#dropping = false;
    this.onLine(line);
  }
}
