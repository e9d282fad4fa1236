import type { Spread } from '../../shared/messages/tuning';
import { element, setText } from '../element';
import { rate, share, tenths } from '../format';
import { words } from '../words';

/** How packets were spread, or would be, in one column. */
export interface SpreadColumn {
  readonly name: string;
  /** Undefined: not known yet. */
  readonly spread: Spread | undefined;
  readonly predicted: boolean;
}

const summaries = ['busiest', 'imbalance', 'crossNode', 'certain'] as const;

/** Spreads side by side: what sums them up, then the rate of each CPU with its share as a bar. */
export class SpreadTable {
  readonly root = element('div', 'spread');
  readonly #table = element('table');
  #shape = '';

  /** @param name for a screen reader. */
  constructor(name: string) {
    this.#table.setAttribute('aria-label', name);
    this.root.setAttribute('role', 'region');
    this.root.setAttribute('aria-label', name);
    this.root.tabIndex = 0;
    this.root.append(this.#table);
  }

  render(columns: readonly SpreadColumn[]): void {
    const rates = columns.map(
      ({ spread }) => new Map(spread?.cpus.map(({ cpu, rate: skbs }) => [cpu, skbs])),
    );
    const cpus = [...new Set(rates.flatMap((column) => [...column.keys()]))].toSorted((a, b) => a - b);
    const shape = JSON.stringify([columns.map(({ name }) => name), cpus]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#build(columns, cpus);
    }
    const rows = [...this.#table.tBodies].flatMap((body) => [...body.rows]);
    for (const [place, column] of columns.entries()) {
      for (const [row, id] of summaries.entries()) fill(rows[row]?.cells[place + 1], summary(id, column));
      const own = rates[place] ?? new Map<number, number>();
      const most = Math.max(0, ...rates.flatMap((all) => [...all.values()]));
      for (const [row, cpu] of cpus.entries()) {
        const value = own.get(cpu);
        const text = column.spread ? rate(value ?? 0) : words.tuning.unknown;
        fill(rows[summaries.length + row]?.cells[place + 1], text, most > 0 ? (value ?? 0) / most : 0);
      }
    }
  }

  #build(columns: readonly SpreadColumn[], cpus: readonly number[]): void {
    const { tuning } = words;
    const line = (head: HTMLElement) =>
      element(
        'tr',
        '',
        head,
        ...columns.map(({ predicted }) => element('td', predicted ? 'predicted' : 'real')),
      );
    const heads = columns.map(({ name }) => {
      const head = element('th', '', name);
      head.scope = 'col';
      return head;
    });
    const sums = summaries.map((id) => {
      const head = rowHead(tuning.summary[id].name);
      head.title = tuning.summary[id].title;
      return line(head);
    });
    const corner = element('td', 'dim', tuning.rateUnit);
    this.#table.replaceChildren(
      element('thead', '', element('tr', '', corner, ...heads)),
      element('tbody', 'sums', ...sums),
      element('tbody', '', ...cpus.map((cpu) => line(rowHead(words.cpu(cpu))))),
    );
  }
}

function rowHead(text: string): HTMLTableCellElement {
  const head = element('th', '', text);
  head.scope = 'row';
  return head;
}

function fill(cell: HTMLTableCellElement | undefined, text: string, part = 0): void {
  if (!cell) return;
  setText(cell, text);
  const width = part > 0 ? `${Math.round(part * 100)}%` : '';
  if (cell.style.getPropertyValue('--part') !== width) cell.style.setProperty('--part', width);
}

function summary(id: (typeof summaries)[number], { spread, predicted }: SpreadColumn): string {
  const { unknown, busiest } = words.tuning;
  if (!spread) return unknown;
  const certain = spread.skbs - spread.uncertain;
  switch (id) {
    case 'busiest': {
      const [most] = spread.cpus.toSorted((a, b) => b.skbs - a.skbs);
      return most && most.skbs > 0 ? busiest(words.cpu(most.cpu), share(most.skbs, certain)) : unknown;
    }
    case 'imbalance':
      return spread.imbalance ? words.tuning.times(tenths(spread.imbalance.factor)) : unknown;
    case 'crossNode':
      return share(spread.crossNode, certain);
    case 'certain':
      return predicted && spread.skbs > 0 ? share(certain, spread.skbs) : '';
  }
}
