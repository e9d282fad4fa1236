import { readList } from '../../shared/masks/cpuSet';
import { cpusOfMask } from '../../shared/masks/sameMask';
import type { Cpu, Device, Frame, FrameOf, Prediction, Row } from '../../shared/frames/frames';
import type { Candidate, CandidatePrediction, Predictions, QueueMask } from '../../shared/messages/tuning';
import { queueKey } from './queueKey';
import { spreadOf } from './spread';
import { Tally, type Counted } from './tally';

interface Evaluated {
  readonly candidate: Candidate;
  readonly tally: Tally;
  kept: readonly QueueMask[];
}

/**
 * The candidates of one host, and what the kernel has found that they would do. Takes every frame of the trace, which
 * may begin anew; then `line` is to be sent again.
 */
export class Shadows {
  #candidates: readonly Candidate[] = [];
  #evaluated: Evaluated[] = [];
  #state: 'waiting' | 'predicting' | { readonly refused: string } = 'waiting';
  #since = 0;
  #at = 0;
  #asked = true;
  #lost = 0;
  readonly #flow = new Tally();
  readonly #real = new Tally();
  #isRealFresh = false;
  #largest: FrameOf<'shadow'>['largest'] = [];
  #cpus: readonly Cpu[] = [];
  #devices: readonly Device[] = [];

  get candidates(): readonly Candidate[] {
    return this.#candidates;
  }

  /** Replaces the candidates. What was predicted for those before is forgotten. */
  set(candidates: readonly Candidate[]): void {
    this.#candidates = candidates;
    this.#evaluated = candidates.map((candidate) => ({ candidate, tally: new Tally(), kept: [] }));
    this.#state = 'waiting';
  }

  /** The line for the loader's stdin that sets them. */
  get line(): string {
    const parts = this.#candidates.map(({ id, queues }) =>
      [id, ...queues.map((mask) => `${queueKey(mask)}=${mask.list.replace(/\s/g, '')}`)].join(' '),
    );
    return ['shadow', parts.join(' ; ')].join(' ').trimEnd();
  }

  /** Takes what the loader tells. Returns whether the predictions have changed. */
  apply(frame: Frame): boolean {
    switch (frame.type) {
      case 'hello':
        this.#cpus = frame.cpus;
        this.#real.clear();
        this.#state = 'waiting';
        return this.#candidates.length > 0;
      case 'configuration':
        this.#cpus = frame.cpus ?? this.#cpus;
        return false;
      case 'devices':
        this.#devices = frame.devices;
        return false;
      case 'sample':
        this.#count(frame.rows, frame.ns / 1e9);
        return false;
      case 'shadow':
        return this.#take(frame);
      default:
        return false;
    }
  }

  predictions(): Predictions {
    if (this.#candidates.length === 0) return { kind: 'none' };
    if (this.#state === 'waiting') return { kind: 'waiting' };
    if (this.#state !== 'predicting') return { kind: 'refused', error: this.#state.refused };
    return {
      kind: 'predicting',
      since: this.#since,
      at: this.#at,
      asked: this.#asked,
      candidates: this.#evaluated.map((each) => this.#predicted(each)),
      lost: this.#lost,
    };
  }

  #count(rows: readonly Row[], at: number): void {
    this.#real.take(rows.map(countedRow), at);
    if (this.#isRealFresh) return;
    // The first sample after the candidates were set is where both begin.
    this.#isRealFresh = true;
    this.#real.rebase();
  }

  #take(frame: FrameOf<'shadow'>): boolean {
    if (frame.error !== undefined) {
      this.#state = { refused: frame.error };
      return this.#candidates.length > 0;
    }
    // Of candidates that have been replaced meanwhile.
    if (!sameIds(frame.candidates, this.#candidates)) return false;
    const isFirst = frame.candidates.some(({ queues }) => queues !== undefined);
    if (!isFirst && this.#state !== 'predicting') return false;
    if (isFirst) this.#begin(frame);
    this.#at = frame.ns / 1e9;
    this.#asked = frame.asked ?? true;
    this.#lost = frame.lost ?? 0;
    this.#largest = frame.largest ?? [];
    this.#flow.take((frame.flow ?? []).map(countedPrediction), this.#at);
    for (const [place, { rows }] of frame.candidates.entries()) {
      this.#evaluated[place]?.tally.take(rows.map(countedPrediction), this.#at);
    }
    return true;
  }

  #begin({ since = 0, candidates }: FrameOf<'shadow'>): void {
    this.#state = 'predicting';
    this.#since = since / 1e9;
    this.#isRealFresh = false;
    this.#flow.clear(this.#since);
    for (const [place, { queues = [] }] of candidates.entries()) {
      const each = this.#evaluated[place];
      if (!each) continue;
      each.tally.clear(this.#since);
      const lists = new Map(
        queues.map(([netns, ifindex, queue, list]) => [queueKey({ netns, ifindex, queue }), list]),
      );
      each.kept = each.candidate.queues.map((mask) => ({ ...mask, list: lists.get(queueKey(mask)) ?? '' }));
    }
  }

  #predicted({ candidate, tally, kept }: Evaluated): CandidatePrediction {
    const queues = new Set(candidate.queues.map(queueKey));
    const flow = [...this.#flow.of(queues)];
    const spread = spreadOf([...tally.of(queues), ...flow], {
      ...{ from: this.#since, to: this.#at, cpus: this.#cpus },
      masked: kept.flatMap(({ list }) => cpusOfList(list)),
    });
    const real = spreadOf(this.#isRealFresh ? this.#real.of(queues) : [], {
      from: this.#real.from ?? this.#since,
      to: this.#real.at ?? this.#at,
      cpus: this.#cpus,
      masked: this.#masked(queues),
    });
    const largest = (this.#largest ?? []).reduce(
      (most, [netns, ifindex, queue, skbs]) =>
        queues.has(queueKey({ netns, ifindex, queue })) ? Math.max(most, skbs) : most,
      0,
    );
    return {
      id: candidate.id,
      kept,
      spread,
      real,
      flow: flow.reduce((sum, { skbs }) => sum + skbs, 0),
      floor: largest > 0 && spread.skbs > 0 ? largest / spread.skbs : undefined,
    };
  }

  /** The CPUs that the masks of queues name now. */
  #masked(queues: ReadonlySet<string>): number[] {
    return this.#devices.flatMap((device) =>
      device.queues
        .filter(({ rx }) => queues.has(queueKey({ ...device, queue: rx })))
        .flatMap(({ rps_cpus }) => cpusOfMask(rps_cpus)),
    );
  }
}

function cpusOfList(list: string) {
  const read = readList(list);
  return read.kind === 'cpus' ? read.cpus : [];
}

function sameIds(told: readonly { id: number }[], set: readonly Candidate[]): boolean {
  return told.length === set.length && told.every(({ id }, place) => set[place]?.id === id);
}

function countedRow([netns, ifindex, queue, cpu, target, verdict, skbs, , , instance]: Row): Counted {
  const of = queueKey({ netns, ifindex, queue });
  return { key: `${of}:${instance}:${cpu}:${target}:${verdict}`, queue: of, cpu, target, skbs };
}

function countedPrediction([netns, ifindex, queue, cpu, target, skbs]: Prediction): Counted {
  const of = queueKey({ netns, ifindex, queue });
  return { key: `${of}:${cpu}:${target}`, queue: of, cpu, target, skbs };
}
