import { MAX_PREAMBLE } from '../../shared/limits';
import { GrowingBuffer } from './growingBuffer';

/** How much of what came is shown to people, bytes. */
const SHOWN = 200;

/**
 * Takes apart what a command prints: whatever login shells and their rc files say, a line with a mark, the answer, the
 * mark again, and then the output of the program that the command became.
 */
export class Preamble {
  readonly #kept = new GrowingBuffer();
  /** The line that stands before the answer and after it. */
  readonly #line: Buffer;
  /** Where the answer begins, once it has; -1 before. */
  #begin = -1;
  /** Up to here there is no other such line. */
  #searched = 0;
  #state: 'asking' | 'answered' | 'tooLong' = 'asking';

  constructor(
    mark: string,
    private readonly on: {
      readonly answer: (text: string) => void;
      readonly rest: (chunk: Buffer) => void;
      readonly tooLong: () => void;
    },
  ) {
    this.#line = Buffer.from(`${mark}\n`);
  }

  /** Whether the answer has come, whole. */
  get isAnswered(): boolean {
    return this.#state === 'answered';
  }

  /** What has come without a mark, for people: its last line. */
  get said(): string {
    return this.#kept.view.subarray(-SHOWN).toString('utf8').trim().split('\n').at(-1) ?? '';
  }

  push(chunk: Buffer): void {
    if (this.#state === 'answered') this.on.rest(chunk);
    if (this.#state !== 'asking') return;
    this.#kept.append(chunk);
    if (this.#begin < 0) {
      const begin = this.#find();
      if (begin >= 0) this.#begin = this.#searched = begin + this.#line.length;
    }
    const end = this.#begin < 0 ? -1 : this.#find();
    if (end >= 0) {
      const rest = Buffer.from(this.#kept.view.subarray(end + this.#line.length));
      const answer = this.#kept.view.toString('utf8', this.#begin, end);
      this.#state = 'answered';
      this.#kept.clear();
      this.on.answer(answer);
      if (rest.length > 0) this.on.rest(rest);
    } else if (this.#kept.length > MAX_PREAMBLE) {
      this.#state = 'tooLong';
      this.on.tooLong();
    }
  }

  /** The place of the next line with the mark, or -1. Bytes are looked at once, but for those where it may have begun. */
  #find(): number {
    const bytes = this.#kept.view;
    const found = bytes.indexOf(this.#line, this.#searched);
    if (found < 0) this.#searched = Math.max(this.#searched, bytes.length - this.#line.length + 1);
    return found;
  }
}
