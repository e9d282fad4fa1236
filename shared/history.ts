import {
  VALUES,
  deviceKey,
  type HistoryData,
  type Mark,
  type RowKey,
  type SeriesKey,
  type ToPanel,
} from './messages/panel';

type Sample = Extract<ToPanel, { type: 'sample' }>;

/** Points kept at least: an hour at one a second. */
export const POINTS = 3600;
/** Old points are dropped a quarter of an hour at a time. */
const CAPACITY = POINTS + 900;
/** Samples that come more often than this many seconds apart are averaged into one point. */
const STEP = 0.95;
/** Series of one kind at most; what goes beyond them is summed up as `others`. */
const SERIES = 512;

/** Marks of the latest changes that are kept. */
const MARKS = 256;

/** A row counts for one series by its target, its interface, its queue and its verdict. */
const KINDS = 4;

/**
 * Decisions per second over the last hour, by target CPU, interface, queue and verdict. Its memory does not grow
 * with time, and is bounded whatever the host sends. The extension host keeps one for each trace; the webview makes its own
 * from a snapshot and goes on.
 */
export class History {
  /** Rates have room for `CAPACITY` points, of which `#length` are in use. */
  readonly #series: { readonly key: SeriesKey; readonly rates: Float32Array<ArrayBuffer> }[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #counts = new Map<SeriesKey['by'], number>();
  /** The series of each row: `KINDS` numbers a row. */
  readonly #rows: number[] = [];
  /** Of each row, the decisions since the last point: a row counts for several series, and is added to them only then. */
  #decisions = new Float64Array(64);
  /** Of each series, the decisions since the last point that no row has any more. */
  #sums = new Float64Array(64);
  #marks: readonly Mark[] = [];
  readonly #at = new Float64Array(CAPACITY);
  #length = 0;
  #pending = 0;

  /** Goes on from what `all()` gave; `keys` are the rows of that time. */
  static from(keys: readonly RowKey[], { at, series, marks }: HistoryData): History {
    const history = new History();
    history.#marks = marks;
    history.#length = at.length;
    history.#at.set(at);
    for (const { key, rates } of series) history.#addSeries(key).rates.set(rates);
    history.#addRows(keys);
    return history;
  }

  /** Takes one sample. One without an interval only adds its rows. */
  apply({ added, index, counts, interval }: Pick<Sample, 'added' | 'index' | 'counts' | 'interval'>): void {
    this.#addRows(added);
    if (!interval) return;
    const decisions = this.#decisions;
    for (let place = 0; place < index.length; place++) {
      const row = index[place] ?? 0;
      decisions[row] = (decisions[row] ?? 0) + (counts[place * VALUES] ?? 0);
    }
    this.#pending += interval.seconds;
    if (this.#pending >= STEP) this.#addPoint(interval.end);
  }

  /** Notes what changed on the host. */
  mark(marks: readonly Mark[]): void {
    if (marks.length > 0) this.#marks = [...this.#marks, ...marks].slice(-MARKS);
  }

  /** What changed on the host, in the order of time. */
  get marks(): readonly Mark[] {
    return this.#marks;
  }

  /** The same once more, to go on from here in two ways. Its rows are to be numbered anew. */
  copy(): History {
    this.#sumUp();
    const copy = History.from([], this.all());
    copy.#pending = this.#pending;
    copy.#sums.set(this.#sums.subarray(0, this.#series.length));
    return copy;
  }

  /** What comes next numbers the rows anew. */
  renumber(): void {
    this.#sumUp();
    this.#rows.length = 0;
  }

  /** Another run of the loader numbers its rows anew; nothing is known of the time between the two. */
  startRun(): void {
    this.renumber();
    this.#pending = 0;
    this.#sums.fill(0);
  }

  /** Everything so far, as copies. */
  all(): HistoryData {
    const series = this.#series.map(({ key, rates }) => ({ key, rates: rates.slice(0, this.#length) }));
    return { at: this.#at.slice(0, this.#length), series, marks: this.#marks };
  }

  /** When the points are, in seconds of the host's clock, ascending. A view: read it at once. */
  get at(): Float64Array {
    return this.#at.subarray(0, this.#length);
  }

  /** The series of one kind. Views: read them at once. */
  by(kind: SeriesKey['by']): HistoryData['series'] {
    return this.#series
      .filter(({ key }) => key.by === kind)
      .map(({ key, rates }) => ({ key, rates: rates.subarray(0, this.#length) }));
  }

  #addPoint(end: number): void {
    // A clock that goes backwards is another clock: what was before cannot be drawn together with what comes.
    if (this.#length > 0 && end <= (this.#at[this.#length - 1] ?? 0)) {
      this.#length = 0;
      this.#marks = [];
    }
    this.#makeRoom();
    this.#at[this.#length] = end;
    this.#sumUp();
    for (const [number, { rates }] of this.#series.entries()) {
      rates[this.#length] = (this.#sums[number] ?? 0) / this.#pending;
    }
    this.#sums.fill(0);
    this.#length++;
    this.#pending = 0;
  }

  /** Adds what rows have decided to their series. */
  #sumUp(): void {
    const [rows, decisions, sums] = [this.#rows, this.#decisions, this.#sums];
    for (let row = 0, kind = 0; kind < rows.length; row++) {
      for (const end = kind + KINDS; kind < end; kind++) {
        const series = rows[kind] ?? 0;
        sums[series] = (sums[series] ?? 0) + (decisions[row] ?? 0);
      }
    }
    decisions.fill(0);
  }

  #makeRoom(): void {
    if (this.#length < CAPACITY) return;
    const drop = this.#length - POINTS + 1;
    this.#at.copyWithin(0, drop);
    for (const { rates } of this.#series) rates.copyWithin(0, drop);
    this.#length -= drop;
  }

  #addRows(keys: readonly RowKey[]): void {
    for (const key of keys) {
      this.#rows.push(
        this.#number('target', String(key.target)),
        this.#number('interface', deviceKey(key)),
        this.#number('queue', `${deviceKey(key)}/${key.queue}`),
        this.#number('verdict', key.verdict),
      );
    }
    this.#decisions = withRoom(this.#decisions, this.#rows.length / KINDS);
  }

  #number(by: SeriesKey['by'], name: string): number {
    const known = this.#numbers.get(`${by} ${name}`);
    if (known !== undefined) return known;
    if (name !== 'others' && (this.#counts.get(by) ?? 0) >= SERIES) return this.#number(by, 'others');
    this.#addSeries({ by, name });
    return this.#series.length - 1;
  }

  #addSeries(key: SeriesKey) {
    const series = { key, rates: new Float32Array(CAPACITY) };
    this.#numbers.set(`${key.by} ${key.name}`, this.#series.push(series) - 1);
    this.#sums = withRoom(this.#sums, this.#series.length);
    this.#counts.set(key.by, (this.#counts.get(key.by) ?? 0) + 1);
    return series;
  }
}

/** The same numbers with room for `count`, and for more than that where they had to be copied. */
function withRoom(numbers: Float64Array<ArrayBuffer>, count: number): Float64Array<ArrayBuffer> {
  if (count <= numbers.length) return numbers;
  const wider = new Float64Array(Math.max(count, numbers.length * 2));
  wider.set(numbers);
  return wider;
}
