import type { Recordings } from '../../../src/recording/recordings';
import type { Device } from '../../../shared/frames/frames';
import type { TraceState } from '../../../shared/messages/panel';
import { everything, type Scope } from '../../../shared/scope';
import type { ApplyState, HistoryEntry, ToTuning } from '../../../shared/messages/tuning';
import type { Trace } from '../../../src/trace/trace';
import type { Traces } from '../../../src/trace/traces';
import type { Tuning } from '../../../src/tuning/tuning';
import type { Tunings } from '../../../src/tuning/tunings';
import { openLog } from '../../../src/ui/window/log';
import { fake } from './fakeVscode';

/** What a host would have VS Code run and show, and how people are to read it. */
export const LINK = '[x](command:a) $(flame) \u202e';
export const READ = '[x] (command:a) $ (flame) <U+202E>';

/** A trace as the user interface sees it. */
export interface FakeTrace {
  label: string;
  target: { kind: 'ssh'; destination: string };
  state: TraceState;
  scope: Scope;
  devices: readonly Device[];
  readsOnly: boolean;
  decisionsPerSecond: number;
  stopped: number;
}

export function makeTrace(label: string, more: Partial<FakeTrace> = {}): Trace & FakeTrace {
  const watchers = new Set<(state: TraceState) => void>();
  const trace = {
    ...{ label, target: { kind: 'ssh', destination: label } as const, state: { kind: 'idle' } as TraceState },
    ...{ scope: everything, devices: [], readsOnly: false, decisionsPerSecond: 0, stopped: 0 },
    ...more,
    get active(): boolean {
      return ['connecting', 'tracing', 'stopping'].includes(trace.state.kind);
    },
    watch: (watcher: (state: TraceState) => void) => {
      watchers.add(watcher);
      return { dispose: () => watchers.delete(watcher) };
    },
    start: () => {
      trace.state = { kind: 'connecting', step: `Connecting to ${label}` };
      for (const watcher of watchers) watcher(trace.state);
      return Promise.resolve();
    },
    stop: () => {
      trace.stopped++;
      return Promise.resolve();
    },
    refusal: () => Promise.resolve(undefined),
  };
  return trace as unknown as Trace & FakeTrace;
}

/** Traces of a window, the first of them in front. */
export function makeTraces(...all: (Trace & FakeTrace)[]) {
  const watchers: ((trace: Trace) => void)[] = [];
  const listeners: ((message: { type: string }) => void)[] = [];
  const dispose = () => undefined;
  const made = {
    all,
    front: all[0] as Trace | undefined,
    get active() {
      return all.filter((trace) => trace.active);
    },
    bringToFront: (trace: Trace) => (made.front = trace),
    watch: (watcher: (trace: Trace) => void) => (watchers.push(watcher), { dispose }),
    listen: (listener: (message: { type: string }) => void) => (listeners.push(listener), { dispose }),
  };
  return {
    traces: made as unknown as Traces,
    /** Gives a trace another state, as it comes in life. */
    change: (trace: Trace & FakeTrace, state: TraceState) => {
      trace.state = state;
      for (const watcher of watchers) watcher(trace);
      for (const listener of listeners) listener({ type: 'state' });
    },
  };
}

/** Tuning of some hosts, with what was asked of it. */
export function makeTunings(...hosts: { trace: Trace; state: ApplyState; history?: HistoryEntry[] }[]) {
  const watchers: ((tuning: Tuning, message: ToTuning) => void)[] = [];
  const acted: unknown[] = [];
  const all = hosts.map(({ trace, state, history = [] }) => {
    const tuning = { trace, state, history, act: (request: unknown) => Promise.resolve(acted.push(request)) };
    return tuning as unknown as Tuning & { state: ApplyState };
  });
  const watch = (watcher: (tuning: Tuning, message: ToTuning) => void) => {
    watchers.push(watcher);
    return { dispose: () => undefined };
  };
  return {
    tunings: { all, front: all[0], watch } as unknown as Tunings,
    all,
    acted,
    change: (tuning: Tuning & { state: ApplyState }, apply: ApplyState) => {
      (tuning as { state: ApplyState }).state = apply;
      for (const watcher of watchers) watcher(tuning, { type: 'apply', apply });
    },
  };
}

/** Recordings of the traces that have a path. */
export function makeRecordings(paths: ReadonlyMap<Trace, string> = new Map()) {
  const running = [...paths].map(([trace, path]) => ({ trace, path, bytes: 0 }));
  const of = (trace: Trace) => running.find((one) => one.trace === trace);
  const stopped: Trace[] = [];
  const stop = (trace: Trace) => Promise.resolve(stopped.push(trace));
  const watch = () => ({ dispose: () => undefined });
  return { recordings: { running, of, stop, watch } as unknown as Recordings, stopped };
}

export const log = openLog();

/** What the notification says that was shown last. */
export const notice = (): string => String(fake.last(/^show(Information|Warning|Error)Message$/)['text']);

/** Lets go on what is not awaited. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
