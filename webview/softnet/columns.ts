import type { SoftnetCounts, SoftnetCpu } from '../../shared/messages/panel';
import { rate, whole } from '../format';
import type { GridColumn } from '../grid/grid';
import type { Store } from '../store/store';
import { words } from '../words';

/** A CPU that is present; without `counts` it is offline, or not told of yet. */
export interface SoftnetRow {
  readonly cpu: number;
  readonly node: number | undefined;
  readonly counts: SoftnetCpu | undefined;
  /** net.core.netdev_max_backlog, where it is known. */
  readonly maxBacklog: number | undefined;
  /** The most packets a second that any CPU processes. */
  readonly busiest: number;
}

export const softnetColumnIds = [
  'cpu',
  'node',
  'processedRate',
  'droppedRate',
  'squeezedRate',
  'ipisRate',
  'flowLimitRate',
  'backlog',
  'processed',
  'dropped',
  'squeezed',
  'ipis',
  'flowLimit',
] as const;
export type SoftnetColumn = (typeof softnetColumnIds)[number];

/** Every CPU of the host, offline ones too. */
export function softnetRows({ facts, softnet, settings }: Store): SoftnetRow[] {
  const counts = new Map(softnet?.cpus.map((one) => [one.cpu, one]));
  const nodes = new Map(facts?.cpus.map(({ id, node }) => [id, node]));
  const busiest = Math.max(0, ...[...counts.values()].map(({ rates }) => rates?.processed ?? 0));
  return [...new Set([...nodes.keys(), ...counts.keys()])].map((cpu) => ({
    cpu,
    node: nodes.get(cpu),
    counts: counts.get(cpu),
    maxBacklog: settings?.netdev_max_backlog,
    busiest,
  }));
}

/** Sums over all CPUs; CPUs without rates have none to add. */
export function sumOf(
  rows: readonly SoftnetRow[],
  part: 'rates' | 'totals',
  name: keyof SoftnetCounts,
): number {
  return rows.reduce((sum, { counts }) => sum + (counts?.[part]?.[name] ?? 0), 0);
}

type Tone = NonNullable<GridColumn<SoftnetRow>['tone']>;
const above0 =
  (tone: 'warning' | 'error', read: (row: SoftnetRow) => number | undefined): Tone =>
  (row) =>
    (read(row) ?? 0) > 0 ? tone : undefined;

function perSecond(
  name: keyof SoftnetCounts,
  more: Partial<GridColumn<SoftnetRow>> = {},
): GridColumn<SoftnetRow> {
  const read = ({ counts }: SoftnetRow) => counts?.rates?.[name];
  return {
    ...words.softnet.column[`${name}Rate`],
    numeric: true,
    width: 88,
    text: (row) => numberOr(read(row), rate),
    order: read,
    ...more,
  };
}

function sinceBoot(name: keyof SoftnetCounts): GridColumn<SoftnetRow> {
  const read = ({ counts }: SoftnetRow) => counts?.totals[name];
  return {
    ...words.softnet.column[name],
    numeric: true,
    width: 92,
    text: (row) => numberOr(read(row), whole),
    order: read,
  };
}

const numberOr = (value: number | undefined, format: (value: number) => string): string =>
  value === undefined ? '–' : format(value);

export const softnetColumns: Readonly<Record<SoftnetColumn, GridColumn<SoftnetRow>>> = {
  cpu: {
    ...words.softnet.column.cpu,
    numeric: true,
    width: 56,
    text: ({ cpu }) => String(cpu),
    order: ({ cpu }) => cpu,
  },
  node: {
    ...words.softnet.column.node,
    numeric: true,
    width: 52,
    text: ({ node }) => (node === undefined ? words.unknownNode : String(node)),
    order: ({ node }) => node,
  },
  processedRate: perSecond('processed', {
    part: ({ counts, busiest }) => (busiest > 0 ? (counts?.rates?.processed ?? 0) / busiest : 0),
    width: 104,
  }),
  droppedRate: perSecond('dropped', { tone: above0('error', ({ counts }) => counts?.rates?.dropped) }),
  squeezedRate: perSecond('squeezed', { tone: above0('warning', ({ counts }) => counts?.rates?.squeezed) }),
  ipisRate: perSecond('ipis'),
  flowLimitRate: perSecond('flowLimit', {
    tone: above0('warning', ({ counts }) => counts?.rates?.flowLimit),
  }),
  backlog: {
    ...words.softnet.column.backlog,
    numeric: true,
    width: 104,
    text: ({ counts, maxBacklog }) => {
      if (!counts) return words.softnet.offline;
      if (counts.backlog === undefined) return words.softnet.unknown;
      const waiting = whole(counts.backlog);
      return maxBacklog === undefined ? waiting : words.softnet.backlogOf(waiting, whole(maxBacklog));
    },
    order: ({ counts }) => counts?.backlog,
    part: ({ counts, maxBacklog }) => (maxBacklog ? (counts?.backlog ?? 0) / maxBacklog : 0),
    tone: ({ counts, maxBacklog }) =>
      maxBacklog && (counts?.backlog ?? 0) > maxBacklog / 2 ? 'warning' : undefined,
  },
  processed: sinceBoot('processed'),
  dropped: sinceBoot('dropped'),
  squeezed: sinceBoot('squeezed'),
  ipis: sinceBoot('ipis'),
  flowLimit: sinceBoot('flowLimit'),
};
