import { Problem } from '../problem';
import type { Trace } from '../trace/trace';
import { Recorder } from './recorder';

/** A recording under way. */
export interface Running {
  readonly trace: Trace;
  readonly path: string;
  /** Bytes written so far. */
  readonly bytes: number;
}

/** How a recording ended. What was written by then can be opened, whatever the reason. */
export interface Ended extends Running {
  readonly problem: Problem | undefined;
}

interface Entry {
  readonly trace: Trace;
  readonly recorder: Recorder;
  readonly untie: () => void;
}

/** The recordings that are being made, one for each trace at most. Each ends with its trace. */
export class Recordings {
  readonly #entries = new Map<Trace, Entry>();
  /** Recordings whose last block is being written. */
  readonly #ending = new Set<Promise<void>>();
  readonly #watchers = new Set<() => void>();

  /**
   * @param version of the extension
   * @param ended is told of every recording that ends, however that comes.
   */
  constructor(
    private readonly version: string,
    private readonly ended: (recording: Ended) => void,
  ) {}

  get running(): readonly Running[] {
    return [...this.#entries.values()].map(({ trace, recorder: { path, bytes } }) => ({
      trace,
      path,
      bytes,
    }));
  }

  /** The recording of a trace. */
  of(trace: Trace): Running | undefined {
    return this.running.find((recording) => recording.trace === trace);
  }

  /** Calls `watcher` whenever a recording begins or ends; returns what ends that. */
  watch(watcher: () => void): { dispose(): void } {
    this.#watchers.add(watcher);
    return { dispose: () => this.#watchers.delete(watcher) };
  }

  /** Records a trace that runs from now on. @throws Problem RECORDING_FAILED */
  async start(trace: Trace, path: string): Promise<void> {
    const meta = { host: trace.label.slice(0, 1000), started: Date.now(), extension: this.version };
    let failed: Problem | undefined;
    const fail = (problem: Problem) => {
      failed = problem;
      this.#end(trace, problem);
    };
    const recorder = await Recorder.create(path, meta, () => trace.opening(), fail);
    if (trace.state.kind !== 'tracing' || this.#entries.has(trace)) {
      await recorder.finish();
      const message = `${trace.label} is no longer traced, or is being recorded already.`;
      throw new Problem('RECORDING_FAILED', message, 'Start the trace, then the recording.');
    }
    const tap = trace.tap((frame) => recorder.add(frame));
    const watch = trace.watch(({ kind }) => {
      if (kind !== 'tracing' && kind !== 'stopping') this.#end(trace, undefined);
    });
    const untie = () => {
      tap.dispose();
      watch.dispose();
    };
    this.#entries.set(trace, { trace, recorder, untie });
    if (failed) this.#end(trace, failed);
    this.#tell();
  }

  /** Ends the recording of a trace and waits until the file is whole. */
  async stop(trace: Trace): Promise<void> {
    this.#end(trace, undefined);
    await this.settled();
  }

  /** Ends all of them and waits until their files are whole. */
  async stopAll(): Promise<void> {
    for (const trace of [...this.#entries.keys()]) this.#end(trace, undefined);
    await this.settled();
  }

  /** Resolves when no file is being finished. */
  async settled(): Promise<void> {
    await Promise.all(this.#ending);
  }

  #end(trace: Trace, problem: Problem | undefined): void {
    const entry = this.#entries.get(trace);
    if (!entry) return;
    this.#entries.delete(trace);
    entry.untie();
    const { recorder } = entry;
    const ending = recorder
      .finish()
      .then(
        () => problem,
        (error: unknown) => (error instanceof Problem ? error : Promise.reject(error as Error)),
      )
      .then((found) => this.ended({ trace, path: recorder.path, bytes: recorder.bytes, problem: found }))
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
