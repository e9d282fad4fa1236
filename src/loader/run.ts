import type { Connection, Process } from '../hosts/connection';
import { Cancelled, Problem } from '../problem';
import { LEASE_SECONDS, type LaunchCommand } from './command';
import { endingOf, noAnswer, type Ending } from './ending';
import { FrameReader, type FrameListener } from './frameReader';
import { Preamble } from './preamble';
import { Stderr, type OpenQuestion } from './stderr';
import { readSurvey, type Survey } from './survey';

/** Seconds from exec to the survey and from there to the first frame, not counting the time that typing a password takes. */
const HELLO_SECONDS = 60;
/** How long the loader may take to leave after it was told to, milliseconds. */
const LEAVE_MS = 5000;

export interface RunOptions extends FrameListener {
  /** What the host is; the loader starts now if nothing was missing. */
  readonly onSurvey: (survey: Survey) => void;
  /** Answers what sudo asks. @throws Cancelled when the person does not answer, or sudo does not wait any longer. */
  readonly answerSudo: (question: OpenQuestion) => Promise<string>;
  /** A line of what the loader and sudo say to people; untrusted text. */
  readonly onStderr: (line: string) => void;
}

/** A host that starts the loader, and the loader there as root, to its end. */
export class LoaderRun {
  /** Settles when the loader has gone, or has not confirmed that in time after `stop`; never rejects. */
  readonly ended: Promise<Ending>;

  readonly #label: string;
  readonly #process: Process;
  readonly #options: RunOptions;
  readonly #preamble: Preamble;
  readonly #frames: FrameReader;
  readonly #stderr: Stderr;
  /** Settles with the first frame, or when something was missing: then without a loader. */
  readonly #started: Promise<'runs' | 'lacks'>;
  #settle!: { resolve: (how: 'runs' | 'lacks') => void; reject: (error: Error) => void };
  #giveUp!: (ending: Ending) => void;
  #failure: Error | undefined;
  /** Path of the loader that is run. */
  #loader: string | undefined;
  #helloTimer: NodeJS.Timeout | undefined;

  /**
   * Has the host start the loader, and waits for its first frame. Returns undefined when something is missing there,
   * which the survey tells.
   * @throws Problem NOT_LINUX, ARCH_UNKNOWN, HOST_ANSWER when the account's shell gave no usable answer, SUDO_*,
   * ROOTLESS_FOLDER, LOADER_FAILED and FILTER_REFUSED with what the loader says, LOADER_DIED, PROTOCOL; Cancelled
   */
  static async start(
    connection: Connection,
    command: LaunchCommand,
    options: RunOptions,
    signal: AbortSignal,
  ): Promise<LoaderRun | undefined> {
    const process = await connection.exec(command.text, signal);
    const run = new LoaderRun(connection, process, options, command.mark);
    const cancel = () => run.#fail(new Cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return (await run.#started) === 'runs' ? run : undefined;
    } catch (error) {
      // "stopped" means that the host's shell, sudo and the loader have gone.
      await run.ended;
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  private constructor(connection: Connection, process: Process, options: RunOptions, mark: string) {
    const { label } = connection;
    this.#label = label;
    this.#process = process;
    this.#options = options;
    this.#started = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#started.catch(() => undefined);
    const fail = (error: Error) => this.#fail(error);
    this.#frames = new FrameReader(label, options, () => this.#begun(), fail);
    this.#preamble = new Preamble(mark, {
      answer: (text) => this.#answer(text),
      rest: (chunk) => this.#frames.push(chunk),
      tooLong: () => fail(noAnswer(label, 'too much output')),
    });
    this.#stderr = new Stderr(mark, (question) => void this.#ask(question), options.onStderr);
    process.stdout.on('data', (chunk: Buffer) => this.#preamble.push(chunk));
    process.stderr.setEncoding('utf8').on('data', (chunk: string) => this.#stderr.push(chunk));
    // A write to a process that has gone is reported by `exit`.
    process.stdin.on('error', () => undefined);
    const alive = setInterval(
      () => this.#frames.hasBegun && process.stdin.write('\n'),
      (LEASE_SECONDS / 3) * 1000,
    );
    this.#armHello();
    const gone = process.exit.then(async (exit) => {
      clearInterval(alive);
      clearTimeout(this.#helloTimer);
      this.#stderr.setMayAsk(false);
      const said = {
        preamble: this.#preamble,
        frames: this.#frames,
        stderr: this.#stderr,
        loader: this.#loader,
      };
      const ending: Ending = this.#failure
        ? { kind: 'failed', error: this.#failure }
        : await endingOf(connection, exit, said);
      if (ending.kind === 'failed') this.#settle.reject(ending.error);
      else this.#settle.resolve('runs');
      return ending;
    });
    this.ended = Promise.race([gone, new Promise<Ending>((resolve) => (this.#giveUp = resolve))]);
  }

  /** Tells the loader something: see docs/protocol.md for its stdin. */
  send(line: string): void {
    this.#process.stdin.write(`${line}\n`);
  }

  /** Tells the loader to leave. `ended` tells when it has. */
  stop(): void {
    this.#process.stdin.end();
    const message = `The loader on ${this.#label} was told to leave and did not confirm it within ${LEAVE_MS / 1000} seconds.`;
    const hint = `It leaves by itself after ${LEASE_SECONDS} seconds without contact. To be sure, run there: pgrep rpstrace`;
    const error = new Problem('LOADER_STUCK', message, hint);
    setTimeout(() => this.#giveUp({ kind: 'failed', error }), LEAVE_MS).unref();
  }

  #armHello(): void {
    clearTimeout(this.#helloTimer);
    this.#helloTimer = setTimeout(() => {
      if (!this.#preamble.isAnswered) {
        return this.#fail(noAnswer(this.#label, `nothing for ${HELLO_SECONDS} seconds`));
      }
      const message = `The loader on ${this.#label} started but said nothing for ${HELLO_SECONDS} seconds.`;
      this.#fail(new Problem('PROTOCOL', message, 'Look at the log, and start again.'));
    }, HELLO_SECONDS * 1000);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle.reject(this.#failure);
    this.stop();
  }

  #answer(text: string): void {
    try {
      const survey = readSurvey(this.#label, text);
      this.#options.onSurvey(survey);
      if (survey.starts) this.#loader = survey.loader.cached;
      this.#armHello();
      this.#stderr.setMayAsk(survey.starts && survey.root === 'sudoWithPassword');
      if (!survey.starts) this.#settle.resolve('lacks');
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #begun(): void {
    clearTimeout(this.#helloTimer);
    this.#stderr.setMayAsk(false);
    this.#settle.resolve('runs');
  }

  async #ask(question: OpenQuestion): Promise<void> {
    clearTimeout(this.#helloTimer);
    try {
      const answer = await this.#options.answerSudo(question);
      if (!question.withdrawn.aborted) {
        this.#stderr.answered();
        this.#process.stdin.write(`${answer}\n`);
      }
    } catch (error) {
      if (!question.withdrawn.aborted) this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
    if (!this.#frames.hasBegun && !this.#failure) this.#armHello();
  }
}
