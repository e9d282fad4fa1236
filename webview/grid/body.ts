import { element, setText } from '../element';

/** Height of a row in CSS pixels; styles/grid.css says the same. */
export const ROW_HEIGHT = 22;
/** Rows kept above and below what is seen, so that a quick scroll shows no gap. */
const SPARE = 3;

/** A column grows for texts up to so many characters: the longest number has 26. Longer ones are told under the mouse. */
const LONGEST = 26;

/** What stands in the rows, by their numbers. */
export interface Content<Id extends string> {
  /** Row numbers from top to bottom. */
  readonly order: Uint32Array;
  readonly shown: readonly Id[];
  text(id: Id, row: number): string;
  /** A row of little interest, drawn faintly. */
  idle(row: number): boolean;
  /** A row that something else on the screen points at. */
  marked?(row: number): boolean;
  /** A value that asks for attention. */
  tone?(id: Id, row: number): 'warning' | 'error' | undefined;
  /** The value's share of what it may be, 0 to 1, drawn as a bar behind it. */
  part?(id: Id, row: number): number | undefined;
}

/** A column whose values are buttons. */
export interface Press<Id extends string, Row> {
  readonly column: Id;
  /** What the button of a row is called. */
  label(row: Row): string;
  act(row: Row): void;
}

/** The rows that can be seen, between two fillers as high as all the others. */
export class Body<Id extends string> {
  readonly root = element('tbody');
  readonly #above: HTMLTableRowElement;
  readonly #below: HTMLTableRowElement;
  readonly #rows: HTMLTableRowElement[] = [];
  /** Characters of the longest text that was in a column. */
  readonly #longest: number[];

  /** @param columns the `col` elements, one for each of `ids`. */
  constructor(
    private readonly ids: readonly Id[],
    private readonly columns: readonly HTMLElement[],
    private readonly numeric: (id: Id) => boolean,
    private readonly press?: Press<Id, number>,
  ) {
    this.#above = filler(ids.length);
    this.#below = filler(ids.length);
    this.root.append(this.#above, this.#below);
    this.#longest = ids.map(() => 0);
  }

  /**
   * Shows the part that a window of `height` CSS pixels, scrolled down by `scroll`, needs.
   * @param half the only rows to be written, by their place in that part; the others stay as they are.
   */
  show(
    content: Content<Id>,
    { scroll, height }: { readonly scroll: number; readonly height: number },
    half?: 'upper' | 'lower',
  ): void {
    const { order, shown } = content;
    const first = Math.max(0, Math.min(order.length, Math.floor(scroll / ROW_HEIGHT)) - SPARE);
    const last = Math.min(order.length, Math.ceil((scroll + height) / ROW_HEIGHT) + SPARE);
    this.#resize(Math.max(0, last - first));
    setHeight(this.#above, first);
    setHeight(this.#below, order.length - Math.max(first, last));
    const middle = Math.ceil(this.#rows.length / 2);
    const end = half === 'upper' ? middle : this.#rows.length;
    for (let place = half === 'lower' ? middle : 0; place < end; place++) {
      const line = this.#rows[place];
      if (!line) continue;
      const row = order[first + place] ?? 0;
      const number = String(first + place + 2);
      if (line.ariaRowIndex !== number) line.ariaRowIndex = number;
      line.classList.toggle('idle', content.idle(row));
      line.classList.toggle('marked', content.marked?.(row) ?? false);
      for (const [column, id] of this.ids.entries()) {
        const cell = line.cells[column];
        if (!cell) continue;
        cell.hidden = !shown.includes(id);
        if (cell.hidden) continue;
        const text = content.text(id, row);
        if (id === this.press?.column) this.#label(cell, text, row);
        else fill(cell, content, id, row, text);
        this.#widen(column, text);
      }
    }
  }

  /** Gives a column room for a text; it keeps it, so that columns do not move to and fro. */
  #widen(column: number, text: string): void {
    const longest = Math.min(text.length, LONGEST);
    if (longest <= (this.#longest[column] ?? 0)) return;
    this.#longest[column] = longest;
    // A comma takes about half the room of a digit.
    const commas = text.split(',').length - 1;
    this.columns[column]?.style.setProperty('--characters', String(longest - commas / 2));
  }

  #resize(count: number): void {
    while (this.#rows.length > count) this.#rows.pop()?.remove();
    while (this.#rows.length < count) {
      const line = element('tr');
      for (const id of this.ids) {
        // A box of a known size: what changes in it has no part in laying out the table.
        const content = id === this.press?.column ? this.#button() : element('div', 'cell');
        line.append(element('td', this.numeric(id) ? 'number' : 'text', content));
      }
      this.#rows.push(line);
      this.#below.before(line);
    }
  }

  #button(): HTMLButtonElement {
    const button = element('button', 'link');
    button.type = 'button';
    // Lines are used again for other rows: which one this is stands on the button.
    button.addEventListener('click', () => this.press?.act(Number(button.dataset['row'])));
    return button;
  }

  #label(cell: HTMLTableCellElement, text: string, row: number): void {
    const button = cell.firstElementChild;
    if (!(button instanceof HTMLButtonElement)) return;
    setText(button, text);
    button.dataset['row'] = String(row);
    button.ariaLabel = this.press?.label(row) ?? text;
  }
}

function fill<Id extends string>(
  cell: HTMLTableCellElement,
  content: Content<Id>,
  id: Id,
  row: number,
  text: string,
): void {
  if (cell.firstElementChild) setText(cell.firstElementChild, text);
  const title = text.length > LONGEST ? text : '';
  if (cell.title !== title) cell.title = title;
  if (!content.tone && !content.part) return;
  const tone = content.tone?.(id, row) ?? '';
  if (cell.dataset['tone'] !== tone) cell.dataset['tone'] = tone;
  const part = content.part?.(id, row) ?? 0;
  const width = part > 0 ? `${Math.round(Math.min(1, part) * 100)}%` : '';
  if (cell.style.getPropertyValue('--part') !== width) cell.style.setProperty('--part', width);
}

function filler(columns: number): HTMLTableRowElement {
  const cell = element('td');
  cell.colSpan = columns;
  const row = element('tr', 'filler', cell);
  row.setAttribute('aria-hidden', 'true');
  return row;
}

function setHeight(row: HTMLTableRowElement, rows: number): void {
  row.hidden = rows === 0;
  row.style.height = `${rows * ROW_HEIGHT}px`;
}
