import type { FrameOf } from '../../shared/frames/frames';
import type { Softnet, SoftnetCounts, SoftnetCpu } from '../../shared/messages/panel';

/** Turns readings of softnet_stat, cumulative since boot, into rates. */
export class SoftnetRates {
  #last: Softnet | undefined;

  /** The newest reading. */
  get last(): Softnet | undefined {
    return this.#last;
  }

  /** Takes a reading in. A CPU that was not in the one before, or whose counters went back, has no rates. */
  apply({ ns, cpus }: FrameOf<'softnet'>): Softnet {
    const at = ns / 1e9;
    const seconds = at - (this.#last?.at ?? at);
    const before = new Map(this.#last?.cpus.map(({ cpu, totals }) => [cpu, totals]));
    this.#last = {
      at,
      cpus: cpus.map(([cpu, processed, dropped, squeezed, ipis, flowLimit, backlog]): SoftnetCpu => {
        const totals = { processed, dropped, squeezed, ipis, flowLimit };
        const rates = seconds > 0 ? ratesBetween(before.get(cpu), totals, seconds) : undefined;
        return { cpu, totals, rates, backlog: backlog < 0 ? undefined : backlog };
      }),
    };
    return this.#last;
  }
}

function ratesBetween(
  before: SoftnetCounts | undefined,
  now: SoftnetCounts,
  seconds: number,
): SoftnetCounts | undefined {
  if (!before) return undefined;
  const rates = {
    processed: (now.processed - before.processed) / seconds,
    dropped: (now.dropped - before.dropped) / seconds,
    squeezed: (now.squeezed - before.squeezed) / seconds,
    ipis: (now.ipis - before.ipis) / seconds,
    flowLimit: (now.flowLimit - before.flowLimit) / seconds,
  };
  return Object.values(rates).every((rate) => rate >= 0) ? rates : undefined;
}
