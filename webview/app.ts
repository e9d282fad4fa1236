import type { PanelCommand, ToPanel } from '../shared/messages/panel';
import type { FromTuning } from '../shared/messages/tuning';
import { ConfigurationView } from './configuration/configuration';
import { badgeOf, DoctorView } from './doctor/doctor';
import { element, hide, setText } from './element';
import { Figures } from './figures';
import { Headline } from './headline';
import { Choice } from './choice';
import { NoticePage } from './notice';
import { LATE, Turn } from './pace';
import { describeSituation, warnings } from './situation';
import { SoftnetView } from './softnet/softnet';
import { sumUp, type Measure, type Sums } from './store/matrix';
import { isRunning, Store } from './store/store';
import { same } from './same';
import { Tabs } from './tabs';
import { readTheme, watchTheme } from './theme';
import { TrafficView } from './traffic/traffic';
import { tuningBadge, TuningView } from './tuning/tuning';
import type { Pointer, View, ViewContext, ViewEvents, ViewId } from './view';
import { readViewState, type ViewState } from './viewState';
import { words } from './words';
import { ZoomMark } from './zoomMark';

/** What the panel needs of VS Code. */
export interface Editor {
  run(command: PanelCommand): void;
  /** Asks for another host to be shown. */
  show(host: string): void;
  /** Asks for everything anew. */
  again(): void;
  /** Asks what was counted between two moments, in seconds of the host's clock. */
  ask(from: number, to: number): void;
  tune(message: FromTuning): void;
  keep(state: ViewState): void;
  kept(): unknown;
}

/** The whole panel: takes messages, holds the view's state, draws at most once a frame and only while it is seen. */
export class App {
  readonly #store = new Store();
  readonly #headline: Headline;
  readonly #tabs: Tabs;
  readonly #figures = new Figures();
  readonly #measures: Choice<Measure>;
  readonly #zoomed: ZoomMark;
  readonly #numbers: HTMLElement;
  readonly #nav: HTMLElement;
  readonly #notice: NoticePage;
  readonly #warning = element('div', 'warning');
  readonly #panel = element('div', 'view');
  readonly #views: Readonly<Record<ViewId, View>>;
  readonly #spoken = element('div', 'spoken');
  #pointer: Pointer | undefined;
  #view: ViewState;
  #theme = readTheme();
  #scheduled = false;
  #soon: ReturnType<typeof setTimeout> | undefined;
  /** When the panel was drawn last. */
  #drawn = -Infinity;
  #shown: ViewContext | undefined;
  #sums: { readonly of: readonly unknown[]; readonly sums: Sums } | undefined;

  constructor(
    root: HTMLElement,
    readonly editor: Editor,
  ) {
    this.#view = readViewState(editor.kept());
    const events: ViewEvents = {
      change: (part) => this.#change(part),
      redraw: () => this.#schedule(),
      say: (text) => setText(this.#spoken, text),
      run: (command) => editor.run(command),
      tune: (message) => editor.tune(message),
      visit: (tab, pointer) => this.#visit(tab, pointer),
    };
    this.#headline = new Headline(events.run, (host) => editor.show(host));
    const { name, rate, total } = words.measure;
    this.#measures = new Choice(name, { rate, total }, (measure) => this.#change({ measure }));
    this.#zoomed = new ZoomMark(() => this.#change({ zoom: undefined }));
    this.#tabs = new Tabs((tab) => this.#change({ tab }));
    this.#numbers = element('div', 'numbers', this.#figures.root, this.#zoomed.root, this.#measures.root);
    this.#nav = element('nav', '', this.#tabs.root, this.#numbers);
    this.#notice = new NoticePage(events.run);
    this.#warning.setAttribute('role', 'status');
    this.#spoken.setAttribute('role', 'log');
    this.#views = {
      traffic: new TrafficView(events),
      softnet: new SoftnetView(events),
      configuration: new ConfigurationView(events),
      doctor: new DoctorView(events),
      tuning: new TuningView(events),
    };
    this.#panel.id = 'view';
    this.#panel.setAttribute('role', 'tabpanel');
    this.#panel.append(...Object.values(this.#views).map((view) => view.root));
    const main = element('main', '', this.#warning, this.#notice.root, this.#panel, this.#spoken);
    root.append(this.#headline.root, this.#nav, main);
    watchTheme(() => {
      this.#theme = readTheme();
      this.#schedule();
    });
    this.#render();
  }

  /** What the views were drawn from last; undefined when there was nothing to draw. */
  get shown(): ViewContext | undefined {
    return this.#shown;
  }

  receive(message: ToPanel): void {
    const wasBehind = this.#store.behind;
    this.#store.apply(message);
    if (this.#store.behind && !wasBehind) this.editor.again();
    if (message.type === 'snapshot') this.#ask();
    if (message.type === 'interval' && !message.counts) {
      this.#change({ zoom: undefined });
      setText(this.#spoken, words.zoom.unknown);
    }
    if (message.type === 'showTuning') this.#visit('tuning', { section: message.section });
    // It comes just after a sample's picture has been drawn, and elsewhere is a figure or two, which the next one brings.
    if (message.type !== 'softnet' || this.#view.tab === 'softnet') this.#schedule();
    else this.#soon ??= setTimeout(() => this.#schedule(), LATE);
  }

  /** Goes to a view, and points at something there once it is drawn. */
  #visit(tab: ViewId, pointer: Pointer): void {
    this.#pointer = pointer;
    this.#change({ tab });
  }

  #change(part: Partial<ViewState>): void {
    this.#view = { ...this.#view, ...part };
    this.editor.keep(this.#view);
    if ('zoom' in part) this.#ask();
    this.#schedule();
  }

  /** Asks for the interval that is to be looked at; it may be one of another host than the one that is shown. */
  #ask(): void {
    const { zoom } = this.#view;
    if (zoom && zoom.host === this.#store.host) this.editor.ask(zoom.from, zoom.to);
    else this.#store.zoom = undefined;
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
    clearTimeout(this.#soon);
    this.#soon = undefined;
    const store = this.#store;
    const { tab } = this.#view;
    // A trace that has ended has no rate any more; its totals stand.
    const measure = isRunning(store.state) || store.zoom ? this.#view.measure : 'total';
    const sums = this.#sumUp(measure);
    const turn = new Turn(performance.now() - this.#drawn);
    this.#drawn = performance.now();
    const situation = describeSituation(store);
    this.#headline.render(store, situation);
    const warning = warnings(store).join(' ');
    hide(this.#warning, warning === '');
    setText(this.#warning, warning);

    // Before a host has told anything, there is nothing to switch between.
    const bare = store.facts === undefined && store.rows.count === 0;
    for (const part of [this.#nav, this.#panel]) hide(part, bare);
    // Traffic says itself why it is empty; otherwise the end of a trace is one line above the view.
    const empty = store.rows.count === 0;
    const told = !bare && (store.state.kind === 'tracing' || (tab === 'traffic' && empty));
    this.#notice.root.classList.toggle('line', !bare);
    this.#notice.show(told ? undefined : situation.notice);
    this.#shown = undefined;
    if (bare) return;

    hide(this.#numbers, empty);
    this.#figures.render(store, sums, measure, turn);
    this.#measures.show(measure);
    this.#measures.enable('rate', isRunning(store.state) || store.zoom !== undefined);
    this.#zoomed.render(store);
    this.#tabs.show(tab, { doctor: badgeOf(store.findings), tuning: tuningBadge(store.tuning) });
    this.#panel.setAttribute('aria-labelledby', `tab-${tab}`);
    for (const [id, view] of Object.entries(this.#views)) hide(view.root, id !== tab);
    const context = { store, view: this.#view, theme: this.#theme, situation, measure, sums, turn };
    this.#shown = context;
    this.#views[tab].render(context);
    this.#point(tab, context);
  }

  /** The same object as long as its numbers are the same. */
  #sumUp(measure: Measure): Sums {
    const { counted, samples } = this.#store;
    const of = [counted.matrix, samples, measure];
    if (!this.#sums || !same(of, this.#sums.of)) this.#sums = { of, sums: sumUp(counted.matrix, measure) };
    return this.#sums.sums;
  }

  /** What one view points at, another draws attention to once it is there. */
  #point(tab: ViewId, context: Parameters<View['render']>[0]): void {
    const pointer = this.#pointer;
    if (!pointer) return;
    this.#pointer = undefined;
    this.#views[tab].point?.(pointer);
    this.#views[tab].render(context);
  }
}
