import type { Prompts } from '../prompts';

/** Counts the time a host takes, and not the time a person takes to answer. */
export class ConnectTimer {
  #left: number;
  #since = 0;
  #open = 0;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** @param seconds after which `onTimeout` is called, unless `stop` was. */
  constructor(
    seconds: number,
    private readonly onTimeout: () => void,
  ) {
    this.#left = seconds * 1000;
    this.#run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** The same prompts, with the time standing still while one of them is open. */
  pausing(prompts: Prompts): Prompts {
    return {
      secret: (...args) => this.pausedFor(() => prompts.secret(...args)),
      acceptHostKey: (...args) => this.pausedFor(() => prompts.acceptHostKey(...args)),
    };
  }

  /** Waits for what a person answers, with the time standing still. */
  async pausedFor<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#open++ === 0) {
      clearTimeout(this.#timer);
      this.#left -= performance.now() - this.#since;
    }
    try {
      return await ask();
    } finally {
      if (--this.#open === 0 && !this.#stopped) this.#run();
    }
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.onTimeout, Math.max(0, this.#left));
  }
}
