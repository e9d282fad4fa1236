import { element, hide, setText } from './element';
import { rate, share, tenths, whole } from './format';
import { Pace, READABLE, type Turn } from './pace';
import { imbalance } from './store/imbalance';
import type { Measure, Sums } from './store/matrix';
import type { Store } from './store/store';
import { words } from './words';

const names = [
  'rate',
  'total',
  'steered',
  'crossNode',
  'self',
  'none',
  'imbalance',
  'ipi',
  'drops',
  'cost',
] as const;
type Name = (typeof names)[number];

/** The headline: how many decisions, and how they are shared out. */
export class Figures {
  readonly root = element('dl', 'figures');
  readonly #values = new Map<Name, { box: HTMLElement; value: HTMLElement }>();

  readonly #pace = new Pace(READABLE);

  constructor() {
    for (const name of names) {
      const value = element('dd');
      const box = element('div', `figure-${name}`, element('dt', '', words.figures[name].name), value);
      box.title = words.figures[name].title;
      this.#values.set(name, { box, value });
      this.root.append(box);
    }
  }

  render(store: Store, sums: Sums, measure: Measure, turn: Turn): void {
    const shown = [store.host, store.rows, store.zoom, store.state, measure];
    this.#pace.take(turn, shown, () => this.#write(store, sums, measure));
  }

  #write(store: Store, sums: Sums, measure: Measure): void {
    const { health } = store;
    const uneven = imbalance(store.counted, sums);
    this.#show('rate', measure === 'rate' ? rate(sums.all) : undefined);
    this.#show('total', measure === 'total' ? whole(sums.all) : undefined);
    this.#show('steered', share(sums.steered, sums.all));
    this.#show('crossNode', share(sums.crossNode, sums.all));
    this.#show('self', share(sums.self, sums.all));
    this.#show('none', share(sums.none, sums.all));
    this.#show('imbalance', uneven && words.imbalance(words.cpu(uneven.cpu), tenths(uneven.factor)));
    const live = measure === 'rate' && !store.zoom ? store.softnet : undefined;
    const all = (name: 'ipis' | 'dropped') =>
      live?.cpus.reduce((sum, { rates }) => sum + (rates?.[name] ?? 0), 0);
    const [ipis, drops] = [all('ipis'), all('dropped')];
    this.#show('ipi', ipis !== undefined && ipis > 0 ? tenths(sums.steered / ipis) : undefined);
    this.#show('drops', drops === undefined ? undefined : rate(drops));
    this.#show('cost', health.runs > 0 ? whole(health.runNs / health.runs) : undefined);
  }

  #show(name: Name, text: string | undefined): void {
    const figure = this.#values.get(name);
    if (!figure) return;
    hide(figure.box, text === undefined);
    if (text !== undefined) setText(figure.value, text);
  }
}
