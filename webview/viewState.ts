import type { SeriesKey } from '../shared/messages/panel';
import { windows, type WindowSeconds } from './chart/lines';
import { queueColumnIds, type QueueColumn } from './configuration/columns';
import type { Sort } from './grid/header';
import { softnetColumnIds, type SoftnetColumn } from './softnet/columns';
import type { Measure } from './store/matrix';
import type { ScaleKind } from './heatmap/scale';
import { groupings, type Grouping } from './table/group';
import { columnIds, type ColumnId } from './table/columns';
import { emptyDraft, readDraft, type Draft } from './tuning/draft';
import { viewIds, type ViewId } from './view';

/** A cell of the heat map by CPU numbers, or its row or column where only one is given; target -1 is "none". */
export interface Filter {
  readonly cpu: number | undefined;
  readonly target: number | undefined;
}

/** An interval of the past on one host. */
export interface ZoomWish {
  readonly host: string;
  readonly from: number;
  readonly to: number;
}

/** What a person chose to look at. VS Code keeps it while the panel is away; the data is not part of it. */
export interface ViewState {
  readonly tab: ViewId;
  readonly measure: Measure;
  readonly scale: ScaleKind;
  readonly sort: Sort<ColumnId>;
  /** The only cell, row or column of the heat map whose rows the table shows. */
  readonly filter: Filter | undefined;
  /** The interval of the past that is looked at, in seconds of the CLOCK_MONOTONIC of `host`. */
  readonly zoom: ZoomWish | undefined;
  /** Words that every row of the table must have. */
  readonly text: string;
  readonly group: Grouping;
  readonly softnet: Sort<SoftnetColumn>;
  readonly queues: Sort<QueueColumn>;
  /** Words that every queue of the configuration must have. */
  readonly queueText: string;
  /** What a panel too low for both shows. */
  readonly pane: 'matrix' | 'time';
  readonly chart: {
    readonly by: SeriesKey['by'];
    readonly seconds: WindowSeconds;
    readonly stacked: boolean;
  };
  /** What the mask editor holds. */
  readonly tuning: Draft;
}

const initial: ViewState = {
  tab: 'traffic',
  measure: 'rate',
  scale: 'linear',
  sort: { column: 'rate', descending: true },
  filter: undefined,
  zoom: undefined,
  text: '',
  group: 'none',
  softnet: { column: 'cpu', descending: false },
  queues: { column: 'interface', descending: false },
  queueText: '',
  pane: 'matrix',
  chart: { by: 'target', seconds: 60, stacked: true },
  tuning: emptyDraft,
};

const kinds = ['target', 'interface', 'queue', 'verdict'] as const;

/** Reads what VS Code kept, perhaps from an older version of the panel: what does not fit is left at its default. */
export function readViewState(kept: unknown): ViewState {
  const {
    tab,
    measure,
    scale,
    sort,
    filter,
    zoom,
    text,
    group,
    softnet,
    queues,
    queueText,
    pane,
    chart,
    tuning,
  } = fields(kept);
  const { by, seconds, stacked } = fields(chart);
  const { cpu, target } = fields(filter);
  return {
    tab: viewIds.find((id) => id === tab) ?? initial.tab,
    measure: measure === 'total' ? 'total' : initial.measure,
    scale: scale === 'log' ? 'log' : initial.scale,
    sort: readSort(columnIds, sort) ?? initial.sort,
    filter: readFilter(cpu, target),
    zoom: readZoom(zoom),
    text: typeof text === 'string' ? text : initial.text,
    group: groupings.find((one) => one === group) ?? initial.group,
    softnet: readSort(softnetColumnIds, softnet) ?? initial.softnet,
    queues: readSort(queueColumnIds, queues) ?? initial.queues,
    queueText: typeof queueText === 'string' ? queueText : initial.queueText,
    pane: pane === 'time' ? 'time' : initial.pane,
    chart: {
      by: kinds.find((kind) => kind === by) ?? initial.chart.by,
      seconds: windows.find((window) => window === seconds) ?? initial.chart.seconds,
      stacked: typeof stacked === 'boolean' ? stacked : initial.chart.stacked,
    },
    tuning: readDraft(tuning),
  };
}

function readSort<Id extends string>(ids: readonly Id[], value: unknown): Sort<Id> | undefined {
  const { column, descending } = fields(value);
  const known = ids.find((id) => id === column);
  return known && { column: known, descending: descending === true };
}

function readZoom(value: unknown): ZoomWish | undefined {
  const { host, from, to } = fields(value);
  return typeof host === 'string' && typeof from === 'number' && typeof to === 'number'
    ? { host, from, to }
    : undefined;
}

function readFilter(cpu: unknown, target: unknown): Filter | undefined {
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  const filter = { cpu: number(cpu), target: number(target) };
  return filter.cpu === undefined && filter.target === undefined ? undefined : filter;
}

function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
