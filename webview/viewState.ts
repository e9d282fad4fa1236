import type { SeriesKey } from '../src/protocol/panel';
import { windows, type WindowSeconds } from './chart/lines';
import type { Measure } from './store/matrix';
import type { ScaleKind } from './heatmap/scale';
import { columnIds, type ColumnId } from './table/columns';

/** A cell of the heat map by CPU numbers; target -1 is "none". */
export interface Cell {
  readonly cpu: number;
  readonly target: number;
}

/** What a person chose to look at. VS Code keeps it while the panel is away; the data is not part of it. */
export interface ViewState {
  readonly measure: Measure;
  readonly scale: ScaleKind;
  readonly sort: { readonly column: ColumnId; readonly descending: boolean };
  /** The only cell whose rows the table shows. */
  readonly filter: Cell | undefined;
  /** What a panel too low for both shows. */
  readonly pane: 'matrix' | 'time';
  readonly chart: {
    readonly by: SeriesKey['by'];
    readonly seconds: WindowSeconds;
    readonly stacked: boolean;
  };
}

const initial: ViewState = {
  measure: 'rate',
  scale: 'linear',
  sort: { column: 'rate', descending: true },
  filter: undefined,
  pane: 'matrix',
  chart: { by: 'target', seconds: 60, stacked: true },
};

const kinds = ['target', 'interface', 'verdict'] as const;

/** Reads what VS Code kept, perhaps from an older version of the panel: what does not fit is left at its default. */
export function readViewState(kept: unknown): ViewState {
  const { measure, scale, sort, filter, pane, chart } = fields(kept);
  const { by, seconds, stacked } = fields(chart);
  const { column, descending } = fields(sort);
  const { cpu, target } = fields(filter);
  const known = columnIds.find((id) => id === column);
  return {
    measure: measure === 'total' ? 'total' : initial.measure,
    scale: scale === 'log' ? 'log' : initial.scale,
    sort: known ? { column: known, descending: descending === true } : initial.sort,
    filter: typeof cpu === 'number' && typeof target === 'number' ? { cpu, target } : initial.filter,
    pane: pane === 'time' ? 'time' : initial.pane,
    chart: {
      by: kinds.find((kind) => kind === by) ?? initial.chart.by,
      seconds: windows.find((window) => window === seconds) ?? initial.chart.seconds,
      stacked: typeof stacked === 'boolean' ? stacked : initial.chart.stacked,
    },
  };
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
