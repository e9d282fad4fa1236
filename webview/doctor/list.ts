import type { Finding } from '../../shared/frames/frames';
import { element } from '../element';
import type { Store } from '../store/store';
import type { ViewEvents } from '../view';
import { card } from './card';

/** Findings as cards, most important first; made anew only when they say something else, so that focus stays. */
export class FindingList {
  readonly root = element('ol', 'findings');
  #shown = '';

  constructor(private readonly events: ViewEvents) {}

  show(findings: readonly Finding[], store: Store): void {
    const said = JSON.stringify([
      findings,
      store.devices.map(({ name }) => name),
      store.tuning !== undefined,
    ]);
    if (said === this.#shown) return;
    this.#shown = said;
    this.root.hidden = findings.length === 0;
    this.root.replaceChildren(...findings.map((finding) => card(finding, store, this.events)));
  }
}
