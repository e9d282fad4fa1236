import { HostLines } from '../hosts/hostLines';
import { MAX_STDERR_TAIL, MAX_SUDO_PROMPTS } from '../../shared/limits';
import { sudoQuestion, type SudoQuestion } from './sudoPrompt';

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
  readonly #lines: HostLines;
  #questions = 0;

  /**
   * @param mark sudo's prompt for the password, which nobody else prints
   * @param onQuestion told of MAX_SUDO_PROMPTS questions at most; later ones stay without an answer until the start times out
   */
  constructor(
    private readonly mark: string,
    private readonly onQuestion: (question: OpenQuestion) => void,
    onLine: (line: string) => void,
  ) {
    this.#lines = new HostLines(onLine);
  }

  /** The last characters of it all. */
  get tail(): string {
    return `${this.#tail}${this.#unfinished}`.replaceAll(this.mark, '').slice(-MAX_STDERR_TAIL);
  }

  get lastLine(): string {
    return this.tail.trim().split('\n').at(-1) ?? '';
  }

  push(chunk: string): void {
    const lines = (this.#unfinished + chunk).split('\n');
    this.#unfinished = (lines.pop() ?? '').slice(-MAX_STDERR_TAIL);
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
    this.#lines.tell(line);
    this.#tail = `${this.#tail}${line}\n`.slice(-MAX_STDERR_TAIL);
    this.#before = `${this.#before}${line}\n`.slice(-MAX_STDERR_TAIL);
  }

  #look(isQuiet: boolean): void {
    clearTimeout(this.#quiet);
    if (!this.#mayAsk || this.#open || this.#questions === MAX_SUDO_PROMPTS) return;
    const question = sudoQuestion(this.#unfinished, this.mark, isQuiet);
    if (question) {
      const waits = new AbortController();
      this.#open = { kind: question.kind, waits };
      this.#questions++;
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
