import type { SeriesKey } from '../../shared/messages/panel';
import type { History } from '../../shared/history';
import { LINES } from './colors';

/** Seconds of the windows that can be chosen. */
export const windows = [10, 60, 600, 3600] as const;
export type WindowSeconds = (typeof windows)[number];

/** A line of the chart. */
export interface Line {
  /** The series it stands for; undefined for all that have no line of their own. */
  readonly key: SeriesKey | undefined;
  /** Decisions per second; null where nothing was heard. */
  readonly values: (number | null)[];
}

/** What the chart draws: the busiest series of the window, each with its line, and the rest in one. */
export interface Lines {
  /** Seconds before the newest point, ascending to 0. */
  readonly at: number[];
  readonly lines: readonly Line[];
}

/** Points further apart than this many usual intervals have a gap between them: a sample in between was not heard. */
const GAP = 1.75;

/** Cuts the window of `seconds` from the history; `step` is the usual time between points, in seconds. */
export function cut(history: History, by: SeriesKey['by'], seconds: number, step: number): Lines {
  const { at: all } = history;
  const now = all.at(-1) ?? 0;
  const from = all.findIndex((time) => time >= now - seconds);
  const times = all.subarray(Math.max(0, from));
  const series = history.by(by).map(({ key, rates }) => {
    const values = rates.subarray(Math.max(0, from));
    return { key, values, sum: values.reduce((sum, value) => sum + value, 0) };
  });
  series.sort((a, b) => b.sum - a.sum);
  const own = series.filter(({ key, sum }) => sum > 0 && key.name !== 'others').slice(0, LINES);
  // Lines keep their order, and so their colour, as long as the same ones are drawn.
  own.sort((a, b) => compareNames(a.key.name, b.key.name));
  const rest = series.filter((one) => one.sum > 0 && !own.includes(one));

  const lines: Line[] = own.map(({ key }) => ({ key, values: [] }));
  if (rest.length > 0) lines.push({ key: undefined, values: [] });
  const at: number[] = [];
  const widest = GAP * step;
  for (const [point, time] of times.entries()) {
    const before = times[point - 1];
    if (before !== undefined && time - before > widest) {
      at.push((before + time) / 2 - now);
      for (const line of lines) line.values.push(null);
    }
    at.push(time - now);
    for (const [place, line] of lines.entries()) {
      const one = own[place];
      line.values.push(one ? (one.values[point] ?? 0) : sumAt(rest, point));
    }
  }
  return { at, lines };
}

/** Puts each line on top of those before it. */
export function stack(lines: readonly Line[]): Line[] {
  let below: readonly (number | null)[] = [];
  return lines.map(({ key, values }) => {
    const top = values.map((value, point) => (value === null ? null : value + (below[point] ?? 0)));
    below = top;
    return { key, values: top };
  });
}

function sumAt(series: readonly { readonly values: Float32Array }[], point: number): number {
  return series.reduce((sum, { values }) => sum + (values[point] ?? 0), 0);
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** CPUs by number, names as a person sorts them; no CPU (-1) after all CPUs. */
function compareNames(a: string, b: string): number {
  if (a === '-1' || b === '-1') return Number(a === '-1') - Number(b === '-1');
  return collator.compare(a, b);
}
