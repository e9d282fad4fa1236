import type { Connection } from '../hosts/connection';
import { openConnection } from '../hosts/open';
import type { Target } from '../hosts/target';
import { readBtf } from '../loader/btf';
import { refusal } from '../loader/compile';
import { startLoader, type Started, type StartOptions } from '../loader/start';
import type { Needed, Verified } from '../loader/survey';
import type { Problem } from '../problem';
import type { TraceContext } from './context';

/** A host that is reached. Whoever opened it disposes of it. */
export class Session {
  #verified: Verified = {};
  /** Path of the loader on the host, once it was started. */
  #loader: string | undefined;

  private constructor(
    private readonly connection: Connection,
    private readonly needed: Needed,
    private readonly context: TraceContext,
  ) {}

  /**
   * Reaches the host.
   * @throws Problem LOADER_MISSING, BTF_FILE and whatever `openConnection` throws; Cancelled
   */
  static async open(
    target: Target,
    context: TraceContext,
    signal: AbortSignal,
    onStep: (step: string) => void,
  ): Promise<Session> {
    const btf = context.btf?.() ?? '';
    const needed = { binaries: await context.binaries(), btf: btf === '' ? undefined : await readBtf(btf) };
    const client = context.client?.() ?? 'auto';
    const connection = await openConnection(target, { ...context, client, signal, onStep });
    onStep(`Looking at ${connection.label}`);
    return new Session(connection, needed, context);
  }

  /**
   * Starts the loader, and brings it to the host before that when it is not there; resolves when it counts.
   * @throws Problem, Cancelled: see `startLoader`
   */
  async run(
    options: Pick<StartOptions, 'scope' | 'guard' | 'onStep' | 'onFrame' | 'onBadLine' | 'signal'>,
  ): Promise<Pick<Started, 'run' | 'unprivileged'>> {
    const { context, needed } = this;
    const { run, path, verified, unprivileged } = await startLoader(this.connection, {
      ...{ ...context, needed, verified: this.#verified },
      intervalMs: context.intervalMs(),
      ...options,
    });
    this.#loader = path;
    this.#verified = verified;
    return { run, unprivileged };
  }

  /** Why libpcap refuses a filter on this host, if it does and can be asked: see `refusal` in `src/loader/compile.ts`. */
  async refusal(filter: string, signal: AbortSignal): Promise<Problem | undefined> {
    return this.#loader === undefined ? undefined : refusal(this.connection, this.#loader, filter, signal);
  }

  /** Ends everything that runs over its connection. */
  dispose(): void {
    this.connection.dispose();
  }
}
