import { sudoQuestion, type SudoQuestion } from './sudoPrompt';

/** How much is kept to explain a loader's death, and of a line without an end, characters. */
const TAIL = 4000;
/** How long a line stays without an end before it is a question, milliseconds: a message may come in two parts. */
const QUIET_MS = 300;

/** A question that sudo waits to be answered. */
export interface OpenQuestion extends SudoQuestion {
  /** The lines since the last answer; untrusted text. */
  readonly before: string;
  /** Aborts when sudo does not wait for an answer any more. */
  readonly withdrawn: AbortSignal;
}

/** What sudo and the loader say to people: finds sudo's questions, and hands on the lines. */
export class Stderr {
  #tail = '';
  /** The last line as long as it has no end. */
  #unfinished = '';
  #before = '';
  #mayAsk = false;
  #open: { readonly kind: SudoQuestion['kind']; readonly waits: AbortController } | undefined;
  #quiet: NodeJS.Timeout | undefined;

  /** @param mark sudo's prompt for the password, which nobody else prints */
  constructor(
    private readonly mark: string,
    private readonly onQuestion: (question: OpenQuestion) => void,
    private readonly onLine: (line: string) => void,
  ) {}

  /** The last characters of it all. */
  get tail(): string {
    return `${this.#tail}${this.#unfinished}`.replaceAll(this.mark, '').slice(-TAIL);
  }

  get lastLine(): string {
    return this.tail.trim().split('\n').at(-1) ?? '';
  }

  push(chunk: string): void {
    const lines = (this.#unfinished + chunk).split('\n');
    this.#unfinished = (lines.pop() ?? '').slice(-TAIL);
    lines.forEach((line) => this.#line(line));
    // What goes on was no question but a message in two parts. Beside sudo's own prompt others may still talk.
    if (this.#open?.kind === 'other') this.#withdraw();
    this.#look(false);
  }

  /** From now on sudo may ask, or not any more. */
  setMayAsk(mayAsk: boolean): void {
    this.#mayAsk = mayAsk;
    if (!mayAsk) this.#withdraw();
    this.#look(false);
  }

  /** The question was answered: what comes now does not belong to it, though sudo begins no new line. */
  answered(): void {
    this.#open = undefined;
    this.#line(this.#unfinished);
    this.#unfinished = '';
    this.#before = '';
  }

  #line(text: string): void {
    const line = text.replaceAll(this.mark, '');
    if (line.trim() !== '') this.onLine(line);
    this.#tail = `${this.#tail}${line}\n`.slice(-TAIL);
    this.#before = `${this.#before}${line}\n`.slice(-TAIL);
  }

  #look(isQuiet: boolean): void {
    clearTimeout(this.#quiet);
    if (!this.#mayAsk || this.#open) return;
    const question = sudoQuestion(this.#unfinished, this.mark, isQuiet);
    if (question) {
      const waits = new AbortController();
      this.#open = { kind: question.kind, waits };
      this.onQuestion({ ...question, before: this.#before, withdrawn: waits.signal });
    } else if (!isQuiet && this.#unfinished !== '') {
      this.#quiet = setTimeout(() => this.#look(true), QUIET_MS);
    }
  }

  #withdraw(): void {
    this.#open?.waits.abort();
    this.#open = undefined;
  }
}
