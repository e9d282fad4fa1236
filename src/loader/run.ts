import { randomBytes } from 'node:crypto';
import type { Connection, Exit, Process } from '../hosts/connection';
import { quote } from '../hosts/shell';
import { PROTOCOL, parseFrame, type Frame, type FrameOf } from '../protocol/frames';
import { Cancelled, Problem } from '../problem';
import type { Scope } from '../protocol/scope';
import { scopeArguments } from './arguments';
import { LineSplitter, type Line } from './lines';
import { SudoPrompt, sudoProblem } from './sudo';
import type { RootWay } from './survey';

/** Seconds from exec to the first frame, not counting the time a person takes to type a password. */
const HELLO_SECONDS = 60;
/** How long the loader may take to leave after it was told to, milliseconds. */
const LEAVE_MS = 5000;
/** Seconds without a sign of life from here after which the loader leaves by itself: a cable that was cut sends no EOF. */
const LEASE_SECONDS = 15;
/** Lines that are no frames before the first frame: more of them, and it is not the loader that talks. */
const GARBAGE_LINES = 10;
/** How much of the loader's stderr is kept to explain its death, characters. */
const STDERR_TAIL = 4000;

export interface RunOptions {
  /** Path of the loader on the host. */
  readonly path: string;
  readonly root: Exclude<RootWay, 'none' | 'doasRefuses'>;
  /** Path, on the host, of a file with the types of its kernel; undefined where that tells them itself. */
  readonly btf: string | undefined;
  readonly intervalMs: number;
  readonly scope: Scope;
  /** Asks for the sudo password; `again` when the last one was wrong. Undefined: the person cancelled. */
  readonly askPassword: (again: boolean) => Promise<string | undefined>;
  readonly onFrame: (frame: Frame) => void;
  /** A line that is no frame: `reason` is for the log. */
  readonly onBadLine: (reason: string) => void;
  /** A line of what the loader and sudo say to people; untrusted text. */
  readonly onStderr: (line: string) => void;
}

/** How a run of the loader ended. */
export type Ending =
  { readonly kind: 'end'; readonly reason: string } | { readonly kind: 'failed'; readonly error: Error };

/** A loader that runs as root on a host, from its start to its end. */
export class LoaderRun {
  /** Settles when the loader has gone, or has not confirmed that in time after `stop`; never rejects. */
  readonly ended: Promise<Ending>;

  readonly #label: string;
  readonly #process: Process;
  readonly #options: RunOptions;
  readonly #started: Promise<void>;
  #settle!: { resolve: () => void; reject: (error: Error) => void };
  #giveUp!: (ending: Ending) => void;
  #hello = false;
  #end: FrameOf<'end'> | undefined;
  #failure: Error | undefined;
  #badLines = 0;
  #stderr = '';
  /** The last line of stderr as long as it has no end. */
  #unfinished = '';

  /**
   * Starts the loader and waits for its first frame.
   * @throws Problem SUDO_*, LOADER_FAILED and FILTER_REFUSED with what the loader says, SCOPE_INVALID, LOADER_DIED,
   * PROTOCOL; Cancelled
   */
  static async start(connection: Connection, options: RunOptions, signal: AbortSignal): Promise<LoaderRun> {
    const mark = `rpstrace-${randomBytes(12).toString('hex')}`;
    const process = await connection.exec(command(options, mark), signal);
    const run = new LoaderRun(connection.label, process, options, mark);
    const cancel = () => run.#fail(new Cancelled());
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await run.#started;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    return run;
  }

  private constructor(label: string, process: Process, options: RunOptions, mark: string) {
    this.#label = label;
    this.#process = process;
    this.#options = options;
    this.#started = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#started.catch(() => undefined);
    const lines = new LineSplitter((line) => this.#line(line));
    process.stdout.on('data', (chunk: Buffer) => lines.push(chunk));
    const prompt = new SudoPrompt(
      mark,
      (times) => void this.#password(times),
      (text) => this.#text(text),
    );
    process.stderr.setEncoding('utf8').on('data', (chunk: string) => prompt.push(chunk));
    // A write to a process that has gone is reported by `exit`.
    process.stdin.on('error', () => undefined);
    const alive = setInterval(() => this.#hello && process.stdin.write('\n'), (LEASE_SECONDS / 3) * 1000);
    this.#armHello();
    const gone = process.exit.then((exit) => {
      clearInterval(alive);
      clearTimeout(this.#helloTimer);
      const ending = this.#ending(exit);
      if (ending.kind === 'failed') this.#settle.reject(ending.error);
      else this.#settle.resolve();
      return ending;
    });
    this.ended = Promise.race([gone, new Promise<Ending>((resolve) => (this.#giveUp = resolve))]);
  }

  /** Tells the loader to leave. `ended` tells when it has. */
  stop(): void {
    this.#process.stdin.end();
    const message = `The loader on ${this.#label} was told to leave and did not confirm it within ${LEAVE_MS / 1000} seconds.`;
    const hint = `It leaves by itself after ${LEASE_SECONDS} seconds without contact. To be sure, run there: pgrep rpstrace`;
    const error = new Problem('LOADER_STUCK', message, hint);
    setTimeout(() => this.#giveUp({ kind: 'failed', error }), LEAVE_MS).unref();
  }

  #helloTimer: NodeJS.Timeout | undefined;
  #armHello(): void {
    this.#helloTimer = setTimeout(() => {
      const message = `The loader on ${this.#label} started but said nothing for ${HELLO_SECONDS} seconds.`;
      this.#fail(new Problem('PROTOCOL', message, 'Look at the log, and start again.'));
    }, HELLO_SECONDS * 1000);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#settle.reject(this.#failure);
    this.stop();
  }

  async #password(times: number): Promise<void> {
    clearTimeout(this.#helloTimer);
    const password = await this.#options.askPassword(times > 1);
    if (password === undefined) {
      this.#fail(new Cancelled());
      return;
    }
    this.#process.stdin.write(`${password}\n`);
    this.#armHello();
  }

  #text(text: string): void {
    const lines = (this.#unfinished + text).split('\n');
    this.#unfinished = (lines.pop() ?? '').slice(-STDERR_TAIL);
    lines.filter((line) => line.trim() !== '').forEach(this.#options.onStderr);
    this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
  }

  #line(line: Line): void {
    const parsed =
      line.kind === 'line' ? parseFrame(line.text) : { kind: 'bad' as const, reason: 'too long' };
    if (parsed.kind === 'bad') return this.#bad(parsed.reason);
    if (parsed.kind === 'later') return;
    this.#frame(parsed.frame);
  }

  #bad(reason: string): void {
    this.#badLines++;
    this.#options.onBadLine(reason);
    if (this.#hello || this.#badLines <= GARBAGE_LINES) return;
    const message = `What runs on ${this.#label} prints something else than the loader's frames.`;
    this.#fail(
      new Problem(
        'PROTOCOL',
        message,
        'Look at the log; a wrapper around sudo or the shell may write to stdout.',
      ),
    );
  }

  #frame(frame: Frame): void {
    if (frame.type === 'error') {
      this.#failure ??= loaderProblem(frame);
      return;
    }
    if (frame.type === 'hello') {
      if (frame.protocol !== PROTOCOL) {
        const message = `The loader speaks protocol ${frame.protocol}, this extension ${PROTOCOL}.`;
        return this.#fail(new Problem('PROTOCOL', message, 'Reinstall the extension.'));
      }
      this.#hello = true;
      clearTimeout(this.#helloTimer);
    }
    if (frame.type === 'end') this.#end = frame;
    this.#options.onFrame(frame);
    if (frame.type === 'hello') this.#settle.resolve();
  }

  #ending(exit: Exit): Ending {
    if (this.#failure) return { kind: 'failed', error: this.#failure };
    if (this.#end) return { kind: 'end', reason: this.#end.reason };
    if (exit.kind === 'lost') {
      const message = `The connection to ${this.#label} was lost.`;
      const hint = 'The loader leaves by itself. Start again when the host can be reached.';
      return { kind: 'failed', error: new Problem('CONNECTION_LOST', message, hint) };
    }
    const refused = this.#hello ? undefined : sudoProblem(this.#label, this.#stderr);
    if (refused) return { kind: 'failed', error: refused };
    const how = exit.kind === 'code' ? `ended with status ${exit.code}` : `was ended by ${exit.signal}`;
    const said = this.#stderr.trim().split('\n').at(-1) ?? '';
    const message = `The loader on ${this.#label} ${how}${said === '' ? '.' : `: ${said}`}`;
    return {
      kind: 'failed',
      error: new Problem('LOADER_DIED', message, 'Look at the log, and start again.'),
    };
  }
}

/** What the loader says is wrong, with its own words: for a filter they are libpcap's. */
export function loaderProblem({ code, message, hint }: FrameOf<'error'>): Problem {
  return new Problem(code.startsWith('FILTER_') ? 'FILTER_REFUSED' : 'LOADER_FAILED', message, hint);
}

/** The shell command that runs the loader as root. The password prompt is `mark`, which nobody else prints. */
function command({ path, root, btf, intervalMs, scope }: RunOptions, mark: string): string {
  const loader = [
    quote(path),
    `--format ndjson --interval ${intervalMs} --lease ${LEASE_SECONDS}`,
    ...(btf === undefined ? [] : [`--btf ${quote(btf)}`]),
    ...scopeArguments(scope),
  ].join(' ');
  const sudo = 'env LC_ALL=C sudo';
  switch (root) {
    case 'already':
      return `exec ${loader}`;
    case 'sudo':
      return `exec ${sudo} -n -- ${loader}`;
    case 'doas':
      return `exec doas -n -- ${loader}`;
    case 'sudoWithPassword':
      return `exec ${sudo} -S -p ${mark} -- ${loader}`;
  }
}
