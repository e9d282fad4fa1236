import { Problem, type ProblemCode } from '../problem';
import { PROTOCOL, parseFrame, type Frame, type FrameOf } from '../protocol/frames';
import { LineSplitter, type Line } from './lines';

/** Lines that are no frames before the first frame: more of them, and it is not the loader that talks. */
const GARBAGE_LINES = 10;

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
    const parsed =
      line.kind === 'line' ? parseFrame(line.text) : { kind: 'bad' as const, reason: 'too long' };
    if (parsed.kind === 'bad') this.#bad(parsed.reason);
    else if (parsed.kind === 'frame') this.#frame(parsed.frame);
  }

  #bad(reason: string): void {
    this.#badLines++;
    this.listener.onBadLine(reason);
    if (this.#hello || this.#badLines <= GARBAGE_LINES) return;
    const message = `What runs on ${this.label} prints something else than the loader's frames.`;
    const hint = 'Look at the log; a wrapper around sudo or the shell may write to stdout.';
    this.onFault(new Problem('PROTOCOL', message, hint));
  }

  #frame(frame: Frame): void {
    if (frame.type === 'error') {
      this.#error ??= loaderProblem(frame);
      return;
    }
    if (frame.type === 'hello' && frame.protocol !== PROTOCOL) {
      const message = `The loader speaks protocol ${frame.protocol}, this extension ${PROTOCOL}.`;
      this.onFault(new Problem('PROTOCOL', message, 'Reinstall the extension.'));
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
]);
