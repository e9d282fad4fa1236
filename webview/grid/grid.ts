import { element } from '../element';
import { Body, ROW_HEIGHT, type Content, type Press } from './body';
import { Header, type Head, type Sort } from './header';

/** A column for rows of type `Row`. */
export interface GridColumn<Row> extends Head {
  /** In CSS pixels: at least so much, and so much more than other columns where there is room. */
  readonly width: number;
  text(row: Row): string;
  /** What rows are sorted by; undefined comes last whatever the direction. */
  order(row: Row): number | string | undefined;
  tone?(row: Row): 'warning' | 'error' | undefined;
  part?(row: Row): number | undefined;
}

export interface GridView<Row, Id extends string> {
  readonly rows: readonly Row[];
  readonly sort: Sort<Id>;
  readonly idle: (row: Row) => boolean;
  readonly marked: (row: Row) => boolean;
}

/** Rows of facts, sorted by any column, of which only those in view are drawn. */
export class Grid<Row, Id extends string> {
  readonly root = element('div', 'scroller');
  readonly #ids: Id[];
  readonly #table = element('table');
  readonly #header: Header<Id>;
  readonly #body: Body<Id>;
  #sort: Sort<Id> | undefined;
  #order: readonly Row[] = [];

  /**
   * @param moved more or other rows came into view.
   * @param press what the buttons of a column do.
   */
  constructor(
    name: string,
    private readonly columns: Readonly<Record<Id, GridColumn<Row>>>,
    choose: (sort: Sort<Id>) => void,
    moved: () => void,
    press?: Press<Id, Row>,
  ) {
    this.#ids = Object.keys(columns) as Id[];
    this.#header = new Header(
      this.#ids,
      (id) => columns[id],
      (column) => {
        const descending = column === this.#sort?.column ? !this.#sort.descending : columns[column].numeric;
        choose({ column, descending });
      },
    );
    const widths = this.#ids.map((id) => {
      const column = element('col');
      column.style.setProperty('--least', `${columns[id].width}px`);
      return column;
    });
    this.#body = new Body(
      this.#ids,
      widths,
      (id) => columns[id].numeric,
      press && {
        column: press.column,
        label: (number) => this.#of(number, (row) => press.label(row)) ?? '',
        act: (number) => this.#of(number, (row) => press.act(row)),
      },
    );
    this.#table.setAttribute('aria-label', name);
    this.#table.append(element('colgroup', '', ...widths), this.#header.root, this.#body.root);
    this.root.tabIndex = 0;
    this.root.setAttribute('role', 'region');
    this.root.setAttribute('aria-label', name);
    this.root.addEventListener('scroll', moved, { passive: true });
    new ResizeObserver(moved).observe(this.root);
    this.root.append(this.#table);
  }

  render({ rows, sort, idle, marked }: GridView<Row, Id>): void {
    this.#sort = sort;
    this.#order = sorted(rows, this.columns[sort.column], sort.descending);
    this.#header.show(sort, this.#ids);
    this.#table.setAttribute('aria-rowcount', String(rows.length + 1));
    const content: Content<Id> = {
      order: Uint32Array.from(this.#order.keys()),
      shown: this.#ids,
      text: (id, number) => this.#of(number, (row) => this.columns[id].text(row)) ?? '',
      idle: (number) => this.#of(number, idle) ?? false,
      marked: (number) => this.#of(number, marked) ?? false,
      tone: (id, number) => this.#of(number, (row) => this.columns[id].tone?.(row)),
      part: (id, number) => this.#of(number, (row) => this.columns[id].part?.(row)),
    };
    const { scrollTop: scroll, clientHeight: height } = this.root;
    this.#body.show(content, { scroll, height });
  }

  /** Reads the row that is drawn at a place. */
  #of<T>(number: number, read: (row: Row) => T): T | undefined {
    const row = this.#order[number];
    return row === undefined ? undefined : read(row);
  }

  /** Scrolls to the first row, as last drawn, that `wanted` names. */
  reveal(wanted: (row: Row) => boolean): void {
    const place = this.#order.findIndex(wanted);
    if (place >= 0) this.root.scrollTop = Math.max(0, (place - 2) * ROW_HEIGHT);
  }
}

const collator = new Intl.Collator(undefined, { numeric: true });

function sorted<Row>(rows: readonly Row[], column: GridColumn<Row>, descending: boolean): readonly Row[] {
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: column.order(row) }))
    .sort((a, b) => {
      if (a.key === undefined || b.key === undefined)
        return Number(a.key === undefined) - Number(b.key === undefined);
      if (typeof a.key === 'number' && typeof b.key === 'number') return sign * (a.key - b.key);
      return sign * collator.compare(String(a.key), String(b.key));
    })
    .map(({ row }) => row);
}
