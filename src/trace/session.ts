import type { Connection } from '../hosts/connection';
import { openConnection } from '../hosts/open';
import type { Target } from '../hosts/target';
import { readBtf } from '../loader/btf';
import { refusal } from '../loader/compile';
import type { LoaderRun } from '../loader/run';
import { bringLoader, startLoader, type Placed, type StartOptions } from '../loader/start';
import type { Problem } from '../problem';
import type { TraceContext } from './trace';

/** A host that is reached, with a loader on it. Whoever opened it disposes of it. */
export class Session {
  private constructor(
    private readonly connection: Connection,
    private readonly placed: Placed,
    private readonly context: TraceContext,
  ) {}

  /**
   * Reaches the host and brings the loader there.
   * @throws Problem BTF_FILE and whatever `openConnection` and `bringLoader` throw; Cancelled
   */
  static async open(
    target: Target,
    context: TraceContext,
    signal: AbortSignal,
    onStep: (step: string) => void,
  ): Promise<Session> {
    const btf = context.btf?.() ?? '';
    const files = { binaries: await context.binaries(), btf: btf === '' ? undefined : await readBtf(btf) };
    const client = context.client?.() ?? 'auto';
    const connection = await openConnection(target, { ...context, client, signal, onStep });
    try {
      const placed = await bringLoader(connection, { ...files, log: context.log, onStep, signal });
      return new Session(connection, placed, context);
    } catch (error) {
      connection.dispose();
      throw error;
    }
  }

  /**
   * Starts the loader; resolves when it counts.
   * @throws Problem, Cancelled: see `startLoader`
   */
  run(
    options: Pick<StartOptions, 'scope' | 'onStep' | 'onFrame' | 'onBadLine' | 'signal'>,
  ): Promise<LoaderRun> {
    const { context } = this;
    return startLoader(this.connection, this.placed, {
      ...context,
      intervalMs: context.intervalMs(),
      ...options,
    });
  }

  /** Why libpcap refuses a filter on this host, if it does: see `refusal` in `src/loader/compile.ts`. */
  refusal(filter: string, signal: AbortSignal): Promise<Problem | undefined> {
    return refusal(this.connection, this.placed.path, filter, signal);
  }

  /** Ends everything that runs over its connection. */
  dispose(): void {
    this.connection.dispose();
  }
}
