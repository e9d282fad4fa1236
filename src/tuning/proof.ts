import { cpusOfMask } from '../../shared/masks/sameMask';
import type { Cpu } from '../../shared/frames/host';
import { VALUES, type IntervalCounts, type RowKey } from '../../shared/messages/panel';
import type { PlannedWrite, Proof, Spread } from '../../shared/messages/tuning';
import { queueKey } from './queueKey';
import { spreadOf, type Landed } from './spread';

/** Seconds before the masks were written, and after, that are compared. */
const BEFORE = 10;
const AFTER = 60;

/** What a proof is made of: a trace. */
export interface ProofSource {
  readonly at: number | undefined;
  readonly keys: readonly RowKey[];
  readonly cpus: readonly Cpu[];
  between(from: number, to: number): IntervalCounts | undefined;
}

/** Compares how the skbs of some queues were spread before their masks were written, and after. */
export class ProofRecord {
  readonly #queues: ReadonlySet<string>;
  readonly #at: number;
  readonly #before: Spread;
  /** The first sample that has nothing of the masks before. */
  #from: number | undefined;
  #after: Spread | undefined;
  #stage: 'before' | 'written' | 'over' = 'before';

  /** @param predicted what was predicted for the masks, if anything was */
  constructor(
    private readonly source: ProofSource,
    private readonly writes: readonly PlannedWrite[],
    private readonly predicted: Spread | undefined,
  ) {
    this.#queues = new Set(writes.map(queueKey));
    this.#at = source.at ?? 0;
    const found = writes.map(({ before }) => before);
    this.#before = this.#spread(this.#at - BEFORE, this.#at, found);
  }

  get proof(): Proof {
    return { at: this.#at, before: this.#before, predicted: this.predicted, after: this.#after };
  }

  /** The masks are written. */
  written(): void {
    if (this.#stage === 'before') this.#stage = 'written';
  }

  /** A sample was taken. Returns whether there is more to see. */
  sampled(): boolean {
    const { at } = this.source;
    if (this.#stage !== 'written' || at === undefined) return false;
    // The sample that the write falls into has something of both.
    if (this.#from === undefined) {
      this.#from = at;
      return false;
    }
    if (at <= this.#from) return false;
    if (at > this.#from + AFTER) {
      this.#stage = 'over';
      return false;
    }
    const kept = this.writes.map((write) => write.kept);
    this.#after = this.#spread(this.#from, at, kept);
    return true;
  }

  /** The masks are not there any more. */
  end(): void {
    this.#stage = 'over';
  }

  #spread(from: number, to: number, masks: readonly string[]): Spread {
    const counts = this.source.between(from, to);
    return spreadOf(counts ? this.#landed(counts) : [], {
      ...{ from: counts?.from ?? from, to: counts?.to ?? to },
      ...{ masked: masks.flatMap(cpusOfMask), cpus: this.source.cpus },
    });
  }

  *#landed({ index, values, seconds }: IntervalCounts): Generator<Landed> {
    for (const [place, row] of index.entries()) {
      const key = this.source.keys[row];
      const skbs = values[place * VALUES] ?? 0;
      if (!key || skbs === 0 || !this.#queues.has(queueKey(key))) continue;
      yield { cpu: key.cpu, target: key.target, skbs, rate: skbs / seconds };
    }
  }
}
