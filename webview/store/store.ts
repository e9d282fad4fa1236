import {
  VALUES,
  type Health,
  type HostChoice,
  type HostFacts,
  type RowKey,
  type ShownState,
  type Softnet,
  type ToPanel,
} from '../../shared/messages/panel';
import type { Device, Finding, Settings } from '../../shared/frames/frames';
import { everything, type Scope } from '../../shared/scope';
import type { KeepText, Tuning } from '../../shared/messages/tuning';
import { History } from '../../shared/history';
import { makeAxis } from './axis';
import { Links } from './links';
import { maskCpus } from './masks';
import { Matrix } from './matrix';
import { Rows } from './rows';
import { zoomOf, type Counted, type Zoom } from './zoom';

type Sample = Extract<ToPanel, { type: 'sample' }>;
type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;

/** Whether a trace in this state still counts, so that its rates mean something. */
export function isRunning(state: ShownState): boolean {
  if (state.kind === 'recording') return !state.ended;
  return state.kind === 'tracing' || state.kind === 'stopping';
}

/** All that the panel knows of the trace it shows, brought up to date by the extension host's messages. */
export class Store {
  host: string | undefined;
  /** Every host of the window. */
  hosts: readonly HostChoice[] = [];
  state: ShownState = { kind: 'idle' };
  scope: Scope = everything;
  facts: HostFacts | undefined;
  devices: readonly Device[] = [];
  /** Every CPU that is named in the rps_cpus mask of some queue. */
  masked: ReadonlySet<number> = new Set();
  health: Health = { missed: 0, lost: 0, runs: 0, runNs: 0, badLines: 0 };
  softnet: Softnet | undefined;
  settings: Settings | undefined;
  /** Undefined until the loader has looked. */
  findings: readonly Finding[] | undefined;
  /** Undefined while nothing can be tuned, as in a recording. */
  tuning: Tuning | undefined;
  /** When the state of its apply came, by performance.now(). */
  applySince = 0;
  /** What was last asked for of the texts that make masks last. */
  keepTexts: readonly KeepText[] | undefined;
  history = new History();
  /** A message with a sample was lost: only a snapshot brings the counters up to date. */
  behind = false;
  links = new Links();
  rows = new Rows(this.links);
  matrix = new Matrix(makeAxis([], this.rows.cpus));
  /** The interval of the past that is looked at instead of now. */
  zoom: Zoom | undefined;
  /** How many samples are in it: the number of the one that is to come. */
  samples = 0;

  /** What is looked at: now, or an interval of the past. */
  get counted(): Counted {
    return this.zoom ?? this;
  }

  apply(message: ToPanel): void {
    switch (message.type) {
      case 'snapshot':
        this.#replace(message);
        return;
      case 'hosts':
        this.hosts = message.hosts;
        return;
      case 'state':
        this.state = message.state;
        return;
      case 'scope':
        this.scope = message.scope;
        return;
      case 'facts':
        this.facts = message.facts;
        this.#rebuild();
        return;
      case 'devices':
        this.#know(message.devices, message.gone);
        return;
      case 'health':
        this.health = message.health;
        return;
      case 'softnet':
        this.softnet = message.softnet;
        return;
      case 'settings':
        this.settings = message.settings;
        return;
      case 'findings':
        this.findings = message.findings;
        return;
      case 'marks':
        this.history.mark(message.marks);
        return;
      case 'interval':
        this.zoom = message.counts && zoomOf(this, message.counts);
        return;
      case 'sample':
        this.#sample(message);
        return;
      case 'tuning':
        this.tuning = message.tuning;
        this.applySince = performance.now();
        return;
      case 'candidates':
        this.#tune({ candidates: message.candidates });
        return;
      case 'predictions':
        this.#tune({ predictions: message.predictions });
        return;
      case 'apply':
        this.applySince = performance.now();
        this.#tune({ apply: message.apply });
        return;
      case 'maskHistory':
        this.#tune({ history: message.history });
        return;
      case 'proof':
        this.#tune({ proof: message.proof });
        return;
      case 'keepTexts':
        this.keepTexts = message.texts;
        return;
      case 'showTuning':
        return;
    }
  }

  #replace(snapshot: Snapshot): void {
    this.samples = snapshot.samples;
    this.behind = false;
    this.zoom = undefined;
    this.tuning = this.keepTexts = undefined;
    this.host = snapshot.host;
    this.state = snapshot.state;
    this.scope = snapshot.scope;
    this.facts = snapshot.facts;
    this.health = snapshot.health;
    this.softnet = snapshot.softnet;
    this.settings = snapshot.settings;
    this.findings = snapshot.findings;
    this.history = History.from(snapshot.keys, snapshot.history);
    this.links = new Links();
    this.#know(snapshot.devices, snapshot.gone);
    this.rows = new Rows(this.links);
    this.rows.add(snapshot.keys);
    this.rows.totals.set(snapshot.totals);
    this.rows.rates.set(snapshot.rates);
    this.#rebuild();
  }

  #tune(part: Partial<Tuning>): void {
    this.tuning &&= { ...this.tuning, ...part };
  }

  #know(devices: readonly Device[], gone: readonly Device[] = []): void {
    this.devices = devices;
    this.masked = new Set(
      devices.flatMap(({ queues }) => queues.flatMap((queue) => maskCpus(queue.rps_cpus))),
    );
    this.links.rename(devices, gone);
  }

  #rebuild(): void {
    this.matrix = new Matrix(makeAxis(this.facts?.cpus ?? [], this.rows.cpus));
    this.rows.placeIn(this.matrix, 0);
  }

  #sample(sample: Sample): void {
    const { number, added, index, counts, interval } = sample;
    this.behind ||= number !== this.samples;
    if (this.behind) return;
    this.samples++;
    this.history.apply(sample);
    const newCpu = this.#add(added);
    const { totals, rates, cell: cells, count: all } = this.rows;
    const { rate, total } = this.matrix;
    if (index.length < all) rates.fill(0, 0, all * VALUES);
    rate.fill(0);
    const seconds = interval?.seconds ?? Infinity;
    for (let place = 0, from = 0; place < index.length; place++, from += VALUES) {
      const row = index[place] ?? 0;
      if (row >= all) continue;
      // The three values are written out: a loop over them takes three times as long, and a pattern makes garbage.
      const skbs = counts[from] ?? 0;
      const segments = counts[from + 1] ?? 0;
      const bytes = counts[from + 2] ?? 0;
      const at = row * VALUES;
      totals[at] = (totals[at] ?? 0) + skbs;
      totals[at + 1] = (totals[at + 1] ?? 0) + segments;
      totals[at + 2] = (totals[at + 2] ?? 0) + bytes;
      rates[at] = skbs / seconds;
      rates[at + 1] = segments / seconds;
      rates[at + 2] = bytes / seconds;
      const cell = cells[row] ?? -1;
      if (cell < 0) continue;
      rate[cell] = (rate[cell] ?? 0) + skbs / seconds;
      total[cell] = (total[cell] ?? 0) + skbs;
    }
    if (newCpu) this.#rebuild();
  }

  #add(keys: readonly RowKey[]): boolean {
    const first = this.rows.count;
    const newCpu = this.rows.add(keys);
    if (!newCpu) this.rows.placeIn(this.matrix, first);
    return newCpu;
  }
}
