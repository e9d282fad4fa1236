import { element } from '../element';

/** How rows are ordered. */
export interface Sort<Id extends string> {
  readonly column: Id;
  readonly descending: boolean;
}

/** What a column's head says. */
export interface Head {
  readonly name: string;
  /** What the values are, where the name leaves that open. */
  readonly title?: string;
  readonly numeric: boolean;
}

/** A table's head: a button in each column sorts by it, a second press turns the order round. */
export class Header<Id extends string> {
  readonly root = element('thead');
  readonly #cells = new Map<Id, HTMLTableCellElement>();

  constructor(ids: readonly Id[], head: (id: Id) => Head, choose: (column: Id) => void) {
    const row = this.root.appendChild(element('tr'));
    row.setAttribute('aria-rowindex', '1');
    for (const id of ids) {
      const { name, title, numeric } = head(id);
      const button = element('button', '', name);
      button.type = 'button';
      button.addEventListener('click', () => choose(id));
      const cell = element('th', numeric ? 'number' : '', button);
      cell.scope = 'col';
      if (title !== undefined) cell.title = title;
      this.#cells.set(id, cell);
      row.append(cell);
    }
  }

  show(sort: Sort<Id>, shown: readonly Id[]): void {
    for (const [id, cell] of this.#cells) {
      cell.hidden = !shown.includes(id);
      const order = id !== sort.column ? 'none' : sort.descending ? 'descending' : 'ascending';
      if (cell.ariaSort !== order) cell.ariaSort = order;
    }
  }
}
