import { SudoPrompt } from './sudo';

/** How much is kept to explain a loader's death, characters. */
const TAIL = 4000;

/** What sudo and the loader say to people: asks for the password where sudo does, and hands on the other lines. */
export class Stderr {
  readonly #prompt: SudoPrompt;
  #tail = '';
  /** The last line as long as it has no end. */
  #unfinished = '';

  /**
   * @param mark sudo's prompt, which nobody else prints
   * @param onPrompt told how often the password was asked for
   */
  constructor(
    mark: string,
    onPrompt: (times: number) => void,
    private readonly onLine: (line: string) => void,
  ) {
    this.#prompt = new SudoPrompt(mark, onPrompt, (text) => this.#text(text));
  }

  /** The last characters of it all. */
  get tail(): string {
    return this.#tail;
  }

  get lastLine(): string {
    return this.#tail.trim().split('\n').at(-1) ?? '';
  }

  push(chunk: string): void {
    this.#prompt.push(chunk);
  }

  #text(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = (lines.pop() ?? '').slice(-TAIL);
    lines.filter((line) => line.trim() !== '').forEach(this.onLine);
    this.#tail = (this.#tail + text).slice(-TAIL);
  }
}
