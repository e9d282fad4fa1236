import { MAX_LOG_LINE, MAX_STDERR_LINES } from '../../shared/limits';

/** Passes lines that a host has a say in to the log: MAX_STDERR_LINES of them, each cut after MAX_LOG_LINE characters. */
export class HostLines {
  #lines = 0;

  constructor(private readonly onLine: (line: string) => void) {}

  /** Takes text of any number of lines; blank ones are left out. */
  tell(text: string): void {
    for (const line of text.split(/\r?\n/)) {
      if (this.#lines > MAX_STDERR_LINES) return;
      if (line.trim() !== '') this.#line(line);
    }
  }

  #line(line: string): void {
    this.#lines++;
    if (this.#lines <= MAX_STDERR_LINES) {
      this.onLine(line.length > MAX_LOG_LINE ? `${line.slice(0, MAX_LOG_LINE)} …` : line);
    } else {
      this.onLine(`… more than ${MAX_STDERR_LINES} lines; the others are left out.`);
    }
  }
}
