/** Most bytes of what comes before a program's own output: banners of login shells, and a survey. */
const MOST_BYTES = 1024 * 1024;

/**
 * Takes apart what a command prints: whatever login shells and their rc files say, a line with a mark, the answer, the
 * mark again, and then the output of the program that the command became.
 */
export class Preamble {
  #kept: Buffer = Buffer.alloc(0);
  #state: 'asking' | 'answered' | 'tooLong' = 'asking';

  constructor(
    private readonly mark: string,
    private readonly on: {
      readonly answer: (text: string) => void;
      readonly rest: (chunk: Buffer) => void;
      readonly tooLong: () => void;
    },
  ) {}

  /** Whether the answer has come, whole. */
  get isAnswered(): boolean {
    return this.#state === 'answered';
  }

  /** What has come without a mark, for people: its last line. */
  get said(): string {
    return this.#kept.subarray(-200).toString('utf8').trim().split('\n').at(-1) ?? '';
  }

  push(chunk: Buffer): void {
    if (this.#state === 'answered') this.on.rest(chunk);
    if (this.#state !== 'asking') return;
    this.#kept = Buffer.concat([this.#kept, chunk]);
    const line = `${this.mark}\n`;
    const begin = this.#kept.indexOf(line);
    const end = begin < 0 ? -1 : this.#kept.indexOf(line, begin + line.length);
    if (end >= 0) {
      const rest = this.#kept.subarray(end + line.length);
      this.#state = 'answered';
      this.on.answer(this.#kept.toString('utf8', begin + line.length, end));
      if (rest.length > 0) this.on.rest(rest);
    } else if (this.#kept.length > MOST_BYTES) {
      this.#state = 'tooLong';
      this.on.tooLong();
    }
  }
}
