import { element } from '../element';
import type { ViewState } from '../viewState';
import { words } from '../words';
import { columnIds, columns, type ColumnId } from './columns';

/** The table's head: a button in each column sorts by it, a second press turns the order round. */
export class Header {
  readonly root = element('thead');
  readonly #cells = new Map<ColumnId, HTMLTableCellElement>();

  constructor(choose: (column: ColumnId) => void) {
    const row = this.root.appendChild(element('tr'));
    row.setAttribute('aria-rowindex', '1');
    for (const id of columnIds) {
      const button = element('button', '', words.column[id]);
      button.type = 'button';
      button.addEventListener('click', () => choose(id));
      const cell = element('th', columns[id].numeric ? 'number' : '', button);
      cell.scope = 'col';
      this.#cells.set(id, cell);
      row.append(cell);
    }
  }

  show(sort: ViewState['sort'], shown: readonly ColumnId[]): void {
    for (const [id, cell] of this.#cells) {
      cell.hidden = !shown.includes(id);
      const order = id !== sort.column ? 'none' : sort.descending ? 'descending' : 'ascending';
      if (cell.ariaSort !== order) cell.ariaSort = order;
    }
  }
}
