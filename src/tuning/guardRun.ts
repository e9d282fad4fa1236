import type { LoaderRun } from '../loader/run';
import { Problem } from '../problem';
import type { Frame, FrameOf } from '../../shared/frames/frames';
import type { GuardedWrite, PlannedWrite } from '../../shared/messages/tuning';

export type GuardFrame = FrameOf<'guard'>;

/** Starts a guard on a host: `Trace.guard`. */
export type StartGuard = (
  onFrame: (frame: Frame) => void,
  signal: AbortSignal,
) => Promise<Pick<LoaderRun, 'send' | 'stop' | 'ended'>>;

/** What the guard said last, or how it ended without saying that it was over. */
export type GuardNews =
  { readonly kind: 'told'; readonly frame: GuardFrame } | { readonly kind: 'failed'; readonly error: Error };

/** One guard on a host, with what it is to write. It ends when it is told to, or when this side dies. */
export class GuardRun {
  #run: Awaited<ReturnType<StartGuard>> | undefined;
  #isOver = false;

  private constructor(
    private readonly writes: readonly PlannedWrite[],
    private readonly onNews: (news: GuardNews) => void,
  ) {}

  /**
   * Starts a guard, and tells it what it is to write; nothing is written yet.
   * @param onNews called with everything that it says after that; `failed` is the last
   * @throws Problem, Cancelled: see `Trace.guard`
   */
  static async start(
    start: StartGuard,
    writes: readonly PlannedWrite[],
    onNews: (news: GuardNews) => void,
    signal: AbortSignal,
  ): Promise<GuardRun> {
    const guard = new GuardRun(writes, onNews);
    const run = await start((frame) => guard.#take(frame), signal);
    guard.#run = run;
    void run.ended.then((ending) => {
      if (guard.#isOver) return;
      guard.#isOver = true;
      onNews({ kind: 'failed', error: ending.kind === 'failed' ? ending.error : endedEarly(ending.reason) });
    });
    for (const { netns, ifindex, instance, name, queue, before, after } of writes) {
      run.send(['write', netns, ifindex, instance, name, queue, before, after].join(' '));
    }
    return guard;
  }

  /** One of `check`, `apply SECONDS`, `confirm` and `revert`: see docs/protocol.md. */
  send(line: string): void {
    this.#run?.send(line);
  }

  /** Ends it; what it has written and nobody has confirmed is taken back. */
  stop(): void {
    this.#run?.stop();
  }

  /** The writes as a frame of this guard tells of them, in the order in which they were sent. */
  guarded(frame: GuardFrame): GuardedWrite[] {
    return this.writes.map((write, place) => {
      const { state = 'untouched', before = write.before, now = before } = frame.writes[place] ?? {};
      return { ...write, state, before, now };
    });
  }

  #take(frame: Frame): void {
    if (frame.type !== 'guard' || frame.state === 'ready' || this.#isOver) return;
    this.#isOver = frame.state === 'confirmed' || frame.state === 'reverted';
    this.onNews({ kind: 'told', frame });
  }
}

const endedEarly = (reason: string) =>
  new Problem('LOADER_DIED', `The guard ended: ${reason}.`, 'Look at the masks, and at the log.');
