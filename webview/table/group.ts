import { VALUES, deviceKey, type RowKey } from '../../shared/messages/panel';
import type { ColumnId, Lines, Source } from './columns';

export const groupings = ['none', 'interface', 'queue', 'target'] as const;
export type Grouping = (typeof groupings)[number];

const values: readonly ColumnId[] = ['rate', 'skbs', 'segments', 'bytes'];

/** The columns that mean something for each grouping; undefined for all of them. */
export const groupColumns: Readonly<Record<Grouping, readonly ColumnId[] | undefined>> = {
  none: undefined,
  interface: ['interface', 'namespace', ...values],
  queue: ['interface', 'namespace', 'queue', ...values],
  target: ['target', ...values],
};

const identity: Readonly<Record<Exclude<Grouping, 'none'>, (key: RowKey) => string>> = {
  interface: deviceKey,
  queue: (key) => `${deviceKey(key)}:${key.queue}`,
  target: ({ target }) => String(target),
};

/** Sums `members`, row numbers, by what they have in common. A group's key is that of its first row. */
export function group(source: Source, members: Uint32Array, by: Exclude<Grouping, 'none'>): Source {
  const { rows } = source;
  const numbers = new Map<string, number>();
  const keys: RowKey[] = [];
  const link: number[] = [];
  const groups = Int32Array.from(members, (row) => {
    const key = rows.keys[row];
    if (!key) return -1;
    const id = identity[by](key);
    const known = numbers.get(id);
    if (known !== undefined) return known;
    link.push(rows.link[row] ?? 0);
    numbers.set(id, keys.length);
    return keys.push(key) - 1;
  });
  const summed = (from: Float64Array) => {
    const sums = new Float64Array(keys.length * VALUES);
    for (const [place, number] of groups.entries()) {
      const row = members[place] ?? 0;
      for (let value = 0; value < VALUES; value++) {
        const at = number * VALUES + value;
        sums[at] = (sums[at] ?? 0) + (from[row * VALUES + value] ?? 0);
      }
    }
    return sums;
  };
  const lines: Lines = { keys, link, totals: summed(rows.totals), rates: summed(rows.rates) };
  return { rows: lines, links: source.links, matrix: source.matrix };
}
