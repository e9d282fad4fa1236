import { describe, expect, it } from 'vitest';
import type { RowKey } from '../../../shared/messages/panel';
import { History } from '../../../shared/history';
import { cut, stack } from '../../../webview/chart/lines';

/** A history by target CPU: at each time the rates of the targets 0, 1, 2 …; the first target is "none" on request. */
function historyOf(points: Readonly<Record<string, readonly number[]>>, targets: readonly number[]): History {
  const history = new History();
  for (const [at, rates] of Object.entries(points)) {
    const key = { netns: 1, ifindex: 2, instance: 7, queue: 0, cpu: 0, verdict: 'map' } as const;
    const keys: RowKey[] = targets.map((target) => ({ ...key, target }));
    history.apply({
      added: history.at.length === 0 ? keys : [],
      index: Uint32Array.from(rates.keys()),
      counts: Float64Array.from(rates.flatMap((rate) => [rate, rate, rate])),
      interval: { end: Number(at), seconds: 1 },
    });
  }
  return history;
}

const names = ({ lines }: ReturnType<typeof cut>) => lines.map(({ key }) => key?.name ?? 'rest');

describe('the lines of the chart', () => {
  it('are those of the window, in seconds before the newest point', () => {
    const history = historyOf({ 10: [1], 15: [2], 16: [3], 17: [4] }, [0]);
    const { at, lines } = cut(history, 'target', 2, 1);
    expect(at).toEqual([-2, -1, 0]);
    expect(lines.map(({ values }) => values)).toEqual([[2, 3, 4]]);
  });

  it('have a gap where a sample was not heard, and none where it was only late', () => {
    const history = historyOf({ '10.0': [1], '11.5': [2], '20.0': [3] }, [0]);
    const { at, lines } = cut(history, 'target', 60, 1);
    expect(at).toEqual([-10, -8.5, -4.25, 0]);
    expect(lines[0]?.values).toEqual([1, 2, null, 3]);
  });

  it('are the busiest ones in order of their CPU, "none" after them, and one for the rest', () => {
    const targets = [-1, ...Array.from({ length: 20 }, (_, target) => target)];
    const lines = cut(historyOf({ 1: targets.map((target) => target + 100) }, targets), 'target', 60, 1);
    expect(names(lines)).toEqual(['13', '14', '15', '16', '17', '18', '19', 'rest']);
    expect(lines.lines.at(-1)?.values).toEqual([99 + 100 * 13 + 78]);
    expect(names(cut(historyOf({ 1: [5, 6, 7] }, [-1, 10, 9]), 'target', 60, 1))).toEqual(['9', '10', '-1']);
  });

  it('leave out what did not move, and are none without a point', () => {
    expect(names(cut(historyOf({ 1: [0, 4] }, [0, 1]), 'target', 60, 1))).toEqual(['1']);
    expect(cut(new History(), 'target', 60, 1)).toEqual({ at: [], lines: [] });
  });

  it('stand on each other when stacked, gaps stay', () => {
    const line = (...values: (number | null)[]) => ({ key: undefined, values });
    const stacked = stack([line(1, null, 3), line(10, null, 30), line(100, null, 300)]);
    expect(stacked.map(({ values }) => values)).toEqual([
      [1, null, 3],
      [11, null, 33],
      [111, null, 333],
    ]);
  });
});
