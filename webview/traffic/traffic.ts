import { Chart } from '../chart/chart';
import { Choice } from '../choice';
import { FindingList } from '../doctor/list';
import { element, hide } from '../element';
import { Heatmap } from '../heatmap/heatmap';
import type { ScaleKind } from '../heatmap/scale';
import { NoticePage } from '../notice';
import { Table } from '../table/table';
import type { Pointer, View, ViewContext, ViewEvents } from '../view';
import type { ViewState } from '../viewState';
import { words } from '../words';

/** Which CPU hands packets to which: heat map, chart over time and table; while there is nothing to count, why. */
export class TrafficView implements View {
  readonly root = element('div', 'traffic');
  readonly #notice: NoticePage;
  readonly #findings: FindingList;
  readonly #page: HTMLElement;
  readonly #heatmap: Heatmap;
  readonly #chart: Chart;
  readonly #table: Table;
  readonly #left = element('div', 'left');
  readonly #panes = element('div', 'panes');
  readonly #scales: Choice<ScaleKind>;
  readonly #pane: Choice<ViewState['pane']>;
  #view: ViewState | undefined;
  #host: string | undefined;

  constructor(private readonly events: ViewEvents) {
    const { change, redraw, say, run } = events;
    this.#notice = new NoticePage(run);
    this.#findings = new FindingList(events);
    this.#page = element('div', 'page', this.#notice.root, this.#findings.root);
    this.#page.tabIndex = 0;
    this.#page.setAttribute('role', 'region');
    this.#page.setAttribute('aria-label', words.emptyName);
    this.#heatmap = new Heatmap({
      choose: (filter) => change({ filter: sameFilter(filter, this.#view?.filter) ? undefined : filter }),
      say,
      resized: redraw,
    });
    this.#table = new Table({
      sort: (sort) => change({ sort }),
      clearFilter: () => change({ filter: undefined }),
      find: (text) => change({ text }),
      group: (group) => change({ group }),
      say,
      moved: redraw,
    });
    this.#chart = new Chart({
      change: (part) => {
        if (this.#view) change({ chart: { ...this.#view.chart, ...part } });
      },
      zoom: (span) =>
        change({ zoom: span && this.#host !== undefined ? { host: this.#host, ...span } : undefined }),
      resized: redraw,
    });
    const { name: shown, matrix, time } = words.pane;
    this.#pane = new Choice(shown, { matrix, time }, (pane) => change({ pane }));
    this.#pane.root.classList.add('pane');
    const { name, linear, log } = words.scale;
    this.#scales = new Choice(name, { linear, log }, (scale) => change({ scale }));
    const title = element('h2', '', words.matrixTitle);
    const controls = element('div', 'controls', this.#heatmap.legend.root, this.#scales.root);
    const map = element('section', 'map', element('div', 'bar', title, controls), this.#heatmap.root);
    this.#left.append(this.#pane.root, map, this.#chart.root);
    this.#panes.append(this.#left, this.#table.root);
    this.root.append(this.#page, this.#panes);
  }

  render({ store, view, theme, situation, sums, measure, turn }: ViewContext): void {
    this.#view = view;
    this.#host = store.host;
    const empty = store.rows.count === 0;
    hide(this.#page, !empty);
    hide(this.#panes, empty);
    if (empty) {
      this.#notice.show(situation.notice);
      this.#findings.show(store.findings ?? [], store);
      return;
    }
    this.#scales.show(view.scale);
    this.#pane.show(view.pane);
    this.#left.dataset['pane'] = view.pane;
    const { matrix } = store.counted;
    this.#heatmap.render({ matrix, sums, measure, scale: view.scale, theme, turn });
    this.#chart.render(store, view.chart, theme, turn);
    this.#table.render(store.counted, view, turn);
  }

  /** Shows what goes to a CPU. */
  point({ cpu }: Pointer): void {
    if (cpu !== undefined) this.events.change({ filter: { cpu: undefined, target: cpu } });
  }
}

function sameFilter(a: ViewState['filter'], b: ViewState['filter']): boolean {
  return a?.cpu === b?.cpu && a?.target === b?.target;
}
