import { element, setText } from './element';
import { rate, share, whole } from './format';
import type { Measure, Sums } from './store/matrix';
import type { Health } from '../src/protocol/panel';
import { words } from './words';

type Name = keyof typeof words.figures;

/** The headline: how many decisions, and how they are shared out. */
export class Figures {
  readonly root = element('dl', 'figures');
  readonly #values = new Map<Name, { box: HTMLElement; value: HTMLElement }>();

  constructor() {
    for (const name of ['rate', 'total', 'steered', 'crossNode', 'self', 'none', 'cost'] as const) {
      const value = element('dd');
      const box = element('div', `figure-${name}`, element('dt', '', words.figures[name].name), value);
      box.title = words.figures[name].title;
      this.#values.set(name, { box, value });
      this.root.append(box);
    }
  }

  render(sums: Sums, measure: Measure, health: Health): void {
    this.#show('rate', measure === 'rate' ? rate(sums.all) : undefined);
    this.#show('total', measure === 'total' ? whole(sums.all) : undefined);
    this.#show('steered', share(sums.steered, sums.all));
    this.#show('crossNode', share(sums.crossNode, sums.all));
    this.#show('self', share(sums.self, sums.all));
    this.#show('none', share(sums.none, sums.all));
    this.#show('cost', health.runs > 0 ? whole(health.runNs / health.runs) : undefined);
  }

  #show(name: Name, text: string | undefined): void {
    const figure = this.#values.get(name);
    if (!figure) return;
    figure.box.hidden = text === undefined;
    if (text !== undefined) setText(figure.value, text);
  }
}
