import { hostname } from 'node:os';
import type { Target } from '../hosts/target';
import type { ToPanel } from '../protocol/panel';
import { Trace, type TraceContext } from './trace';

/** What a panel shows before anything was ever traced. */
const nothing: ToPanel = {
  type: 'snapshot',
  host: undefined,
  state: { kind: 'idle' },
  facts: undefined,
  devices: [],
  health: { missed: 0, lost: 0, runs: 0, runNs: 0, badLines: 0 },
  keys: [],
  totals: new Float64Array(),
  rates: new Float64Array(),
  history: { at: new Float64Array(), series: [] },
  softnet: undefined,
  settings: undefined,
  findings: undefined,
};

/** All traces of a window, one for each host. The one in front is what panels and the status bar show. */
export class Traces {
  readonly #traces = new Map<string, Trace>();
  readonly #listeners = new Set<(message: ToPanel) => void>();
  #front: Trace | undefined;

  constructor(private readonly context: TraceContext) {}

  get front(): Trace | undefined {
    return this.#front;
  }

  /** Those of which something may be running. */
  get active(): readonly Trace[] {
    return [...this.#traces.values()].filter((trace) => trace.active);
  }

  /** Puts the trace of a host in front, making it when there is none. It is not started. */
  show(target: Target): Trace {
    const label = target.kind === 'local' ? `this host (${hostname()})` : target.destination;
    const trace: Trace =
      this.#traces.get(label) ??
      new Trace(target, label, this.context, (message) => {
        if (trace === this.#front) this.#tell(message);
      });
    this.#traces.set(label, trace);
    if (trace !== this.#front) {
      this.#front = trace;
      this.#tell(trace.snapshot());
    }
    return trace;
  }

  /** Everything a panel needs that has just appeared. */
  snapshot(): ToPanel {
    return this.#front?.snapshot() ?? nothing;
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

  #tell(message: ToPanel): void {
    for (const listener of this.#listeners) listener(message);
  }
}
