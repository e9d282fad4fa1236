import { element, setText } from '../element';
import { whole } from '../format';
import type { Rows } from '../store/rows';
import type { Store } from '../store/store';
import type { Cell, ViewState } from '../viewState';
import { words } from '../words';
import { Body } from './body';
import { columnIds, columns, type ColumnId } from './columns';
import { Header } from './header';
import { sortRows } from './order';

/** What the table asks of the panel. */
export interface TableEvents {
  readonly sort: (sort: ViewState['sort']) => void;
  readonly clearFilter: () => void;
  /** More or other rows came into view. */
  readonly moved: () => void;
}

/** Rows are put in order at most this often, in milliseconds, unless a person asks: no one reads a list that jumps. */
const SORT_PAUSE = 900;

/** Row numbers in order, and what that order was made from. */
interface Sorted {
  readonly order: Uint32Array;
  readonly rows: Rows;
  readonly count: number;
  readonly sort: ViewState['sort'];
  readonly filter: Cell | undefined;
  /** By performance.now(). */
  readonly when: number;
}

/** The exact counters, sorted, of all cells or of one; draws only the rows that are seen. */
export class Table {
  readonly root = element('section', 'rows');
  readonly #count = element('span', 'dim');
  readonly #filter = element('button', 'filter');
  readonly #scroller = element('div', 'scroller');
  readonly #table = element('table');
  readonly #body = new Body();
  readonly #header: Header;
  #sorted: Sorted | undefined;
  #waking = false;

  constructor(readonly events: TableEvents) {
    this.#header = new Header((column) => this.#choose(column));
    this.#filter.type = 'button';
    this.#filter.addEventListener('click', events.clearFilter);
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute('role', 'region');
    this.#scroller.setAttribute('aria-label', words.tableName);
    this.#scroller.addEventListener('scroll', events.moved, { passive: true });
    this.#scroller.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') events.clearFilter();
    });
    new ResizeObserver(events.moved).observe(this.#scroller);
    const widths = element('colgroup', '', ...columnIds.map((id) => element('col', `col-${id}`)));
    this.#table.setAttribute('aria-label', words.tableName);
    this.#table.append(widths, this.#header.root, this.#body.root);
    this.#scroller.append(this.#table);
    const bar = element('div', 'bar', element('h2', '', words.tableTitle), this.#count, this.#filter);
    this.root.append(bar, this.#scroller);
  }

  render(store: Store, view: ViewState): void {
    const { filter } = view;
    this.#header.show(view.sort);
    const { order } = this.#sort(store, view);
    this.#table.setAttribute('aria-rowcount', String(order.length + 1));
    const shown = whole(order.length);
    const all = store.rows.count;
    setText(this.#count, filter ? words.tablePart(shown, whole(all)) : words.tableCount(shown));
    this.#showFilter(filter);
    this.#body.show(store, order, this.#scroller.scrollTop, this.#scroller.clientHeight);
  }

  #sort(store: Store, { sort, filter }: ViewState): Sorted {
    const last = this.#sorted;
    const { rows } = store;
    const now = performance.now();
    const same =
      last?.rows === rows && last.sort === sort && last.filter === filter && last.count === rows.count;
    if (same && now - last.when < SORT_PAUSE) {
      this.#wakeLater();
      return last;
    }
    const order = sortRows(rowsOf(store, filter), columns[sort.column].order(store), sort.descending);
    this.#sorted = { order, rows, count: rows.count, sort, filter, when: now };
    return this.#sorted;
  }

  /** The last update may have come just after a sort: its rows must not stay out of order. */
  #wakeLater(): void {
    if (this.#waking) return;
    this.#waking = true;
    setTimeout(() => {
      this.#waking = false;
      this.events.moved();
    }, SORT_PAUSE);
  }

  #showFilter(filter: Cell | undefined): void {
    this.#filter.hidden = !filter;
    if (!filter) return;
    const target = filter.target < 0 ? words.none : words.cpu(filter.target);
    const cell = words.cell(words.cpu(filter.cpu), target);
    setText(this.#filter, words.only(cell));
    this.#filter.setAttribute('aria-label', words.clearFilter(cell));
  }

  #choose(column: ColumnId): void {
    const sort = this.#sorted?.sort;
    const descending = column === sort?.column ? !sort.descending : columns[column].numeric;
    this.events.sort({ column, descending });
  }
}

function rowsOf({ rows, matrix }: Store, filter: Cell | undefined): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(rows.count).map((_, row) => row);
  if (!filter) return all;
  const cell = matrix.cell(filter.cpu, filter.target);
  return all.filter((row) => cell >= 0 && rows.cell[row] === cell);
}
