import { VALUES } from '../../src/protocol/panel';
import { element, setText } from '../element';
import { columnIds, columns, type ColumnId, type Source } from './columns';

/** Height of a row in CSS pixels; main.css says the same. */
export const ROW_HEIGHT = 22;
/** Rows kept above and below what is seen, so that a quick scroll shows no gap. */
const SPARE = 6;

/** The rows that can be seen, between two fillers as high as all the others. */
export class Body {
  readonly root = element('tbody');
  readonly #above = filler();
  readonly #below = filler();
  readonly #rows: HTMLTableRowElement[] = [];

  constructor() {
    this.root.append(this.#above, this.#below);
  }

  /** Shows the part of `order` that a window of `height` CSS pixels, scrolled down by `scroll`, needs. */
  show(
    source: Source,
    order: Uint32Array,
    shown: readonly ColumnId[],
    { scroll, height }: { readonly scroll: number; readonly height: number },
  ): void {
    const first = Math.max(0, Math.min(order.length, Math.floor(scroll / ROW_HEIGHT)) - SPARE);
    const last = Math.min(order.length, Math.ceil((scroll + height) / ROW_HEIGHT) + SPARE);
    this.#resize(Math.max(0, last - first));
    setHeight(this.#above, first);
    setHeight(this.#below, order.length - Math.max(first, last));
    for (const [place, line] of this.#rows.entries()) {
      const row = order[first + place] ?? 0;
      line.setAttribute('aria-rowindex', String(first + place + 2));
      line.classList.toggle('idle', (source.rows.rates[row * VALUES] ?? 0) === 0);
      for (const [column, id] of columnIds.entries()) {
        const cell = line.cells[column];
        if (!cell) continue;
        cell.hidden = !shown.includes(id);
        if (!cell.hidden) setText(cell, columns[id].text(source, row));
      }
    }
  }

  #resize(count: number): void {
    while (this.#rows.length > count) this.#rows.pop()?.remove();
    while (this.#rows.length < count) {
      const line = element('tr');
      for (const id of columnIds) line.append(element('td', columns[id].numeric ? 'number' : ''));
      this.#rows.push(line);
      this.#below.before(line);
    }
  }
}

function filler(): HTMLTableRowElement {
  const cell = element('td');
  cell.colSpan = columnIds.length;
  const row = element('tr', 'filler', cell);
  row.setAttribute('aria-hidden', 'true');
  return row;
}

function setHeight(row: HTMLTableRowElement, rows: number): void {
  row.hidden = rows === 0;
  row.style.height = `${rows * ROW_HEIGHT}px`;
}
