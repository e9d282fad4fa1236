import type { LoaderRun } from '../../../src/loader/run';
import { Problem } from '../../../src/problem';
import type { FrameOf } from '../../../shared/frames/frames';
import type { StartGuard } from '../../../src/tuning/guardRun';

type Ending = Awaited<LoaderRun['ended']>;
type GuardState = FrameOf<'guard'>['state'];

/** A guard as the loader is one, without a host: its masks are in `masks`, by queue. */
export class FakeGuard {
  readonly lines: string[] = [];
  #writes: { queue: number; before: string; after: string }[] = [];
  #state: GuardState = 'ready';
  #frames: Parameters<StartGuard>[0] = () => undefined;
  #end: (ending: Ending) => void = () => undefined;
  /** What it fails with when it is to do something, instead of doing it. */
  fault: { readonly on: 'start' | 'check' | 'apply'; readonly problem: Problem } | undefined;
  #isOver = false;
  starts = 0;

  constructor(readonly masks: string[]) {}

  readonly start: StartGuard = (onFrame) => {
    this.starts++;
    if (this.fault?.on === 'start') return Promise.reject(this.fault.problem);
    this.#frames = onFrame;
    this.#writes = [];
    this.#state = 'ready';
    this.#isOver = false;
    const ended = new Promise<Ending>((resolve) => (this.#end = resolve));
    this.#tell('ready');
    return Promise.resolve({
      ended,
      send: (line) => this.#hear(line),
      stop: () => this.#revert('stdin closed'),
    });
  };

  /** The time is up. */
  timeIsUp(): void {
    this.#revert('time is up');
  }

  /** The connection, or the guard, is lost. */
  lose(problem: Problem): void {
    this.#isOver = true;
    this.#end({ kind: 'failed', error: problem });
  }

  #hear(line: string): void {
    this.lines.push(line);
    if (this.#isOver) return;
    const [word = '', ...words] = line.split(' ');
    if (this.fault?.on === word) {
      this.lose(this.fault.problem);
      return;
    }
    if (word === 'write') {
      const [, , , , queue = '', before = '', after = ''] = words;
      this.#writes.push({ queue: Number(queue), before, after });
    } else if (word === 'check') this.#tell('checked');
    else if (word === 'apply') {
      this.#tell('checked');
      for (const { queue, after } of this.#writes) this.masks[queue] = after;
      this.#tell('applied');
    } else if (word === 'confirm') {
      this.#tell('confirmed');
      this.#end({ kind: 'end', reason: 'confirmed' });
    } else if (word === 'revert') this.#revert('asked');
  }

  #revert(why: string): void {
    if (this.#state === 'applied') for (const { queue, before } of this.#writes) this.masks[queue] = before;
    this.#tell('reverted', why);
    this.#end({ kind: 'end', reason: why });
  }

  #tell(state: GuardState, why?: string): void {
    const wrote =
      state === 'applied' || state === 'confirmed'
        ? 'written'
        : state === 'reverted' && this.#state === 'applied'
          ? 'restored'
          : 'untouched';
    this.#state = state;
    this.#frames({
      type: 'guard',
      state,
      ...(why !== undefined && { why }),
      writes: this.#writes.map(({ queue, before }) => ({
        ...{ netns: 7, ifindex: 2, instance: 5, name: 'eth0', queue, state: wrote, before },
        now: this.masks[queue] ?? '',
      })),
    });
  }
}
