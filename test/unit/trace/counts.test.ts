import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../src/protocol/frames';
import { Counts } from '../../../src/trace/counts';
import { History } from '../../../src/trace/history';
import { cut } from '../../../webview/chart/lines';

/** A sample at a second of the host's clock, with one row's total. */
const sample = (second: number, skbs: number): Frame => ({
  type: 'sample',
  seq: 0,
  ns: second * 1e9,
  rows: [[1, 2, 0, 0, 1, 'map', skbs, skbs, skbs, 7]],
});

describe('a run that goes on after another', () => {
  it('counts from a new baseline, keeps what was seen over time, and shows the gap', () => {
    const first = new Counts();
    for (const [second, skbs] of [[10, 0], [11, 5], [12, 10]] as const) first.apply(sample(second, skbs)); // prettier-ignore
    const next = first.next();
    expect(next.snapshot().keys).toEqual([]);
    expect([...next.snapshot().history.at]).toEqual([11, 12]);
    next.apply(sample(40, 0));
    next.apply(sample(41, 7));
    expect([...next.snapshot().totals]).toEqual([7, 7, 7]);
    const { keys, history } = next.snapshot();
    const { lines } = cut(History.from(keys, history), 'target', 60, 1);
    expect(lines.map(({ values }) => values)).toEqual([[5, 5, null, 7]]);
  });
});
