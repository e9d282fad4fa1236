import type { FromTuning, KeepText, ToTuning } from '../../shared/messages/tuning';
import type { Trace } from '../trace/trace';
import type { Traces } from '../trace/traces';
import { Tuning, type TuningContext, type TuningRequest } from './tuning';

/** Tuning of every host of a window. Panels are told of the one in front. */
export class Tunings {
  readonly #tunings = new Map<Trace, Tuning>();
  readonly #listeners = new Set<(message: ToTuning) => void>();
  readonly #watchers = new Set<(tuning: Tuning, message: ToTuning) => void>();

  constructor(
    private readonly traces: Traces,
    private readonly context: TuningContext,
  ) {}

  /** Tuning of the host in front, if there is one. */
  get front(): Tuning | undefined {
    return this.traces.front && this.of(this.traces.front);
  }

  /** Those that exist, in the order in which their hosts were shown. */
  get all(): readonly Tuning[] {
    return [...this.#tunings.values()];
  }

  of(trace: Trace): Tuning {
    const known = this.#tunings.get(trace);
    if (known) return known;
    const tuning: Tuning = new Tuning(trace, this.context, (message) => {
      if (trace === this.traces.front) this.#tell(message);
      for (const watcher of this.#watchers) watcher(tuning, message);
    });
    this.#tunings.set(trace, tuning);
    return tuning;
  }

  /** What a panel needs after the snapshot of the host in front. */
  snapshot(): readonly ToTuning[] {
    return this.front ? [{ type: 'tuning', tuning: this.front.snapshot() }] : [];
  }

  /** Calls `listener` with everything that changes in front; returns what ends that. */
  listen(listener: (message: ToTuning) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Calls `watcher` with everything that changes on any host; returns what ends that. */
  watch(watcher: (tuning: Tuning, message: ToTuning) => void): { dispose(): void } {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  /** Does on the host in front what a person asks for in a panel. */
  async act(request: TuningRequest): Promise<void> {
    await this.front?.act(request);
  }

  /** The texts that make masks of the host in front last. */
  keepTexts(request: Extract<FromTuning, { type: 'keepMasks' }>): readonly KeepText[] {
    return this.front?.keepTexts(request) ?? [];
  }

  #tell(message: ToTuning): void {
    for (const listener of this.#listeners) listener(message);
  }
}
