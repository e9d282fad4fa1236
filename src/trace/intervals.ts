import { VALUES, type Amounts, type IntervalCounts, type ToPanel } from '../../shared/messages/panel';

type Sample = Extract<ToPanel, { type: 'sample' }>;

/** What was counted from `start` to `end`; `seconds` of that were heard. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly seconds: number;
  readonly index: Uint32Array;
  /** `VALUES` numbers for each of `index`: how much was counted, not how much since attach. */
  readonly values: Amounts;
}

/** Changed rows kept in all segments together: 28 bytes each at most, so 28 MiB a trace. */
const ENTRIES = 1 << 20;
const SEGMENTS = 4096;
/** Seconds, as of the chart's longest window. */
const REACH = 3600;

/**
 * What each row counted over the last hour, in segments: one a sample as long as there is room, then neighbours are
 * joined so that a segment's length grows in proportion to its age. A host with few rows keeps every sample for an
 * hour; with 65,536 busy rows ten times a second sixteen segments remain, the newest of one sample.
 */
export class Intervals {
  #segments: Segment[] = [];
  #entries = 0;
  /** For joining: the place of a row in a segment, plus 1; all 0 in between. */
  #places = new Int32Array(1024);

  constructor(private readonly most = ENTRIES) {}

  /** Takes what one sample counted. */
  apply({ index, counts: values, interval }: Pick<Sample, 'index' | 'counts' | 'interval'>): void {
    if (!interval) return;
    const { end, seconds } = interval;
    // A clock that goes backwards is another clock.
    if (end <= (this.#segments.at(-1)?.end ?? -Infinity)) this.#clear();
    this.#segments.push({ start: end - seconds, end, seconds, index, values });
    this.#entries += index.length;
    while (end - (this.#segments[0]?.end ?? end) > REACH) {
      this.#entries -= this.#segments.shift()?.index.length ?? 0;
    }
    while ((this.#entries > this.most || this.#segments.length > SEGMENTS) && this.#segments.length > 1) {
      this.#join(end);
    }
  }

  /**
   * What was counted between two moments, in seconds of the host's CLOCK_MONOTONIC, as far as segments tell: those whose
   * middle lies between them, or else the one around the middle of both. Undefined where nothing is known.
   */
  between(from: number, to: number): IntervalCounts | undefined {
    const center = (from + to) / 2;
    const inside = this.#segments.filter(
      ({ start, end }) => (start + end) / 2 >= from && (start + end) / 2 <= to,
    );
    const around = this.#segments.filter(({ start, end }) => start <= center && end >= center).slice(0, 1);
    const chosen = inside.length > 0 ? inside : around;
    const [first, ...rest] = chosen;
    if (!first) return undefined;
    const { start, end, seconds, index, values } = rest.reduce(
      (sum, segment) => this.#sum(sum, segment),
      first,
    );
    const resolution = Math.max(...chosen.map((segment) => segment.end - segment.start));
    return { from: start, to: end, seconds, resolution, index, values };
  }

  #clear(): void {
    this.#segments = [];
    this.#entries = 0;
  }

  /** Joins the two neighbours that are shortest for their age. */
  #join(now: number): void {
    let [best, place] = [Infinity, 0];
    for (let at = 0; at + 1 < this.#segments.length; at++) {
      const [a, b] = [this.#segments[at], this.#segments[at + 1]];
      if (!a || !b) continue;
      const score = (b.end - a.start) / (now - a.start + 1);
      if (score < best) [best, place] = [score, at];
    }
    const [a, b] = this.#segments.slice(place, place + 2);
    if (!a || !b) return;
    const both = this.#sum(a, b);
    this.#entries += both.index.length - a.index.length - b.index.length;
    this.#segments.splice(place, 2, both);
  }

  #sum(a: Segment, b: Segment): Segment {
    const places = this.#placesOf(a, b);
    const index = new Uint32Array(a.index.length + b.index.length);
    const values = new Float64Array(index.length * VALUES);
    index.set(a.index);
    values.set(a.values);
    let count = a.index.length;
    for (let place = 0; place < count; place++) places[a.index[place] ?? 0] = place + 1;
    for (let place = 0; place < b.index.length; place++) {
      const row = b.index[place] ?? 0;
      const known = places[row] ?? 0;
      const at = known > 0 ? known - 1 : count++;
      index[at] = row;
      for (let value = 0; value < VALUES; value++) {
        const to = at * VALUES + value;
        values[to] = (values[to] ?? 0) + (b.values[place * VALUES + value] ?? 0);
      }
    }
    for (const row of a.index) places[row] = 0;
    return {
      start: a.start,
      end: b.end,
      seconds: a.seconds + b.seconds,
      index: index.slice(0, count),
      values: values.slice(0, count * VALUES),
    };
  }

  #placesOf(...segments: readonly Segment[]): Int32Array {
    let greatest = 0;
    for (const { index } of segments) for (const row of index) greatest = Math.max(greatest, row);
    if (greatest >= this.#places.length) this.#places = new Int32Array(greatest * 2);
    return this.#places;
  }
}
