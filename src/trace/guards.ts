import type { LoaderRun } from '../loader/run';
import type { Frame } from '../../shared/frames/frames';
import { everything } from '../../shared/scope';
import type { Session } from './session';

/** The guards for masks that run beside a trace's loader, on its connection. */
export class Guards {
  /** Those that have not ended. */
  readonly #running = new Set<LoaderRun>();

  constructor(private readonly onBadLine: (reason: string) => void) {}

  /**
   * Starts one; resolves when it listens.
   * @throws Problem, Cancelled: as `Session.run`
   */
  async start(session: Session, onFrame: (frame: Frame) => void, signal: AbortSignal): Promise<LoaderRun> {
    const { run } = await session.run({
      ...{ scope: everything, guard: true, onFrame, signal, onBadLine: this.onBadLine },
      onStep: () => undefined,
    });
    this.#running.add(run);
    void run.ended.then(() => this.#running.delete(run));
    return run;
  }

  /** Ends all of them; resolves when they have gone. By then masks that nobody has confirmed are back. */
  async end(): Promise<void> {
    const running = [...this.#running];
    for (const guard of running) guard.stop();
    await Promise.all(running.map(({ ended }) => ended));
  }
}
