import { VALUES, type RowKey } from '../../shared/messages/panel';
import { rate, whole } from '../format';
import type { Store } from '../store/store';
import { words } from '../words';

export const columnIds = [
  'interface',
  'namespace',
  'queue',
  'node',
  'cpu',
  'target',
  'verdict',
  'rate',
  'skbs',
  'segments',
  'bytes',
] as const;
export type ColumnId = (typeof columnIds)[number];

/** Rows as the table reads them: those of the store, or groups of them. */
export interface Lines {
  readonly keys: readonly RowKey[];
  readonly totals: Float64Array;
  readonly rates: Float64Array;
  /** A row's number in the store's `links`. */
  readonly link: ArrayLike<number>;
}

/** What the columns read. */
export type Source = Pick<Store, 'links' | 'matrix'> & { readonly rows: Lines };

/** A column of the table, for a row by its number. */
export interface Column {
  readonly numeric: boolean;
  text(source: Source, row: number): string;
  /** The same for a machine: a number has all its digits and no separators. */
  exact(source: Source, row: number): string;
  /** A number not below 0 by which rows are sorted, made once a sort. */
  order(source: Source): (row: number) => number;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** Places of `texts` in a person's order; equal texts share a place. */
function ranks(texts: readonly string[]): number[] {
  const sorted = [...new Set(texts)].sort((a, b) => collator.compare(a, b));
  const places = new Map(sorted.map((text, place) => [text, place]));
  return texts.map((text) => places.get(text) ?? 0);
}

function named(part: 'name' | 'namespace'): Column {
  const text = ({ rows, links }: Source, row: number) => links.all[rows.link[row] ?? 0]?.[part] ?? '';
  return {
    numeric: false,
    text,
    exact: text,
    order: ({ rows, links }) => {
      const rank = ranks(links.all.map((link) => link[part]));
      return (row) => rank[rows.link[row] ?? 0] ?? 0;
    },
  };
}

/** A number of the row's key; -1 and less sort before all others. */
function keyed(number: (key: RowKey) => number, text: (key: RowKey) => string): Column {
  const of = (store: Source, row: number, read: (key: RowKey) => number) => {
    const key = store.rows.keys[row];
    return key ? read(key) + 1 : 0;
  };
  const textOf = ({ rows }: Source, row: number) => {
    const key = rows.keys[row];
    return key ? text(key) : '';
  };
  return {
    numeric: true,
    text: textOf,
    exact: textOf,
    order: (store) => (row) => of(store, row, number),
  };
}

function counted(part: 'totals' | 'rates', place: number): Column {
  const format = part === 'rates' ? rate : whole;
  return {
    numeric: true,
    text: ({ rows }, row) => format(rows[part][row * VALUES + place] ?? 0),
    exact: ({ rows }, row) => String(rows[part][row * VALUES + place] ?? 0),
    order: ({ rows }) => {
      const values = rows[part];
      return (row) => values[row * VALUES + place] ?? 0;
    },
  };
}

function nodeOf({ matrix: { axis } }: Source, cpu: number): number | undefined {
  return axis.cpus[axis.places.get(cpu) ?? -1]?.node;
}

const verdictOrder = { map: 0, flow: 1, none: 2 };

const nodeText = (source: Source, row: number) =>
  String(nodeOf(source, source.rows.keys[row]?.cpu ?? -1) ?? words.unknownNode);

export const columns: Readonly<Record<ColumnId, Column>> = {
  interface: named('name'),
  namespace: named('namespace'),
  queue: keyed(
    (key) => key.queue,
    (key) => String(key.queue),
  ),
  node: {
    numeric: true,
    text: nodeText,
    exact: nodeText,
    order: (store) => (row) => nodeOf(store, store.rows.keys[row]?.cpu ?? -1) ?? Number.MAX_SAFE_INTEGER,
  },
  cpu: keyed(
    (key) => key.cpu,
    (key) => String(key.cpu),
  ),
  target: keyed(
    (key) => key.target,
    (key) => (key.target < 0 ? words.none : String(key.target)),
  ),
  verdict: {
    ...keyed(
      (key) => verdictOrder[key.verdict],
      (key) => words.verdict[key.verdict],
    ),
    numeric: false,
  },
  rate: counted('rates', 0),
  skbs: counted('totals', 0),
  segments: counted('totals', 1),
  bytes: counted('totals', 2),
};
