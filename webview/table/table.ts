import { element, setText } from '../element';
import { FindBox } from '../find';
import { iconButton } from '../icon';
import { whole } from '../format';
import { Pace, type Turn } from '../pace';
import { same } from '../same';
import { Select } from '../select';
import { Size } from '../size';
import type { Counted } from '../store/zoom';
import type { Filter, ViewState } from '../viewState';
import { words } from '../words';
import { Body } from '../grid/body';
import { Header } from '../grid/header';
import { VALUES } from '../../shared/messages/panel';
import { columnIds, columns, type ColumnId } from './columns';
import { toTsv } from './copy';
import { arrange, shownColumns, type Arranged } from './arrange';
import type { Grouping } from './group';

/** What the table asks of the panel. */
export interface TableEvents {
  readonly sort: (sort: ViewState['sort']) => void;
  readonly clearFilter: () => void;
  readonly find: (text: string) => void;
  readonly group: (group: Grouping) => void;
  /** Something for a screen reader to say. */
  readonly say: (text: string) => void;
  /** More or other rows came into view. */
  readonly moved: () => void;
}

/**
 * Rows are put in order and written at most this often, in milliseconds, unless a person asks: no one reads a list that jumps,
 * and what the browser makes to lay one out it has to collect again.
 */
const PAUSE = 900;

/** Row numbers in order, and how they were put into it. */
interface Sorted extends Arranged {
  readonly sort: ViewState['sort'];
  readonly group: Grouping;
}

/** The exact counters, sorted, of all cells or of one; draws only the rows that are seen. */
export class Table {
  readonly root = element('section', 'rows');
  readonly #count = element('span', 'dim');
  readonly #filter = element('button', 'filter');
  readonly #find: FindBox;
  readonly #group: Select<Grouping>;
  readonly #columns = new Map(columnIds.map((id) => [id, element('col', `col-${id}`)] as const));
  readonly #scroller = element('div', 'scroller');
  readonly #table = element('table');
  readonly #body = new Body(columnIds, [...this.#columns.values()], (id) => columns[id].numeric);
  readonly #header: Header<ColumnId>;
  readonly #size: Size;
  #scroll = 0;
  #sorted: Sorted | undefined;
  readonly #writing = new Pace(PAUSE);
  readonly #sorting = new Pace(PAUSE);
  /** Writes the lower half of the rows, which comes with the picture after that of the upper one where pictures come often. */
  readonly #second = new Pace(0);
  #lower: (() => void) | undefined;
  #written: readonly unknown[] = [];

  constructor(readonly events: TableEvents) {
    this.#header = new Header(
      columnIds,
      (id) => ({ name: words.column[id], numeric: columns[id].numeric }),
      (column) => this.#choose(column),
    );
    this.#filter.type = 'button';
    this.#filter.addEventListener('click', events.clearFilter);
    this.#find = new FindBox(words.find.name, events.find, words.find.title);
    this.#group = new Select(words.group.name, words.group.options, events.group);
    const copy = iconButton('copy', words.copy.name, () => void this.#copy());
    this.#scroller.tabIndex = 0;
    this.#scroller.setAttribute('role', 'region');
    this.#scroller.setAttribute('aria-label', words.tableName);
    const scrolled = () => {
      this.#scroll = this.#scroller.scrollTop;
      events.moved();
    };
    this.#scroller.addEventListener('scroll', scrolled, { passive: true });
    this.#scroller.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') events.clearFilter();
      const selected = getSelection()?.isCollapsed === false;
      if (event.key === 'c' && (event.ctrlKey || event.metaKey) && !selected) void this.#copy();
    });
    this.#size = new Size(this.#scroller, events.moved);
    const widths = element('colgroup', '', ...this.#columns.values());
    this.#table.setAttribute('aria-label', words.tableName);
    this.#table.append(widths, this.#header.root, this.#body.root);
    this.#scroller.append(this.#table);
    const controls = element('div', 'controls', this.#find.root, this.#group.root, copy);
    const title = element('h2', '', words.tableTitle);
    const bar = element('div', 'bar', title, this.#count, this.#filter, controls);
    this.root.append(bar, this.#scroller);
  }

  render(store: Counted, view: ViewState, turn: Turn): void {
    const { filter, text, sort, group } = view;
    const { height } = this.#size.now;
    const shown = [store.rows, store.links.version, sort, filter, text, group, this.#scroll, height];
    if (this.#lower) this.#writeLower(turn);
    const write = () => this.#writing.take(turn, shown, () => this.#write(store, view, shown, turn));
    const put = () => {
      this.#sorted = { ...arrange(store, view), sort, group };
      write();
    };
    if (!this.#sorting.take(turn, [store.rows, store.rows.count, sort, filter, text, group], put)) write();
  }

  #write(store: Counted, view: ViewState, written: readonly unknown[], turn: Turn): void {
    const { filter, text, sort, group } = view;
    const shown = shownColumns(group);
    const asked = !same(written, this.#written);
    this.#written = written;
    this.#header.show(sort, shown);
    this.#group.show(group);
    this.#find.show(text);
    for (const [id, column] of this.#columns) column.hidden = !shown.includes(id);
    this.#table.classList.toggle('grouped', group !== 'none');
    this.#showFilter(filter);
    this.#lower = undefined;
    this.#fill(store, view, asked ? undefined : 'upper');
    if (asked) return;
    this.#lower = () => {
      this.#lower = undefined;
      this.#fill(store, view, 'lower');
    };
    this.#writeLower(turn);
  }

  #writeLower(turn: Turn): void {
    this.#second.take(turn, [], () => this.#lower?.());
  }

  /** Writes the rows that are seen, or half of them, in the order that was found last. */
  #fill(store: Counted, { filter, text: find, group }: ViewState, half: 'upper' | 'lower' | undefined): void {
    const { source, order } = this.#sorted ?? {};
    if (!source || !order) return;
    const shown = shownColumns(group);
    this.#table.setAttribute('aria-rowcount', String(order.length + 1));
    const count = whole(order.length);
    const all = whole(store.rows.count);
    const part = group === 'none' && (filter !== undefined || find.trim() !== '');
    setText(this.#count, part ? words.tablePart(count, all) : words.tableCount(count));
    const idle = (row: number) => (source.rows.rates[row * VALUES] ?? 0) === 0;
    const text = (id: ColumnId, row: number) => columns[id].text(source, row);
    const seen = { scroll: this.#scroll, height: this.#size.now.height };
    this.#body.show({ order, shown, text, idle }, seen, half);
  }

  /** Puts the rows as they are shown, all of them and not only those in view, on the clipboard. */
  async #copy(): Promise<void> {
    const sorted = this.#sorted;
    if (!sorted) return;
    const text = toTsv(sorted.source, sorted.order, shownColumns(sorted.group));
    const said = await navigator.clipboard.writeText(text).then(
      () => words.copy.done(whole(sorted.order.length)),
      (error: unknown) => words.copy.failed(String(error)),
    );
    this.events.say(said);
  }

  #showFilter(filter: Filter | undefined): void {
    this.#filter.hidden = !filter;
    if (!filter) return;
    const cell = filterName(filter);
    setText(this.#filter, words.only(cell));
    this.#filter.setAttribute('aria-label', words.clearFilter(cell));
  }

  #choose(column: ColumnId): void {
    const sort = this.#sorted?.sort;
    const descending = column === sort?.column ? !sort.descending : columns[column].numeric;
    this.events.sort({ column, descending });
  }
}

function filterName({ cpu, target }: Filter): string {
  const from = cpu === undefined ? words.anyCpu : words.cpu(cpu);
  if (target === undefined) return words.cell(from, words.anyCpu);
  return words.cell(from, target < 0 ? words.none : words.cpu(target));
}
