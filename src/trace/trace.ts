import type { Target } from '../hosts/target';
import { refusalHere } from '../loader/compile';
import type { LoaderRun } from '../loader/run';
import { Cancelled, Problem } from '../problem';
import type { Cpu, Device, Frame } from '../../shared/frames/frames';
import type { IntervalCounts, RowKey, ToPanel, TraceState } from '../../shared/messages/panel';
import { everything, sameScope, type Scope } from '../../shared/scope';
import type { TraceContext } from './context';
import { Counts } from './counts';
import { Guards } from './guards';
import { History } from '../../shared/history';
import { OwnMasks } from './ownMasks';
import { Session } from './session';

/** Somebody waits for a run to be followed by another one on the same session. */
interface Restart {
  readonly signal: AbortSignal;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** What a panel is told of a failure. */
const told = ({ code, message, hint }: Problem) => ({ code, message, hint });

/** One host that is traced: where that stands, and what was counted. It can be started again after it ended. */
export class Trace {
  #state: TraceState = { kind: 'idle' };
  /** Masks that this window writes on the host. */
  readonly ownMasks = new OwnMasks();
  #counts = this.#newCounts();
  #scope: Scope;
  readonly #watchers = new Set<(state: TraceState) => void>();
  readonly #taps = new Set<(frame: Frame) => void>();
  #starting: AbortController | undefined;
  #session: Session | undefined;
  #run: LoaderRun | undefined;
  readonly #guards = new Guards((reason) =>
    this.context.log.warn(`${this.label}: a line of the guard is no frame: ${reason}`),
  );
  #restart: Restart | undefined;
  /** Settles when nothing of the current run is left on this side. */
  #over: Promise<void> = Promise.resolve();

  /** @param label what people call the host. */
  constructor(
    readonly target: Target,
    readonly label: string,
    private readonly context: TraceContext,
    private readonly emit: (message: ToPanel) => void,
  ) {
    this.#scope = this.#wantedScope;
  }

  get state(): TraceState {
    return this.#state;
  }

  /** Whether its host is read but cannot be traced. */
  get readsOnly(): boolean {
    return this.#state.kind === 'tracing' && this.#counts.facts?.backend === 'none';
  }

  /** What is counted, or will be at the next start. */
  get scope(): Scope {
    return this.#scope;
  }

  /** The devices that the loader told of last; none before a start. */
  get devices(): readonly Device[] {
    return this.#counts.devices;
  }

  /** The host's CPUs as they are now; none before a start. */
  get cpus(): readonly Cpu[] {
    return this.#counts.cpus;
  }

  /** What identifies each row that was counted. */
  get keys(): readonly RowKey[] {
    return this.#counts.keys;
  }

  /** When the newest sample was taken, in seconds of the host's CLOCK_MONOTONIC. */
  get at(): number | undefined {
    return this.#counts.at;
  }

  /** Decisions of get_rps_cpu() per second over the last interval. */
  get decisionsPerSecond(): number {
    return this.#counts.decisionsPerSecond;
  }

  /** Whether anything of it may be running. */
  get active(): boolean {
    return ['connecting', 'tracing', 'stopping'].includes(this.#state.kind);
  }

  /** Calls `tap` with every frame once it is counted; returns what ends that. */
  tap(tap: (frame: Frame) => void): { dispose(): void } {
    this.#taps.add(tap);
    return { dispose: () => this.#taps.delete(tap) };
  }

  /** Frames that lead to what is counted now. */
  opening(): readonly Frame[] {
    return this.#counts.opening();
  }

  /** Calls `watcher` whenever the state changes; returns what ends that. */
  watch(watcher: (state: TraceState) => void): { dispose(): void } {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  /** What was counted between two moments, in seconds of the host's CLOCK_MONOTONIC. */
  between(from: number, to: number): IntervalCounts | undefined {
    return this.#counts.between(from, to);
  }

  snapshot(): ToPanel {
    return {
      type: 'snapshot',
      host: this.label,
      state: this.#state,
      scope: this.#scope,
      ...this.#counts.snapshot(),
    };
  }

  /**
   * Connects and starts the loader; resolves when it counts. A failure becomes the trace's state and is thrown too.
   * @throws Problem; Cancelled when `signal` aborts, a prompt is cancelled, or the trace is stopped meanwhile.
   */
  async start(signal: AbortSignal): Promise<void> {
    if (this.active) return;
    this.#starting = new AbortController();
    const scope = this.#wantedScope;
    // A run that failed is resumed: what it saw over time stays, and the gap shows. Its totals do not.
    const isResumed = this.#state.kind === 'failed' && sameScope(scope, this.#scope);
    this.#counts = isResumed ? this.#counts.next() : this.#newCounts();
    this.#scope = scope;
    this.#set({ kind: 'connecting', step: `Connecting to ${this.label}` });
    this.emit(this.snapshot());
    const begun = this.#begin(AbortSignal.any([signal, this.#starting.signal]));
    this.#over = begun.then(({ over }) => over).catch(() => undefined);
    await begun;
  }

  /**
   * Takes over what is now to be counted on this host. A trace that runs starts again, from 0, on the same connection
   * and without asking anything; resolves when it counts.
   * @throws Problem, Cancelled: as `start`
   */
  async rescope(signal: AbortSignal): Promise<void> {
    const scope = this.#wantedScope;
    const run = this.#run;
    if (this.#state.kind !== 'tracing' || !run) {
      // A start under way has read its scope already; what has not begun reads it then.
      if (!this.active) this.#rename(scope);
      return;
    }
    if (sameScope(scope, this.#scope)) return;
    this.#starting = new AbortController();
    const ends = AbortSignal.any([signal, this.#starting.signal]);
    const restarted = new Promise<void>((done, failed) => (this.#restart = { signal: ends, done, failed }));
    this.#set({ kind: 'connecting', step: `Starting again on ${this.label}` });
    run.stop();
    await restarted;
  }

  /**
   * Why libpcap refuses a filter, as far as that can be said now: on the host while it is traced, else by this machine's
   * own loader. Undefined: it does not, or only the start will tell.
   * @throws Cancelled
   */
  async refusal(filter: string, signal: AbortSignal): Promise<Problem | undefined> {
    const { ownLoader } = this.context;
    try {
      if (this.#session && this.#state.kind === 'tracing') {
        return await this.#session.refusal(filter, signal);
      }
      return ownLoader === undefined ? undefined : await refusalHere(ownLoader, filter, signal);
    } catch (error) {
      if (error instanceof Problem) return undefined;
      throw error;
    }
  }

  /** Tells the loader that runs something, if there is one. */
  send(line: string): void {
    this.#run?.send(line);
  }

  /**
   * Starts a guard for masks beside the loader, on the same connection; resolves when it listens.
   * @throws Problem NOT_TRACED, and as `start`; Cancelled
   */
  async guard(onFrame: (frame: Frame) => void, signal: AbortSignal): Promise<LoaderRun> {
    if (!this.#session || this.#state.kind !== 'tracing') {
      throw new Problem('NOT_TRACED', `${this.label} is not traced.`, 'Start a trace of it first.');
    }
    return this.#guards.start(this.#session, onFrame, signal);
  }

  /** Ends the trace and waits until its loader has gone. A loader that does not confirm that fails the trace. */
  async stop(): Promise<void> {
    if (this.#state.kind === 'connecting') {
      this.#starting?.abort();
      this.#set({ kind: 'stopping' });
    } else if (this.#state.kind === 'tracing') {
      this.#set({ kind: 'stopping' });
      // The connection ends with the loader.
      await this.#guards.end();
      this.#run?.stop();
    }
    await this.#over;
  }

  #newCounts(): Counts {
    return new Counts(new History(), this.ownMasks);
  }

  get #wantedScope(): Scope {
    return this.context.scope?.(this.target) ?? everything;
  }

  #rename(scope: Scope): void {
    this.#scope = scope;
    this.emit({ type: 'scope', scope });
  }

  readonly #onStep = (step: string) => {
    if (this.#state.kind === 'connecting') this.#set({ kind: 'connecting', step });
  };

  async #begin(signal: AbortSignal): Promise<{ over: Promise<void> }> {
    try {
      const { filter } = this.#scope;
      const refused = filter === '' ? undefined : await this.refusal(filter, signal);
      if (refused) throw refused;
      this.#session = await Session.open(this.target, this.context, signal, this.#onStep);
      const run = await this.#launch(this.#session, signal);
      return { over: this.#follow(run, this.#session) };
    } catch (error) {
      const shown = signal.aborted ? new Cancelled() : error;
      this.#close();
      this.#ended(shown);
      throw shown;
    }
  }

  /** Starts the loader; resolves when it counts. */
  async #launch(session: Session, signal: AbortSignal): Promise<LoaderRun> {
    const { run, unprivileged } = await session.run({
      scope: this.#scope,
      onStep: this.#onStep,
      onFrame: (frame) => {
        if (frame.type === 'audit' && frame.state === 'refused') {
          this.context.log.info(`${this.label}: it cannot be told who writes masks: ${frame.why ?? ''}`);
        }
        this.#counts.apply(frame).forEach(this.emit);
        for (const tap of this.#taps) tap(frame);
      },
      onBadLine: (reason) => {
        this.context.log.warn(`${this.label}: a line of the loader is no frame: ${reason}`);
        this.emit(this.#counts.badLine());
      },
      signal,
    });
    this.#run = run;
    this.#set({ kind: 'tracing', ...(unprivileged && { unprivileged: told(unprivileged) }) });
    return run;
  }

  /** Waits for the end of a run, however it comes, and leaves nothing open unless another one follows. */
  async #follow(run: LoaderRun, session: Session): Promise<void> {
    const ending = await run.ended;
    this.#run = undefined;
    const restart = this.#restart;
    this.#restart = undefined;
    if (restart && ending.kind === 'end' && !restart.signal.aborted) {
      await this.#again(session, restart);
      return;
    }
    this.#close();
    restart?.failed(ending.kind === 'failed' ? ending.error : new Cancelled());
    if (ending.kind === 'failed') {
      this.#ended(ending.error);
      return;
    }
    const asked = this.#state.kind === 'stopping' || restart !== undefined;
    const reason = asked ? 'Stopped on request; the loader has gone.' : `The loader ended: ${ending.reason}.`;
    this.#set({ kind: 'stopped', reason });
  }

  /** Starts the loader again on a session whose run has ended, and waits for the end of that. */
  async #again(session: Session, { signal, done, failed }: Restart): Promise<void> {
    this.#counts = this.#newCounts();
    this.#scope = this.#wantedScope;
    this.emit(this.snapshot());
    let run: LoaderRun;
    try {
      run = await this.#launch(session, signal);
    } catch (error) {
      const shown: unknown = signal.aborted ? new Cancelled() : error;
      this.#close();
      this.#ended(shown);
      failed(shown);
      return;
    }
    done();
    await this.#follow(run, session);
  }

  #close(): void {
    this.#session?.dispose();
    this.#session = undefined;
  }

  #ended(error: unknown): void {
    for (const message of this.#counts.settle()) this.emit(message);
    if (error instanceof Cancelled) {
      this.#set({ kind: 'stopped', reason: 'Cancelled before it began.' });
    } else if (error instanceof Problem) {
      this.context.log.error(`${this.label}: ${error.code}: ${error.message} ${error.hint}`);
      this.#set({ kind: 'failed', ...told(error) });
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
