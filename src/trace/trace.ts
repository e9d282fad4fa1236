import type { Connection } from '../hosts/connection';
import { openConnection } from '../hosts/open';
import type { SshClientChoice } from '../hosts/openssh/choose';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import type { SshEnvironment } from '../hosts/ssh/environment';
import type { Target } from '../hosts/target';
import type { Binaries } from '../loader/binaries';
import type { LoaderRun } from '../loader/run';
import { startLoader } from '../loader/start';
import { Cancelled, Problem } from '../problem';
import type { ToPanel, TraceState } from '../protocol/panel';
import { Counts } from './counts';

/** What a trace needs of the world. */
export interface TraceContext {
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  /** The loaders that come with the extension. */
  readonly binaries: () => Promise<Binaries>;
  /** What speaks SSH. */
  readonly client?: () => SshClientChoice;
  /** Another SSH configuration than the user's own. */
  readonly ssh?: Partial<SshEnvironment>;
  /** Milliseconds between samples. */
  readonly intervalMs: () => number;
}

/** One host that is traced: where that stands, and what was counted. It can be started again after it ended. */
export class Trace {
  #state: TraceState = { kind: 'idle' };
  #counts = new Counts();
  readonly #watchers = new Set<(state: TraceState) => void>();
  #starting: AbortController | undefined;
  #run: LoaderRun | undefined;
  /** Settles when nothing of the current run is left on this side. */
  #over: Promise<void> = Promise.resolve();

  /** @param label what people call the host. */
  constructor(
    readonly target: Target,
    readonly label: string,
    private readonly context: TraceContext,
    private readonly emit: (message: ToPanel) => void,
  ) {}

  get state(): TraceState {
    return this.#state;
  }

  /** Decisions of get_rps_cpu() per second over the last interval. */
  get decisionsPerSecond(): number {
    return this.#counts.decisionsPerSecond;
  }

  /** Whether anything of it may be running. */
  get active(): boolean {
    return ['connecting', 'tracing', 'stopping'].includes(this.#state.kind);
  }

  /** Calls `watcher` whenever the state changes; returns what ends that. */
  watch(watcher: (state: TraceState) => void): { dispose(): void } {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  snapshot(): ToPanel {
    return { type: 'snapshot', host: this.label, state: this.#state, ...this.#counts.snapshot() };
  }

  /**
   * Connects and starts the loader; resolves when it counts. A failure becomes the trace's state and is thrown too.
   * @throws Problem; Cancelled when `signal` aborts, a prompt is cancelled, or the trace is stopped meanwhile.
   */
  async start(signal: AbortSignal): Promise<void> {
    if (this.active) return;
    this.#starting = new AbortController();
    // A run that failed is resumed: what it saw over time stays, and the gap shows. Its totals do not.
    this.#counts = this.#state.kind === 'failed' ? this.#counts.next() : new Counts();
    this.#set({ kind: 'connecting', step: `Connecting to ${this.label}` });
    this.emit(this.snapshot());
    const begun = this.#begin(AbortSignal.any([signal, this.#starting.signal]));
    this.#over = begun.then(({ over }) => over).catch(() => undefined);
    await begun;
  }

  /** Ends the trace and waits until its loader has gone. A loader that does not confirm that fails the trace. */
  async stop(): Promise<void> {
    if (this.#state.kind === 'connecting') this.#starting?.abort();
    if (this.#state.kind === 'tracing') {
      this.#set({ kind: 'stopping' });
      this.#run?.stop();
    }
    await this.#over;
  }

  async #begin(signal: AbortSignal): Promise<{ over: Promise<void> }> {
    const { context, target } = this;
    const onStep = (step: string) => this.#set({ kind: 'connecting', step });
    let opened: Connection | undefined;
    try {
      const connection = (opened = await openConnection(target, {
        ...context,
        client: context.client?.() ?? 'auto',
        signal,
        onStep,
      }));
      const run = await startLoader(connection, {
        ...context,
        intervalMs: context.intervalMs(),
        binaries: await context.binaries(),
        onStep,
        onFrame: (frame) => this.#counts.apply(frame).forEach(this.emit),
        onBadLine: (reason) => {
          context.log.warn(`${this.label}: a line of the loader is no frame: ${reason}`);
          this.emit(this.#counts.badLine());
        },
        signal,
      });
      this.#run = run;
      this.#set({ kind: 'tracing' });
      return { over: this.#follow(run, connection) };
    } catch (error) {
      opened?.dispose();
      this.#ended(signal.aborted ? new Cancelled() : error);
      throw signal.aborted ? new Cancelled() : error;
    }
  }

  /** Waits for the end of a run, however it comes, and leaves nothing open. */
  async #follow(run: LoaderRun, connection: Connection): Promise<void> {
    const ending = await run.ended;
    this.#run = undefined;
    connection.dispose();
    if (ending.kind === 'failed') {
      this.#ended(ending.error);
      return;
    }
    const asked = this.#state.kind === 'stopping';
    const reason = asked ? 'Stopped on request; the loader has gone.' : `The loader ended: ${ending.reason}.`;
    this.#set({ kind: 'stopped', reason });
  }

  #ended(error: unknown): void {
    this.emit(this.#counts.settle());
    if (error instanceof Cancelled) {
      this.#set({ kind: 'stopped', reason: 'Cancelled before it began.' });
    } else if (error instanceof Problem) {
      this.context.log.error(`${this.label}: ${error.code}: ${error.message} ${error.hint}`);
      this.#set({ kind: 'failed', code: error.code, message: error.message, hint: error.hint });
    } else {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      this.context.log.error(`${this.label}: ${text}`);
      const hint = 'This is a fault of the extension. Please report it with the log.';
      this.#set({ kind: 'failed', code: 'BUG', message: String(error), hint });
    }
  }

  #set(state: TraceState): void {
    this.#state = state;
    this.emit({ type: 'state', state });
    for (const watcher of this.#watchers) watcher(state);
  }
}
