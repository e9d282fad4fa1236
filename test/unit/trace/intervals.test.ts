import { describe, expect, it } from 'vitest';
import { Intervals } from '../../../src/trace/intervals';

/** One second in which the rows counted so many skbs, as many segments, and 100 bytes for each. */
function second(end: number, skbs: Readonly<Record<number, number>>, seconds = 1) {
  const rows = Object.entries(skbs);
  return {
    index: Uint32Array.from(rows, ([row]) => Number(row)),
    counts: Float64Array.from(rows.flatMap(([, count]) => [count, count, count * 100])),
    interval: { end, seconds },
  };
}

const skbs = (intervals: Intervals, from: number, to: number) => {
  const counts = intervals.between(from, to);
  return counts && Object.fromEntries([...counts.index].map((row, place) => [row, counts.values[place * 3]]));
};

describe('what an interval counted', () => {
  it('is the exact sum over its samples, row by row', () => {
    const intervals = new Intervals();
    for (let end = 1; end <= 100; end++) intervals.apply(second(end, { 0: 7, [end]: end }, 1));
    expect(skbs(intervals, 10, 12)).toEqual({ 0: 14, 11: 11, 12: 12 });
    expect(intervals.between(10, 12)).toMatchObject({ from: 10, to: 12, seconds: 2, resolution: 1 });
  });

  it('is that of the sample around it when it is shorter than one', () => {
    const intervals = new Intervals();
    for (let end = 1; end <= 3; end++) intervals.apply(second(end, { 4: end }));
    expect(skbs(intervals, 1.1, 1.2)).toEqual({ 4: 2 });
  });

  it('is unknown before the first sample, after an hour, and on another clock', () => {
    const intervals = new Intervals();
    expect(intervals.between(0, 1)).toBeUndefined();
    for (let end = 1; end <= 3700; end++) intervals.apply(second(end, { 0: 1 }));
    expect(intervals.between(20, 40)).toBeUndefined();
    expect(skbs(intervals, 200, 210)).toEqual({ 0: 10 });
    intervals.apply(second(5, { 0: 1 }));
    expect(intervals.between(200, 210)).toBeUndefined();
  });

  it('is kept in few coarser steps where there are too many rows, and loses no count', () => {
    const intervals = new Intervals(2000);
    const busy = Object.fromEntries(Array.from({ length: 100 }, (_, row) => [row, 3]));
    for (let end = 1; end <= 600; end++) intervals.apply(second(end, busy));
    const all = intervals.between(0, 600);
    expect(all?.index).toHaveLength(100);
    expect([...(all?.values ?? [])].filter((_, place) => place % 3 === 0)).toEqual(Array(100).fill(1800));
    expect(intervals.between(598, 600)?.resolution).toBeLessThanOrEqual(2);
    expect(intervals.between(100, 500)?.resolution).toBeGreaterThan(30);
  });
});
