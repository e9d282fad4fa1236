import type { PanelCommand, ToPanel } from '../src/protocol/panel';
import { Chart } from './chart/chart';
import { Choice } from './choice';
import { element, setText } from './element';
import { Headline } from './headline';
import { Heatmap } from './heatmap/heatmap';
import type { ScaleKind } from './heatmap/scale';
import { NoticePage } from './notice';
import { describeSituation, warnings } from './situation';
import { sumUp } from './store/matrix';
import { isRunning, Store } from './store/store';
import { Table } from './table/table';
import { readTheme, watchTheme } from './theme';
import { readViewState, type ViewState } from './viewState';
import { words } from './words';

/** What the panel needs of VS Code. */
export interface Editor {
  run(command: PanelCommand): void;
  /** Asks for another host to be shown. */
  show(host: string): void;
  keep(state: ViewState): void;
  kept(): unknown;
}

/** The whole panel: takes messages, holds the view's state, draws at most once a frame and only while it is seen. */
export class App {
  readonly #store = new Store();
  readonly #headline: Headline;
  readonly #notice: NoticePage;
  readonly #warning = element('div', 'warning');
  readonly #heatmap: Heatmap;
  readonly #chart: Chart;
  readonly #table: Table;
  readonly #left = element('div', 'left');
  readonly #panes = element('div', 'panes');
  readonly #spoken = element('div', 'spoken');
  readonly #scales: Choice<ScaleKind>;
  readonly #pane: Choice<ViewState['pane']>;
  #view: ViewState;
  #theme = readTheme();
  #scheduled = false;

  constructor(
    root: HTMLElement,
    readonly editor: Editor,
  ) {
    this.#view = readViewState(editor.kept());
    const run = (command: PanelCommand) => editor.run(command);
    const redraw = () => this.#schedule();
    this.#headline = new Headline(
      run,
      (measure) => this.#change({ measure }),
      (host) => editor.show(host),
    );
    this.#notice = new NoticePage(run);
    this.#warning.setAttribute('role', 'status');
    this.#spoken.setAttribute('role', 'log');
    this.#heatmap = new Heatmap({
      choose: (filter) =>
        this.#change({ filter: sameFilter(filter, this.#view.filter) ? undefined : filter }),
      say: (text) => setText(this.#spoken, text),
      resized: redraw,
    });
    this.#table = new Table({
      sort: (sort) => this.#change({ sort }),
      clearFilter: () => this.#change({ filter: undefined }),
      find: (text) => this.#change({ text }),
      group: (group) => this.#change({ group }),
      say: (text) => setText(this.#spoken, text),
      moved: redraw,
    });
    this.#chart = new Chart((part) => this.#change({ chart: { ...this.#view.chart, ...part } }), redraw);
    const { name: shown, matrix, time } = words.pane;
    this.#pane = new Choice(shown, { matrix, time }, (pane) => this.#change({ pane }));
    this.#pane.root.classList.add('pane');
    const { name, linear, log } = words.scale;
    this.#scales = new Choice(name, { linear, log }, (scale) => this.#change({ scale }));
    const title = element('h2', '', words.matrixTitle);
    const controls = element('div', 'controls', this.#heatmap.legend.root, this.#scales.root);
    const map = element('section', 'map', element('div', 'bar', title, controls), this.#heatmap.root);
    this.#left.append(this.#pane.root, map, this.#chart.root);
    this.#panes.append(this.#left, this.#table.root);
    const main = element('main', '', this.#warning, this.#notice.root, this.#panes, this.#spoken);
    root.append(this.#headline.root, main);
    watchTheme(() => {
      this.#theme = readTheme();
      this.#schedule();
    });
    this.#render();
  }

  receive(message: ToPanel): void {
    this.#store.apply(message);
    this.#schedule();
  }

  #change(part: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...part };
    this.editor.keep(this.#view);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#render();
    });
  }

  #render(): void {
    const store = this.#store;
    // A trace that has ended has no rate any more; its totals stand.
    const measure = isRunning(store.state) ? this.#view.measure : 'total';
    const sums = sumUp(store.matrix, measure);
    const situation = describeSituation(store);
    this.#headline.render(store, situation, sums, measure);
    this.#notice.show(situation.notice);
    const warning = warnings(store).join(' ');
    this.#warning.hidden = warning === '';
    setText(this.#warning, warning);
    this.#panes.hidden = store.rows.count === 0;
    if (this.#panes.hidden) return;
    this.#scales.show(this.#view.scale);
    this.#pane.show(this.#view.pane);
    this.#left.dataset['pane'] = this.#view.pane;
    const { matrix } = store;
    this.#heatmap.render({ matrix, sums, measure, scale: this.#view.scale, theme: this.#theme });
    this.#chart.render(store, this.#view.chart, this.#theme);
    this.#table.render(store, this.#view);
  }
}

function sameFilter(a: ViewState['filter'], b: ViewState['filter']): boolean {
  return a?.cpu === b?.cpu && a?.target === b?.target;
}
