import { Problem, type ProblemCode } from '../problem';
import { PROTOCOL, parseFrame, type Frame, type FrameOf } from '../../shared/frames/frames';
import { FRAMES_PER_SECOND, FRAME_BURST, MAX_BAD_LINES, MAX_GARBAGE_LINES } from '../../shared/limits';
import { LineSplitter, type Line } from './lines';
import { RateLimit } from './rateLimit';

export interface FrameListener {
  /** Every frame but errors. */
  readonly onFrame: (frame: Frame) => void;
  /** A line that is no frame: `reason` is for the log. */
  readonly onBadLine: (reason: string) => void;
}

/** Reads the stdout of a loader: its frames, what it says is wrong, and whether it is a loader at all. */
export class FrameReader {
  readonly #lines = new LineSplitter((line) => this.#line(line));
  #hello = false;
  #end: string | undefined;
  #error: Problem | undefined;
  #badLines = 0;
  readonly #rate = new RateLimit(FRAME_BURST, FRAMES_PER_SECOND);
  /** There is no sense in reading on. */
  #isOver = false;

  /**
   * @param label of the host, for people
   * @param onHello called with the first frame of a loader that this extension understands, after the listener
   * @param onFault called when there is no sense in reading on
   */
  constructor(
    private readonly label: string,
    private readonly listener: FrameListener,
    private readonly onHello: () => void,
    private readonly onFault: (problem: Problem) => void,
  ) {}

  /** Whether it is a loader that talks. */
  get hasBegun(): boolean {
    return this.#hello;
  }

  /** Why a loader has left that did so in order. */
  get end(): string | undefined {
    return this.#end;
  }

  /** The first thing that the loader said is wrong. */
  get error(): Problem | undefined {
    return this.#error;
  }

  push(chunk: Buffer): void {
    this.#lines.push(chunk);
  }

  #line(line: Line): void {
    if (this.#isOver) return;
    if (!this.#rate.take()) return this.#flooded();
    const parsed =
      line.kind === 'line' ? parseFrame(line.text) : { kind: 'bad' as const, reason: 'too long' };
    if (parsed.kind === 'bad') this.#bad(parsed.reason);
    else if (parsed.kind === 'frame') this.#frame(parsed.frame);
  }

  #bad(reason: string): void {
    this.#badLines++;
    this.listener.onBadLine(reason);
    if (this.#badLines <= (this.#hello ? MAX_BAD_LINES : MAX_GARBAGE_LINES)) return;
    const message = `What runs on ${this.label} prints something else than the loader's frames.`;
    const hint = 'Look at the log; a wrapper around sudo or the shell may write to stdout.';
    this.#fault(new Problem('PROTOCOL', message, hint));
  }

  #flooded(): void {
    const message = `What runs on ${this.label} prints more than ${FRAMES_PER_SECOND} lines a second.`;
    const hint = 'No loader does that. Look at what runs there as rpstrace, and start again.';
    this.#fault(new Problem('PROTOCOL', message, hint));
  }

  #fault(problem: Problem): void {
    this.#isOver = true;
    this.onFault(problem);
  }

  #frame(frame: Frame): void {
    if (frame.type === 'error') {
      this.#error ??= loaderProblem(frame);
      return;
    }
    if (frame.type === 'hello' && frame.protocol !== PROTOCOL) {
      const message = `The loader speaks protocol ${frame.protocol}, this extension ${PROTOCOL}.`;
      this.#fault(new Problem('PROTOCOL', message, 'Reinstall the extension.'));
      return;
    }
    const isFirst = !this.#hello && (frame.type === 'hello' || frame.type === 'guard');
    if (isFirst) this.#hello = true;
    if (frame.type === 'end') this.#end = frame.reason;
    if (frame.type === 'guard' && (frame.state === 'confirmed' || frame.state === 'reverted')) {
      this.#end = frame.why ?? frame.state;
    }
    this.listener.onFrame(frame);
    if (isFirst) this.onHello();
  }
}

/** What the loader says is wrong, with its own words: for a filter they are libpcap's. */
export function loaderProblem({ code, message, hint }: FrameOf<'error'>): Problem {
  const known = code.startsWith('FILTER_') ? 'FILTER_REFUSED' : guardCodes.get(code);
  return new Problem(known ?? 'LOADER_FAILED', message, hint);
}

/** What a guard finds wrong with what it is told to write: docs/protocol.md says what each of them means. */
const guardCodes: ReadonlyMap<string, ProblemCode> = new Map([
  ['CHANGED', 'MASK_CHANGED'],
  ['GUARDED', 'MASK_GUARDED'],
  ['TOO_WIDE', 'MASK_TOO_WIDE'],
  ['REFUSED', 'MASK_REFUSED'],
  ['QUEUE_GONE', 'QUEUE_GONE'],
  ['READ_ONLY', 'SYSFS_READ_ONLY'],
  ['NOT_PERMITTED', 'WRITE_REFUSED'],
  ['WRITE_FAILED', 'WRITE_REFUSED'],
]);
