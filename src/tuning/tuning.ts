import { randomUUID } from 'node:crypto';
import { Problem } from '../problem';
import type { Frame } from '../../shared/frames/frames';
import type { TraceState } from '../../shared/messages/panel';
import type {
  ApplySource,
  ApplyState,
  FromTuning,
  GuardedWrite,
  KeepText,
  PlannedWrite,
  ToTuning,
  Tuning as ToldTuning,
} from '../../shared/messages/tuning';
import type { Trace } from '../trace/trace';
import { Apply } from './apply';
import { keepTexts } from './keep/keep';
import { plannedWrite, type MaskHistory } from './maskHistory';
import { planMasks, planWayBack, withRead, type PlanScene } from './plan';
import { ProofRecord } from './proof';
import { Shadows } from './shadows';

/** What tuning needs of the world besides the trace. */
export interface TuningContext {
  readonly history: MaskHistory;
  /** Shows a person the exact writes on a host and asks whether they may be done. */
  readonly ask: (host: string, writes: readonly PlannedWrite[], seconds: number) => Promise<boolean>;
}

/** What a webview asks for that is about one host. */
export type TuningRequest = Exclude<FromTuning, { type: 'copyText' | 'keepMasks' }>;

/** Trying masks on one host, and applying them. */
export class Tuning {
  readonly #shadows = new Shadows();
  readonly #apply: Apply;
  #proof: ProofRecord | undefined;
  /** The entry of the history that is under way here. */
  #entry: string | undefined;
  /** When an entry that was left open is to be judged, milliseconds since 1970. */
  #due: number;
  /** What a guard has read since devices were last told. */
  #read: readonly GuardedWrite[] = [];
  /** Changes of the history, one after the other. */
  #noting: Promise<void> = Promise.resolve();

  constructor(
    readonly trace: Trace,
    private readonly context: TuningContext,
    private readonly emit: (message: ToTuning) => void,
  ) {
    this.#apply = new Apply({
      start: (onFrame, signal) => trace.guard(onFrame, signal),
      ask: (writes, seconds) => context.ask(trace.label, writes, seconds),
      onState: (state) => this.#stateChanged(state),
      onWrite: (source, writes, seconds) => this.#begin(source, writes, seconds),
      now: () => performance.now(),
    });
    this.#due = context.history.due(trace.label, undefined);
    trace.watch((state) => this.#traceChanged(state));
    trace.tap((frame) => this.#frame(frame));
  }

  /** Where an apply stands. */
  get state(): ApplyState {
    return this.#apply.state;
  }

  get history(): ToldTuning['history'] {
    return this.context.history.of(this.trace.label);
  }

  snapshot(): ToldTuning {
    return {
      candidates: this.#shadows.candidates,
      predictions: this.#shadows.predictions(),
      apply: this.#apply.state,
      history: this.history,
      proof: this.#proof?.proof,
    };
  }

  /** Does what a person asks for; resolves when that is done. */
  async act(request: TuningRequest): Promise<void> {
    switch (request.type) {
      case 'setCandidates':
        this.#setCandidates(request.candidates);
        return;
      case 'previewApply': {
        const source = { kind: 'masks', candidate: request.candidate } as const;
        await this.#preview(source, () => ({ writes: planMasks(request.queues, this.#scene()), gone: [] }));
        return;
      }
      case 'previewRevert':
        await this.#previewRevert(request.entry);
        return;
      case 'dismissApply':
        this.#apply.dismiss();
        return;
      case 'applyMasks':
        await this.#apply.apply(request.seconds, request.overwrite);
        return;
      case 'confirmApply':
        this.#apply.confirm();
        return;
      case 'revertApply':
        this.#apply.revert();
        return;
    }
  }

  /** The texts that make masks last. */
  keepTexts({ queues }: Extract<FromTuning, { type: 'keepMasks' }>): readonly KeepText[] {
    return keepTexts(queues, this.trace);
  }

  #setCandidates(candidates: ToldTuning['candidates']): void {
    if (this.#shadows.candidates.length === 0) {
      // What came before nobody has counted.
      for (const frame of this.trace.opening()) if (frame.type !== 'shadow') this.#shadows.apply(frame);
    }
    this.#shadows.set(candidates);
    this.trace.send(this.#shadows.line);
    this.emit({ type: 'candidates', candidates });
    this.emit({ type: 'predictions', predictions: this.#shadows.predictions() });
  }

  async #previewRevert(id: string): Promise<void> {
    const entry = this.history.find((one) => one.id === id);
    if (!entry) return;
    await this.#preview({ kind: 'entry', entry: id }, () => planWayBack(entry.writes, this.#scene()));
  }

  async #preview(
    source: ApplySource,
    plan: () => { readonly writes: readonly PlannedWrite[]; readonly gone: readonly string[] },
  ): Promise<void> {
    try {
      await this.#apply.preview({ source, ...plan() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#apply.refuse(error);
    }
  }

  #traceChanged(state: TraceState): void {
    // Another run of the loader knows nothing of candidates.
    if (state.kind === 'tracing' && this.#shadows.candidates.length > 0) this.trace.send(this.#shadows.line);
  }

  #frame(frame: Frame): void {
    if (frame.type === 'devices') this.#read = [];
    if (this.#shadows.candidates.length > 0 && this.#shadows.apply(frame)) {
      this.emit({ type: 'predictions', predictions: this.#shadows.predictions() });
    }
    if (frame.type === 'sample' && this.#proof?.sampled() === true) this.#tellProof();
    if (frame.type === 'sample' && Date.now() >= this.#due) {
      void this.#note((history, host) => history.settle(host, this.trace.devices, Date.now(), this.#entry));
    }
  }

  /** Masks are about to be written. */
  async #begin(source: ApplySource, writes: readonly PlannedWrite[], seconds: number): Promise<void> {
    const id = (this.#entry = randomUUID());
    this.trace.ownMasks.expect(writes.map((write) => ({ ...write, after: write.kept })));
    this.#proof = new ProofRecord(this.trace, writes, this.#predictedFor(source));
    this.#tellProof();
    const time = Date.now();
    const until = time + seconds * 1000;
    const reverts = source.kind === 'entry' ? source.entry : undefined;
    const entry = {
      ...{ id, time, until, reverts },
      outcome: 'open',
      writes: writes.map(plannedWrite),
    } as const;
    await this.#note((history, host) => history.begin(host, entry));
  }

  #predictedFor(source: ApplySource) {
    const predictions = this.#shadows.predictions();
    if (source.kind !== 'masks' || predictions.kind !== 'predicting') return undefined;
    return predictions.candidates.find(({ id }) => id === source.candidate)?.spread;
  }

  #scene(): PlanScene {
    return { devices: withRead(this.trace.devices, this.#read), cpus: this.trace.cpus };
  }

  #stateChanged(state: ApplyState): void {
    const id = this.#entry;
    if (id !== undefined) this.#noteState(id, state);
    if (state.kind === 'applied') this.#proof?.written();
    // A guard that ends says what it has read last; the devices are told again when they are next looked at.
    if (state.kind === 'applied' || state.kind === 'reverted') this.#read = state.writes;
    if (state.kind === 'confirmed') this.trace.ownMasks.keep();
    if (state.kind === 'reverted' || state.kind === 'lost') this.#proof?.end();
    this.emit({ type: 'apply', apply: state });
  }

  #noteState(id: string, state: ApplyState): void {
    switch (state.kind) {
      case 'applied':
        // The kernel may have kept something else than was expected.
        if (state.writes.some(({ kept, now }) => kept !== now)) {
          this.trace.ownMasks.expect(state.writes.map((write) => ({ ...write, after: write.now })));
        }
        void this.#note((history, host) => history.note(host, id, 'open', state.writes));
        return;
      case 'confirmed':
      case 'reverted':
      case 'failed':
        this.#entry = undefined;
        if (state.kind === 'failed') {
          this.#proof = undefined;
          this.#tellProof();
        }
        void this.#note((history, host) => history.note(host, id, state.kind, []));
        return;
      case 'lost':
        // It stays open until the masks can be looked at.
        this.#entry = undefined;
        this.#due = this.context.history.due(this.trace.label, undefined);
        return;
      default:
        return;
    }
  }

  /** Changes the history, after what was to be noted before. */
  #note(change: (history: MaskHistory, host: string) => Promise<void>): Promise<void> {
    const { history } = this.context;
    const noted = this.#noting
      .then(() => change(history, this.trace.label))
      .then(() => {
        this.#due = history.due(this.trace.label, this.#entry);
        this.emit({ type: 'maskHistory', history: this.history });
      });
    this.#noting = noted.catch(() => undefined);
    return noted;
  }

  #tellProof(): void {
    this.emit({ type: 'proof', proof: this.#proof?.proof });
  }
}
