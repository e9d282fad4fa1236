import { Cancelled, Problem } from '../problem';
import type { ProblemText } from '../../shared/messages/panel';
import type {
  ApplySource,
  ApplyState,
  GuardedWrite,
  PlannedWrite,
  RevertReason,
} from '../../shared/messages/tuning';
import { GuardRun, type GuardFrame, type GuardNews, type StartGuard } from './guardRun';

/** What applying needs of the world. */
export interface ApplyContext {
  readonly start: StartGuard;
  /** Shows a person the exact writes and asks whether they may be done. */
  readonly ask: (writes: readonly PlannedWrite[], seconds: number) => Promise<boolean>;
  readonly onState: (state: ApplyState) => void;
  /** The writes are about to be done: whatever comes of them is told by the states after that. */
  readonly onWrite: (source: ApplySource, writes: readonly PlannedWrite[], seconds: number) => Promise<void>;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
}

/** What is to be previewed. */
export interface Plan {
  readonly source: ApplySource;
  readonly writes: readonly PlannedWrite[];
  readonly gone: readonly string[];
}

/** Applying masks to one host, from the preview to the end of the guard. One at a time. */
export class Apply {
  #state: ApplyState = { kind: 'idle' };
  #guard: GuardRun | undefined;
  #starting: AbortController | undefined;
  /** When the guard takes everything back, by `now`; undefined before it was told to write. */
  #deadline: number | undefined;
  #isAsking = false;

  constructor(private readonly context: ApplyContext) {}

  /** With the time that is left now. */
  get state(): ApplyState {
    return this.#state.kind === 'applied' || this.#state.kind === 'lost'
      ? { ...this.#state, left: this.#left }
      : this.#state;
  }

  /** Whether masks are written, or about to be, and not confirmed. */
  get isUnderWay(): boolean {
    return this.#state.kind === 'applying' || this.#state.kind === 'applied';
  }

  /**
   * Asks the host whether a plan could be written now, which a guard finds out that then leaves; replaces an earlier preview.
   * While masks are under way it does nothing. Never throws: what is wrong becomes a part of the state.
   */
  async preview({ source, writes, gone }: Plan): Promise<void> {
    if (this.isUnderWay) return;
    this.#starting?.abort();
    const starting = (this.#starting = new AbortController());
    this.#set({ kind: 'previewing', source, writes });
    const problem = writes.length === 0 ? undefined : await this.#trial(writes, starting.signal);
    if (starting.signal.aborted) return;
    this.#set({ kind: 'previewed', source, writes, problem, gone });
  }

  /** What was to be previewed makes no sense. */
  refuse(problem: Problem): void {
    if (this.isUnderWay) return;
    this.#starting?.abort();
    this.#set({ kind: 'failed', problem: told(problem), writes: [] });
  }

  /**
   * Asks, then writes what was previewed, without what somebody else has changed since unless that is to be overwritten.
   * Resolves when it is written, refused, or given up. Never throws.
   */
  async apply(seconds: number, overwrite: boolean): Promise<void> {
    const previewed = this.#state;
    if (previewed.kind !== 'previewed' || this.#isAsking) return;
    const writes = previewed.writes.filter(({ conflict }) => overwrite || conflict === undefined);
    if (writes.length === 0) return;
    this.#isAsking = true;
    const isWanted = await this.context.ask(writes, seconds).finally(() => (this.#isAsking = false));
    // While the dialog was open somebody may have looked at something else.
    if (!isWanted || this.#state !== previewed) return;
    await this.#write(previewed.source, writes, seconds);
  }

  /** Leaves the masks as they are, for good. */
  confirm(): void {
    if (this.#state.kind === 'applied') this.#guard?.send('confirm');
  }

  /** Takes the masks back at once. */
  revert(): void {
    if (this.isUnderWay) this.#guard?.send('revert');
  }

  /** Forgets what is over, or was only looked at. */
  dismiss(): void {
    if (this.isUnderWay) return;
    this.#starting?.abort();
    this.#set({ kind: 'idle' });
  }

  get #left(): number {
    return Math.max(0, ((this.#deadline ?? 0) - this.context.now()) / 1000);
  }

  /** What stands in the way of the writes now. */
  async #trial(writes: readonly PlannedWrite[], signal: AbortSignal): Promise<ProblemText | undefined> {
    try {
      await new Promise<void>((checked, failed) => {
        const onNews = (news: GuardNews) => {
          if (news.kind === 'failed') failed(news.error);
          else if (news.frame.state === 'reverted') checked();
        };
        GuardRun.start(this.context.start, writes, onNews, signal)
          .then((guard) => ['check', 'revert'].forEach((line) => guard.send(line)))
          .catch(failed);
      });
      return undefined;
    } catch (error) {
      return told(error);
    }
  }

  async #write(source: ApplySource, writes: readonly PlannedWrite[], seconds: number): Promise<void> {
    const starting = (this.#starting = new AbortController());
    this.#deadline = undefined;
    this.#set({ kind: 'applying', writes });
    try {
      await this.context.onWrite(source, writes, seconds);
      await new Promise<void>((written) => {
        const onNews = (news: GuardNews) => {
          if (news.kind === 'failed') this.#failed(news.error, writes);
          else this.#told(news.frame, seconds);
          if (this.#state.kind !== 'applying') written();
        };
        GuardRun.start(this.context.start, writes, onNews, starting.signal)
          .then((guard) => {
            this.#guard = guard;
            this.#deadline = this.context.now() + seconds * 1000;
            // In one go with the check: a connection that is cut leaves no guard that holds queues and waits.
            guard.send(`apply ${seconds}`);
          })
          .catch((error: unknown) => {
            this.#failed(error, writes);
            written();
          });
      });
    } catch (error) {
      this.#failed(error, writes);
    }
  }

  #told(frame: GuardFrame, seconds: number): void {
    const writes = this.#guard?.guarded(frame) ?? [];
    switch (frame.state) {
      case 'ready':
      case 'checked':
        return;
      case 'applied':
        this.#set({ kind: 'applied', writes, seconds, left: this.#left });
        return;
      case 'confirmed':
        this.#over({ kind: 'confirmed', writes, changed: frame.why !== undefined });
        return;
      case 'reverted':
        this.#over({ kind: 'reverted', why: reasonOf(frame.why), writes });
        return;
    }
  }

  /** The guard has said why it did not do it, or it is lost: then nobody knows, but it does what it must by itself. */
  #failed(error: unknown, planned: readonly PlannedWrite[]): void {
    const problem = told(error);
    const isLost = this.#deadline !== undefined && lossCodes.has(problem.code);
    const writes: readonly (PlannedWrite | GuardedWrite)[] =
      this.#state.kind === 'applied' ? this.#state.writes : planned;
    this.#over(
      isLost
        ? { kind: 'lost', problem, writes, left: this.#left }
        : { kind: 'failed', problem, writes: planned },
    );
  }

  #over(state: ApplyState): void {
    this.#guard = undefined;
    this.#set(state);
  }

  #set(state: ApplyState): void {
    this.#state = state;
    this.context.onState(this.state);
  }
}

/** Ways to lose a guard that has not said how it ended. */
const lossCodes: ReadonlySet<string> = new Set([
  'CONNECTION_LOST',
  'LOADER_DIED',
  'LOADER_STUCK',
  'PROTOCOL',
]);

function reasonOf(why: string | undefined): RevertReason {
  if (why === 'asked') return 'asked';
  return why === 'time is up' ? 'time' : 'ended';
}

function told(error: unknown): ProblemText {
  if (error instanceof Problem) return { code: error.code, message: error.message, hint: error.hint };
  if (error instanceof Cancelled) {
    return { code: 'CANCELLED', message: 'It was cancelled.', hint: 'Nothing was written.' };
  }
  return {
    ...{ code: 'BUG', message: String(error) },
    hint: 'This is a fault of the extension. Please report it with the log.',
  };
}
