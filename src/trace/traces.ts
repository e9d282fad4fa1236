import { hostname } from 'node:os';
import type { Target } from '../hosts/target';
import type { HostChoice, ToPanel } from '../../shared/messages/panel';
import { everything } from '../../shared/scope';
import type { TraceContext } from './context';
import { Trace } from './trace';

/** What a panel shows before anything was ever traced. */
const nothing: ToPanel = {
  type: 'snapshot',
  host: undefined,
  state: { kind: 'idle' },
  scope: everything,
  facts: undefined,
  devices: [],
  health: { missed: 0, lost: 0, runs: 0, runNs: 0, badLines: 0 },
  samples: 0,
  keys: [],
  totals: new Float64Array(),
  rates: new Float64Array(),
  history: { at: new Float64Array(), series: [], marks: [] },
  softnet: undefined,
  settings: undefined,
  findings: undefined,
};

/** All traces of a window, one for each host. The one in front is what panels and the status bar show. */
export class Traces {
  readonly #traces = new Map<string, Trace>();
  readonly #listeners = new Set<(message: ToPanel) => void>();
  readonly #watchers = new Set<(trace: Trace) => void>();
  #front: Trace | undefined;

  constructor(private readonly context: TraceContext) {}

  get front(): Trace | undefined {
    return this.#front;
  }

  /** Those of which something may be running. */
  get active(): readonly Trace[] {
    return this.all.filter((trace) => trace.active);
  }

  /** All of them, in the order in which they were first shown. */
  get all(): readonly Trace[] {
    return [...this.#traces.values()];
  }

  /** Puts the trace of a host in front, making it when there is none. It is not started. */
  show(target: Target): Trace {
    const label = target.kind === 'local' ? `this host (${hostname()})` : target.destination;
    const trace: Trace =
      this.#traces.get(label) ??
      new Trace(target, label, this.context, (message) => {
        if (trace === this.#front) this.#tell(message);
        if (message.type === 'state') this.#changed(trace);
      });
    if (!this.#traces.has(label)) {
      this.#traces.set(label, trace);
      this.#tell(this.#hosts());
    }
    this.bringToFront(trace);
    return trace;
  }

  /** Shows one of the traces in place of the one that is in front. */
  bringToFront(trace: Trace): void {
    if (trace === this.#front) return;
    this.#front = trace;
    this.#tell(trace.snapshot());
  }

  /** Everything a panel needs that has just appeared. */
  snapshot(): readonly ToPanel[] {
    return [this.#hosts(), this.#front?.snapshot() ?? nothing];
  }

  /** Calls `watcher` with a trace whose state has changed, in front or not; returns what ends that. */
  watch(watcher: (trace: Trace) => void): { dispose(): void } {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  /** Calls `listener` with everything that changes in front; returns what ends that. */
  listen(listener: (message: ToPanel) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Stops every trace and waits until their loaders have gone. */
  async stopAll(): Promise<void> {
    await Promise.all(this.active.map((trace) => trace.stop()));
  }

  #hosts(): ToPanel {
    const hosts = this.all.map(({ label, state, readsOnly }): HostChoice => {
      return { label, state: readsOnly ? 'reading' : state.kind };
    });
    return { type: 'hosts', hosts };
  }

  #changed(trace: Trace): void {
    this.#tell(this.#hosts());
    for (const watcher of this.#watchers) watcher(trace);
  }

  #tell(message: ToPanel): void {
    for (const listener of this.#listeners) listener(message);
  }
}
