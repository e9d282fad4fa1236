import type { FromPanel } from '../../shared/messages/panel';
import type { ApplyState, PlannedWrite } from '../../shared/messages/tuning';
import { makeFeed, type Feed } from '../../test/e2e/panel/feed';
import {
  makeHistory,
  makeKeepTexts,
  makePredictions,
  planned,
  untuned,
  written,
} from '../../test/e2e/panel/tuning';
import type { Host, Post } from './host';

/** How many CPUs the made-up host may have. */
export const sizes = [4, 64, 256] as const;
export type Size = (typeof sizes)[number];
const nodes: Readonly<Record<Size, number>> = { 4: 2, 64: 2, 256: 8 };

/** Milliseconds between two samples. */
const INTERVAL = 1000;

/** A made-up host with traffic. It predicts and applies masks, without an effect on the traffic, and forgets intervals. */
export class MadeUpHost implements Host {
  #feed: Feed;
  #timer: NodeJS.Timeout | undefined;
  #writes: readonly PlannedWrite[] = [];

  constructor(
    private readonly cpus: Size,
    private readonly post: Post,
  ) {
    this.#feed = makeFeed(cpus, nodes[cpus]);
  }

  take(message: FromPanel): void {
    switch (message.type) {
      case 'ready':
        this.#start();
        return;
      case 'command':
        if (message.command === 'start') this.#start();
        if (message.command === 'stop') this.#stop();
        return;
      case 'interval':
        this.post({ type: 'interval', counts: undefined });
        return;
      case 'setCandidates':
        this.post({ type: 'candidates', candidates: message.candidates });
        this.post({ type: 'predictions', predictions: makePredictions(message.candidates) });
        return;
      case 'keepMasks':
        this.post({ type: 'keepTexts', texts: makeKeepTexts('f') });
        return;
      default: {
        const apply = this.#applied(message);
        if (apply) this.post({ type: 'apply', apply });
        if (apply?.kind === 'confirmed')
          this.post({ type: 'maskHistory', history: makeHistory(this.#writes) });
      }
    }
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #start(): void {
    this.dispose();
    this.#feed = makeFeed(this.cpus, nodes[this.cpus]);
    this.post(this.#feed.snapshot);
    this.post({ type: 'tuning', tuning: untuned });
    this.#timer = setInterval(() => this.post(this.#feed.next()), INTERVAL);
  }

  #stop(): void {
    this.dispose();
    this.post({ type: 'state', state: { kind: 'stopped', reason: 'stopped' } });
  }

  /** Where an apply stands after a message; undefined when the message is not about one. */
  #applied(message: FromPanel): ApplyState | undefined {
    const writes = written(this.#writes);
    switch (message.type) {
      case 'previewApply': {
        this.#writes = planned(this.#feed, message.queues);
        const source = { kind: 'masks', candidate: message.candidate } as const;
        return { kind: 'previewed', source, writes: this.#writes, problem: undefined, gone: [] };
      }
      case 'previewRevert': {
        const source = { kind: 'entry', entry: message.entry } as const;
        this.#writes = writes.map((write) => ({ ...write, before: write.after, after: write.before }));
        return { kind: 'previewed', source, writes: this.#writes, problem: undefined, gone: [] };
      }
      case 'dismissApply':
        return { kind: 'idle' };
      case 'applyMasks':
        return { kind: 'applied', writes, seconds: message.seconds, left: message.seconds };
      case 'confirmApply':
        return { kind: 'confirmed', writes, changed: false };
      case 'revertApply': {
        const restored = writes.map((write) => ({ ...write, state: 'restored', now: write.before }) as const);
        return { kind: 'reverted', why: 'asked', writes: restored };
      }
      default:
        return undefined;
    }
  }
}
