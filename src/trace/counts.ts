import { withKept } from '../../shared/masks/kept';
import type { Cpu, Device, Finding, Frame, Row, Settings } from '../../shared/frames/frames';
import { MAX_ROWS } from '../../shared/limits';
import {
  deviceKey,
  type Health,
  type HostFacts,
  type IntervalCounts,
  type Mark,
  type RowKey,
  type ToPanel,
} from '../../shared/messages/panel';
import { Departed } from './departed';
import { History } from '../../shared/history';
import { Intervals } from './intervals';
import { changes } from './marks';
import { MaskWriters } from './maskWriters';
import { OwnMasks } from './ownMasks';
import { Rows } from './rows';
import { SoftnetRates } from './softnet';

type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;

/** Everything that one run of the loader has told: the host's facts, its devices, its counters, what was missed. */
export class Counts {
  #facts: HostFacts | undefined;
  #devices: readonly Device[] = [];
  #health: Health = { missed: 0, lost: 0, runs: 0, runNs: 0, badLines: 0 };
  #settings: Settings | undefined;
  #findings: readonly Finding[] | undefined;
  readonly #softnet = new SoftnetRates();
  readonly #departed = new Departed();
  readonly #writers = new MaskWriters();
  readonly #rows: Rows;
  /** The `deviceKey` of every device that a row names. */
  readonly #named = new Set<string>();
  readonly #intervals = new Intervals();
  /** The newest frame of each type: it replaces the one before. */
  readonly #latest = new Map<Frame['type'], Frame>();

  /**
   * @param own masks that this window writes
   * @param mostRows rows that are kept; of later ones the health tells that they are left out.
   */
  constructor(
    private readonly history = new History(),
    private readonly own = new OwnMasks(),
    private readonly mostRows = MAX_ROWS,
  ) {
    this.#rows = new Rows(mostRows);
  }

  /** For the next run of the loader on the same host: its counters begin at 0, what was seen over time goes on. */
  next(): Counts {
    this.history.startRun();
    return new Counts(this.history, this.own, this.mostRows);
  }

  get facts(): HostFacts | undefined {
    return this.#facts;
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  /** The host's CPUs as they are now; none before the loader has told. */
  get cpus(): readonly Cpu[] {
    return this.#facts?.cpus ?? [];
  }

  /** What identifies each row. */
  get keys(): readonly RowKey[] {
    return this.#rows.keys;
  }

  /** When the newest sample was taken, in seconds of the host's CLOCK_MONOTONIC. */
  get at(): number | undefined {
    return this.#rows.at;
  }

  get decisionsPerSecond(): number {
    return this.#rows.decisionsPerSecond;
  }

  /** Takes a frame in and returns the messages for a panel that has seen everything before it. */
  apply(frame: Frame): ToPanel[] {
    const first = !this.#latest.has(frame.type);
    this.#latest.set(frame.type, withoutNews(frame));
    switch (frame.type) {
      case 'hello':
        this.#facts = {
          backend: frame.backend,
          backends: frame.backends ?? [],
          kernel: frame.kernel,
          arch: frame.arch,
          intervalMs: frame.interval_ms,
          cpus: withKept(frame.cpus, frame.kept_cpus),
        };
        return [{ type: 'facts', facts: this.#facts }];
      case 'devices':
        return this.#look(frame.devices, first);
      case 'sample':
        return this.#count(frame.rows, frame.ns);
      case 'softnet':
        return [{ type: 'softnet', softnet: this.#softnet.apply(frame) }];
      case 'configuration': {
        const { type, cpus, kept_cpus, ...settings } = frame;
        this.#settings = settings;
        return [...this.#replug(cpus && withKept(cpus, kept_cpus)), { type: 'settings', settings }];
      }
      case 'findings':
        this.#findings = frame.findings;
        return [{ type: 'findings', findings: frame.findings }];
      case 'health':
        return [this.#say({ missed: frame.missed, lost: frame.lost, runs: frame.runs, runNs: frame.run_ns })];
      case 'end':
        return [...this.#count(frame.rows, undefined), this.#say({ missed: frame.missed, lost: frame.lost })];
      case 'audit':
        this.#writers.add(frame.writes);
        return [];
      case 'check':
      case 'shadow':
      case 'guard':
      case 'error':
        return [];
    }
  }

  /** Frames that bring other counts to where these are, but for what was seen over time. */
  opening(): Frame[] {
    return [...this.#latest.values()].map((frame) =>
      frame.type === 'sample' ? { ...frame, rows: this.#rows.asRows() } : frame,
    );
  }

  /** What was counted between two moments of this run, in seconds of the host's CLOCK_MONOTONIC. */
  between(from: number, to: number): IntervalCounts | undefined {
    return this.#intervals.between(from, to);
  }

  /** Counts a line that was no frame. */
  badLine(): ToPanel {
    return this.#say({ badLines: this.#health.badLines + 1 });
  }

  /** Nothing moves any more: what a run that ended without final totals leaves. */
  settle(): ToPanel[] {
    return this.#count([], undefined);
  }

  snapshot(): Omit<Snapshot, 'type' | 'host' | 'state' | 'scope'> {
    const history = this.history.all();
    return {
      facts: this.#facts,
      ...this.#known(),
      health: this.#health,
      ...this.#rows.all(),
      history,
      softnet: this.#softnet.last,
      settings: this.#settings,
      findings: this.#findings,
    };
  }

  #count(rows: readonly Row[], ns: number | undefined): ToPanel[] {
    const sample = this.#rows.apply(rows, ns);
    this.history.apply(sample);
    this.#intervals.apply(sample);
    for (const key of sample.added) this.#named.add(deviceKey(key));
    // A device may go before its first row comes.
    const named = sample.added.some((key) => this.#departed.has(key));
    const messages: ToPanel[] = named ? [{ type: 'devices', ...this.#known() }, sample] : [sample];
    if (this.#rows.full && !this.#health.full) messages.push(this.#say({ full: true }));
    return messages;
  }

  #look(devices: readonly Device[], first: boolean): ToPanel[] {
    const marks = first ? [] : this.#marks(devices);
    this.#departed.take(this.#devices, devices);
    this.#devices = devices;
    this.history.mark(marks);
    const known: ToPanel = { type: 'devices', ...this.#known() };
    return marks.length > 0 ? [known, { type: 'marks', marks }] : [known];
  }

  #marks(devices: readonly Device[]): Mark[] {
    const at = this.#rows.at;
    return at === undefined ? [] : changes(this.#devices, devices, at, this.own, this.#writers);
  }

  #known(): Pick<Snapshot, 'devices' | 'gone'> {
    const gone = this.#departed.among(this.#named);
    return { devices: this.#devices, ...(gone.length > 0 && { gone }) };
  }

  /** Takes over what is told of the CPUs after hello. */
  #replug(cpus: readonly Cpu[] | undefined): ToPanel[] {
    if (!this.#facts || !cpus) return [];
    this.#facts = { ...this.#facts, cpus };
    return [{ type: 'facts', facts: this.#facts }];
  }

  #say(news: Partial<Health>): ToPanel {
    this.#health = { ...this.#health, ...news };
    return { type: 'health', health: this.#health };
  }
}

/** A frame as whoever comes later needs it: what happened once is left out. */
function withoutNews(frame: Frame): Frame {
  if (frame.type === 'audit') return { ...frame, writes: [] };
  return frame.type === 'sample' ? { ...frame, rows: [] } : frame;
}
