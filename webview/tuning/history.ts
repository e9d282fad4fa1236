import type { HistoryEntry, HistoryWrite } from '../../shared/messages/tuning';
import { element } from '../element';
import { whole } from '../format';
import { button, enable } from '../notice';
import { language, words } from '../words';
import { listOfMask } from './names';

const timeFormat = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' });
/** Writes of an entry that are named one by one. */
const NAMED = 8;

/** What was applied on this host, newest first; what stands can be taken back. */
export class HistoryList {
  readonly root = element('div', 'history');
  readonly #list = element('ol');
  readonly #empty = element('p', 'dim', words.tuning.history.empty);
  #shown = '';

  /** @param revert an entry is to be taken back. */
  constructor(private readonly revert: (entry: string) => void) {
    this.root.append(element('h3', '', words.tuning.history.title), this.#empty, this.#list);
    this.root.tabIndex = -1;
  }

  /** @param busy an apply is under way, so that no other can begin. */
  render(history: readonly HistoryEntry[], busy: boolean): void {
    const shown = JSON.stringify([history, busy]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#empty.hidden = history.length > 0;
    this.#list.hidden = history.length === 0;
    const takenBack = new Set(
      history.flatMap(({ reverts, outcome }) => (outcome === 'confirmed' && reverts) || []),
    );
    this.#list.replaceChildren(...history.map((entry) => this.#entry(entry, busy, takenBack.has(entry.id))));
  }

  #entry(
    { id, time, outcome, reverts, writes }: HistoryEntry,
    busy: boolean,
    takenBack: boolean,
  ): HTMLElement {
    const { history } = words.tuning;
    const state = element('span', 'outcome', takenBack ? history.takenBack : history.outcome[outcome]);
    state.dataset['outcome'] = outcome;
    const when = timeFormat.format(time);
    const what = reverts === undefined ? '' : history.reverts;
    const head = element('div', 'head', element('time', '', when), state, element('span', 'dim', what));
    if (outcome === 'confirmed' && !takenBack) {
      const back = button(history.revert, () => this.revert(id));
      back.secondary = true;
      enable(back, !busy);
      back.ariaLabel = `${history.revert} (${when})`;
      head.append(back);
    }
    const lines = writes.slice(0, NAMED).map((write) => element('li', '', said(write)));
    if (writes.length > NAMED) lines.push(element('li', '', words.more(whole(writes.length - NAMED))));
    return element('li', '', head, element('ul', 'code', ...lines));
  }
}

function said({ name, netnsName, queue, before, after }: HistoryWrite): string {
  const { tuning } = words;
  const forms = (mask: string) => tuning.both(listOfMask(mask) || tuning.noCpu, mask);
  const where = words.queueIn(name, netnsName ?? words.hostNamespace, String(queue));
  return tuning.history.write(where, forms(before), forms(after));
}
