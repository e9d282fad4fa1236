import type { Counted } from '../store/zoom';
import type { ViewState } from '../viewState';
import { sortRows } from '../grid/order';
import { columnIds, columns, type ColumnId, type Source } from './columns';
import { group, groupColumns, type Grouping } from './group';
import { matching } from './match';

/** Rows, or groups of them, as a person chose to see them. */
export interface Arranged {
  /** The rows that `order` numbers: all of the trace, or groups. */
  readonly source: Source;
  readonly order: Uint32Array;
}

/** Filters, groups and sorts the rows of a trace. */
export function arrange(
  store: Counted,
  { sort, filter, text, group: by }: Pick<ViewState, 'sort' | 'filter' | 'text' | 'group'>,
): Arranged {
  const found = matching(store, filter, text);
  const source = by === 'none' ? store : group(store, found, by);
  const numbers = by === 'none' ? found : Uint32Array.from(source.rows.keys.keys());
  const column = shownColumns(by).includes(sort.column) ? sort.column : 'rate';
  return { source, order: sortRows(numbers, columns[column].order(source), sort.descending) };
}

/** The columns that mean something for a grouping. */
export function shownColumns(by: Grouping): readonly ColumnId[] {
  return groupColumns[by] ?? columnIds;
}
