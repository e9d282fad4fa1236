import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/protocol/frames';
import { Rows } from '../../../src/trace/rows';

const row = (cpu: number, target: number, skbs: number): Row => [
  4026531840,
  1,
  0,
  cpu,
  target,
  'map',
  skbs,
  2 * skbs,
  100 * skbs,
  7,
];
const SECOND = 1e9;

describe('rows of a trace', () => {
  it('have the rate of the last interval, by the clock of the host', () => {
    const rows = new Rows();
    expect([...rows.apply([row(0, 1, 10)], 5 * SECOND).rates]).toEqual([0, 0, 0]);
    const second = rows.apply([row(0, 1, 40)], 7 * SECOND);
    expect([...second.rates]).toEqual([15, 30, 1500]);
    expect([...second.totals]).toEqual([40, 80, 4000]);
    expect(second.interval).toEqual({ end: 7, seconds: 2 });
    expect(rows.decisionsPerSecond).toBe(15);
  });

  it('have no rates and no interval at first, at the end, or when the clock stands', () => {
    const rows = new Rows();
    const intervals = [SECOND, SECOND, undefined, 2 * SECOND].map((ns) => rows.apply([], ns).interval);
    expect(intervals).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('count a row that appears later from 0', () => {
    const rows = new Rows();
    rows.apply([], SECOND);
    expect(rows.apply([row(0, 1, 7)], 2 * SECOND).rates[0]).toBe(7);
  });

  it('keep their number; only those that changed are told, and the others stand still', () => {
    const rows = new Rows();
    rows.apply([row(0, 1, 1), row(0, 2, 1)], SECOND);
    const next = rows.apply([row(0, 2, 3), row(3, 1, 9)], 2 * SECOND);
    expect([...next.index]).toEqual([1, 2]);
    expect(next.added.map(({ cpu }) => cpu)).toEqual([3]);
    rows.apply([], 3 * SECOND);
    expect([...rows.all().rates]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(rows.all().totals[3]).toBe(3);
  });

  it('lose nothing when a sample was lost: totals are cumulative', () => {
    const rows = new Rows();
    rows.apply([row(0, 1, 1)], SECOND);
    expect(rows.apply([row(0, 1, 101)], 3 * SECOND).totals[0]).toBe(101);
  });

  it('stand still at the end, with the final totals', () => {
    const rows = new Rows();
    rows.apply([row(0, 1, 1)], SECOND);
    rows.apply([row(0, 1, 50)], 2 * SECOND);
    const end = rows.apply([row(0, 1, 60)], undefined);
    expect([...end.totals]).toEqual([60, 120, 6000]);
    expect(rows.decisionsPerSecond).toBe(0);
  });

  it('hold tens of thousands of rows', () => {
    const rows = new Rows();
    const many = Array.from({ length: 65_536 }, (_, i) => row(i >> 8, i & 255, i));
    rows.apply(many, SECOND);
    expect(rows.length).toBe(65_536);
    expect(rows.all().totals[3 * 65_535]).toBe(65_535);
  });
});
