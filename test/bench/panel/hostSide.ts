import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { FrameReader } from '../../../src/loader/frameReader';
import { everything } from '../../../shared/scope';
import type { ToPanel } from '../../../shared/messages/panel';
import { Counts } from '../../../src/trace/counts';
import type { PanelWindow, Seen } from './window';

const loader = new URL('loader.ts', import.meta.url).pathname;

/** A picture of the panel: the message that it shows, and how long that took. */
export interface Picture extends Pick<Seen, 'of' | 'shown'> {
  /** Milliseconds since the bytes of its frame had arrived in this process. */
  readonly since: number;
}

/**
 * The extension host's side of a trace: a program that talks as the loader does, the frames it prints, what is counted,
 * and a panel that is told. As src/panel/bind.ts does, it sends everything when the panel says `ready`, then what changes.
 */
export class HostSide {
  #counts = new Counts();
  #ready = false;
  /** When the frame behind each message that draws and is not on the screen yet had arrived. */
  #waiting: number[] = [];
  #picture: (picture: Picture) => void = () => undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly window: PanelWindow,
  ) {}

  static start(cpus: number, window: PanelWindow): HostSide {
    const child = fork(loader, [String(cpus)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    const side = new HostSide(child, window);
    let arrived = 0;
    const reader = new FrameReader(
      'bench',
      {
        onFrame: (frame) => side.#counts.apply(frame).forEach((message) => side.#post(message, arrived)),
        onBadLine: (reason) => side.#fail(new Error(reason)),
      },
      () => undefined,
      (problem) => side.#fail(problem),
    );
    child.stdout?.on('data', (chunk: Buffer) => {
      arrived = performance.now();
      reader.push(chunk);
    });
    window.listen((message) => {
      if (message.type === 'ready') side.#ready = side.#snapshot();
      if (message.type === 'seen') side.#seen(message);
    });
    return side;
  }

  /** Calls `seen` with every picture from now on. */
  watch(seen: (picture: Picture) => void): void {
    this.#picture = seen;
  }

  /** Opens the panel, anew where there was one; milliseconds until it shows everything. */
  async open(): Promise<number> {
    const began = performance.now();
    this.#ready = false;
    this.#waiting = [];
    const shown = new Promise((resolve) => this.watch(({ of }) => of === 'snapshot' && resolve(undefined)));
    this.window.show();
    await shown;
    return performance.now() - began;
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }

  #snapshot(): true {
    const state = { kind: 'tracing' } as const;
    const all = {
      type: 'snapshot',
      host: 'bench',
      state,
      scope: everything,
      ...this.#counts.snapshot(),
    } as const;
    this.#waiting.push(performance.now());
    this.window.post(all);
    return true;
  }

  #post(message: ToPanel, arrived: number): void {
    if (!this.#ready) return;
    if (message.type === 'sample') this.#waiting.push(arrived);
    this.window.post(message);
  }

  #seen({ of, shown }: Seen): void {
    const arrived = this.#waiting.shift();
    if (arrived !== undefined) this.#picture({ of, shown, since: performance.now() - arrived });
  }

  /** Nothing that is measured after it can be trusted. */
  #fail(error: Error): never {
    this.child.kill();
    throw error;
  }
}
