import type { Mark } from '../../shared/messages/panel';
import { Choice } from '../choice';
import { element } from '../element';
import { compact } from '../format';
import { Pace, type Turn } from '../pace';
import { same } from '../same';
import { Select } from '../select';
import { Size } from '../size';
import type { Store } from '../store/store';
import type { Theme } from '../theme';
import type { ViewState } from '../viewState';
import { words } from '../words';
import { Legend } from './legend';
import { cut, windows, type Lines } from './lines';
import { markText } from './markText';
import { Plot } from './plot';

export type ChartView = ViewState['chart'];

/** What the chart asks of the panel. */
export interface ChartEvents {
  readonly change: (part: Partial<ChartView>) => void;
  /** An interval was chosen, in seconds of the host's CLOCK_MONOTONIC; undefined: back to now. */
  readonly zoom: (span: { readonly from: number; readonly to: number } | undefined) => void;
  readonly resized: () => void;
}

/** Decisions per second over time, with a cursor and a brush for mouse and keyboard. */
export class Chart {
  readonly root = element('section', 'time');
  readonly #area = element('div', 'plot');
  readonly #legend = new Legend();
  readonly #by: Select<ChartView['by']>;
  readonly #window: Select<string>;
  readonly #style: Choice<'lines' | 'stacked'>;
  readonly #plot = new Plot(this.#area, {
    moved: (point) => this.#moved(point),
    brushed: (from, to) => this.#zoom(from, to),
  });
  readonly #size: Size;
  #data: Lines = { at: [], lines: [] };
  /** What `#data` was cut from. */
  #cutFrom: readonly unknown[] = [];
  /** What was drawn last: points come once a second, however often the panel is drawn. */
  #drawn: readonly unknown[] = [];
  readonly #pace = new Pace(0);
  #point: number | undefined;
  /** Where a selection by keyboard began. */
  #anchor: number | undefined;
  #now = 0;
  #marks: readonly Mark[] = [];
  #spacing = 1;
  #draw: (() => void) | undefined;

  constructor(private readonly events: ChartEvents) {
    const { change, resized } = events;
    const { title, by, window, lines, stacked, style } = words.chart;
    this.#by = new Select(by.name, by.options, (kind) => change({ by: kind }));
    const spans = Object.fromEntries(windows.map((seconds) => [String(seconds), words.duration(seconds)]));
    this.#window = new Select(window, spans, (chosen) => {
      const seconds = windows.find((one) => String(one) === chosen);
      if (seconds) change({ seconds });
    });
    this.#style = new Choice(style, { lines, stacked }, (chosen) =>
      change({ stacked: chosen === 'stacked' }),
    );
    const controls = element('div', 'controls', this.#by.root, this.#window.root, this.#style.root);
    this.#area.tabIndex = 0;
    this.#area.setAttribute('role', 'slider');
    this.#area.setAttribute('aria-label', words.chart.name);
    this.#area.setAttribute('aria-description', words.chart.how);
    this.#area.title = words.chart.how;
    this.#area.addEventListener('keydown', (event) => this.#key(event));
    this.#area.addEventListener('blur', () => this.#leave());
    this.#size = new Size(this.#area, resized);
    const bar = element('div', 'bar', element('h2', '', title), controls);
    this.root.append(bar, this.#area, this.#legend.root);
  }

  render(store: Store, view: ChartView, theme: Theme, turn: Turn): void {
    this.#by.show(view.by);
    this.#window.show(String(view.seconds));
    this.#style.show(view.stacked ? 'stacked' : 'lines');
    const size = this.#size.now;
    if (size.height === 0) return;
    const { history, facts, zoom, links } = store;
    const shown = [history, view.by, view.seconds, view.stacked, facts];
    const dressed = [theme, size.width, size.height, zoom, history.marks, links, links.version];
    const drawn = [history.at.at(-1), ...shown, ...dressed];
    if (same(drawn, this.#drawn)) return;
    this.#pace.take(turn, [...shown, ...dressed], () => {
      this.#drawn = drawn;
      this.#show(store, view, theme, [history.at.at(-1), ...shown]);
    });
  }

  #show(store: Store, view: ChartView, theme: Theme, from: readonly unknown[]): void {
    const { history, facts, zoom } = store;
    const size = this.#size.now;
    if (!same(from, this.#cutFrom)) {
      this.#cutFrom = from;
      const step = Math.max(1, (facts?.intervalMs ?? 0) / 1000);
      const { at, lines } = cut(history, view.by, view.seconds, step);
      // As one line the sum of all the others would dwarf the lines it is there for.
      this.#data = { at, lines: view.stacked ? lines : lines.filter(({ key }) => key) };
    }
    this.#now = history.at.at(-1) ?? 0;
    this.#marks = history.marks;
    this.#spacing = Math.max(1, (facts?.intervalMs ?? 0) / 1000, view.seconds / 200);
    this.#draw = () => this.#legend.show(store, this.#data, this.#point, theme, this.#markText());
    this.#plot.render({
      size,
      data: this.#data,
      stacked: view.stacked,
      seconds: view.seconds,
      theme,
      zoom: zoom && { from: zoom.from - this.#now, to: zoom.to - this.#now },
      marks: this.#marks.map(({ at }) => at - this.#now),
    });
    this.#draw();
    this.#tell();
  }

  #moved(point: number | undefined): void {
    this.#point = point;
    this.#draw?.();
    this.#tell();
  }

  /** The slider's value: the point under the cursor or the newest one, in words. */
  #tell(): void {
    const { at, lines } = this.#data;
    const point = this.#point ?? at.length - 1;
    const set = (name: string, value: string) => this.#area.setAttribute(`aria-${name}`, value);
    set('valuemin', String(Math.floor(at[0] ?? 0)));
    set('valuemax', '0');
    set('valuenow', String(Math.round(at[point] ?? 0)));
    const sum = lines.reduce((all, { values }) => all + (values[point] ?? 0), 0);
    const heard = lines.every(({ values }) => typeof values[point] === 'number');
    const value = heard ? `${compact(sum)} ${words.unit.rate}` : words.chart.gap;
    const parts = [`${words.ago(at[point] ?? 0)}: ${value}`, this.#markText(), this.#selectedText()];
    set('valuetext', at.length > 0 ? parts.filter(Boolean).join('. ') : words.chart.empty);
  }

  /** What changed on the host near the point under the cursor. */
  #markText(): string {
    const at = this.#point === undefined ? undefined : this.#data.at[this.#point];
    if (at === undefined) return '';
    return this.#marks
      .filter((mark) => Math.abs(mark.at - this.#now - at) <= this.#spacing)
      .map(markText)
      .join('. ');
  }

  #selectedText(): string {
    const { at } = this.#data;
    if (this.#anchor === undefined || this.#point === undefined) return '';
    return words.chart.selected(words.ago(at[this.#anchor] ?? 0), words.ago(at[this.#point] ?? 0));
  }

  /** @param from seconds before now, as `to`; points stand for the time before them. */
  #zoom(from: number, to: number): void {
    this.#anchor = undefined;
    this.#plot.select(undefined, 0);
    this.events.zoom({ from: this.#now + from, to: this.#now + to });
  }

  #leave(): void {
    this.#anchor = undefined;
    this.#plot.select(undefined, 0);
    this.#plot.point(undefined);
  }

  #key(event: KeyboardEvent): void {
    const last = this.#data.at.length - 1;
    const point = this.#point ?? last;
    const places: Partial<Record<string, number>> = {
      ArrowLeft: point - 1,
      ArrowRight: point + 1,
      PageUp: point - 10,
      PageDown: point + 10,
      Home: 0,
      End: last,
    };
    const place = places[event.key];
    if (event.key === 'Escape') {
      this.#leave();
      this.events.zoom(undefined);
    }
    const { at } = this.#data;
    if (event.key === 'Enter' && this.#anchor !== undefined) {
      const ends = [at[this.#anchor] ?? 0, at[point] ?? 0];
      this.#zoom(Math.min(...ends), Math.max(...ends));
    }
    if (place === undefined || last < 0) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(last, place));
    this.#anchor = event.shiftKey ? (this.#anchor ?? point) : undefined;
    this.#plot.select(this.#anchor, next);
    this.#plot.point(next);
  }
}
