import { VALUES, type IntervalCounts } from '../../shared/messages/panel';
import { Matrix } from './matrix';
import { Rows } from './rows';
import type { Store } from './store';

/** What a view of counts reads: the trace as it is now, or an interval of its past. */
export type Counted = Pick<Store, 'rows' | 'matrix' | 'links' | 'masked'>;

/** What was counted in an interval of the past, as rows and a matrix. */
export interface Zoom extends Counted {
  /** In seconds of the host's CLOCK_MONOTONIC. */
  readonly from: number;
  readonly to: number;
  /** The longest step in which that part of the past is still known, in seconds. */
  readonly resolution: number;
}

/** Puts the counts of an interval beside the rows they belong to: totals are those of the interval, rates its means. */
export function zoomOf(store: Store, counts: IntervalCounts): Zoom {
  const { links, masked } = store;
  const { from, to, resolution, seconds, index, values } = counts;
  const rows = new Rows(links);
  rows.add(store.rows.keys);
  for (const [place, row] of index.entries()) {
    if (row >= rows.count) continue;
    for (let value = 0; value < VALUES; value++) {
      const counted = values[place * VALUES + value] ?? 0;
      rows.totals[row * VALUES + value] = counted;
      rows.rates[row * VALUES + value] = counted / seconds;
    }
  }
  const matrix = new Matrix(store.matrix.axis);
  rows.placeIn(matrix, 0);
  return { from, to, resolution, links, masked, rows, matrix };
}
