import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../shared/frames/frames';
import { MAX_ROWS } from '../../../shared/limits';
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
    rows.apply([row(0, 1, 10)], 5 * SECOND);
    expect([...rows.all().rates]).toEqual([0, 0, 0]);
    const second = rows.apply([row(0, 1, 40)], 7 * SECOND);
    expect([...second.counts]).toEqual([30, 60, 3000]);
    expect(second.interval).toEqual({ end: 7, seconds: 2 });
    expect([...rows.all().rates]).toEqual([15, 30, 1500]);
    expect(rows.decisionsPerSecond).toBe(15);
  });

  it('have no rates and no interval at first, at the end, or when the clock stands', () => {
    const rows = new Rows();
    const intervals = [SECOND, SECOND, undefined, 2 * SECOND].map((ns) => rows.apply([], ns).interval);
    expect(intervals).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('are as many as may be: those that come later are left out, and it says so', () => {
    const rows = new Rows(2);
    rows.apply([row(0, 1, 1), row(0, 2, 1)], SECOND);
    expect(rows.full).toBe(false);
    const { added, index, counts } = rows.apply([row(0, 3, 9), row(0, 2, 5), row(0, 4, 9)], 2 * SECOND);
    expect([added.length, [...index], [...counts]]).toEqual([0, [1], [4, 8, 400]]);
    expect([rows.full, rows.length]).toEqual([true, 2]);
  });

  it('take bounded memory, however many a host tells of', () => {
    const rows = new Rows();
    const before = getHeapStatistics().used_heap_size;
    for (let ifindex = 0; ifindex < 5; ifindex++) {
      const told = Array.from({ length: 100_000 }, (_, cpu): Row => [
        1,
        ifindex,
        cpu >> 16,
        cpu & 65535,
        0,
        'map',
        1,
        1,
        1,
        0,
      ]);
      rows.apply(told, ifindex * SECOND);
    }
    expect(rows.length).toBe(MAX_ROWS);
    expect(getHeapStatistics().used_heap_size - before).toBeLessThan(250 * 1024 * 1024);
  });

  it('count a row that appears later from 0', () => {
    const rows = new Rows();
    rows.apply([], SECOND);
    expect(rows.apply([row(0, 1, 7)], 2 * SECOND).counts[0]).toBe(7);
    expect(rows.all().rates[0]).toBe(7);
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
    expect(rows.apply([row(0, 1, 101)], 3 * SECOND).counts[0]).toBe(100);
    expect(rows.all().totals[0]).toBe(101);
  });

  it('stand still at the end, with the final totals', () => {
    const rows = new Rows();
    rows.apply([row(0, 1, 1)], SECOND);
    rows.apply([row(0, 1, 50)], 2 * SECOND);
    rows.apply([row(0, 1, 60)], undefined);
    expect([...rows.all().totals]).toEqual([60, 120, 6000]);
    expect(rows.decisionsPerSecond).toBe(0);
  });

  it('are told in 32 bits where that is enough, else in 64, and add up to the totals', () => {
    const rows = new Rows();
    const sum = [0, 0, 0];
    const steps = [2 ** 64 - 2 ** 21, 2 ** 64 - 2 ** 20, 2 ** 64];
    const kinds = [1, 2, 2 ** 31, 2 ** 40, 2 ** 53 - 1, ...steps].map((skbs, second) => {
      const { counts } = rows.apply([row(0, 1, skbs)], second * SECOND);
      for (const [value, count] of counts.entries()) sum[value] = (sum[value] ?? 0) + count;
      expect(sum).toEqual([...rows.all().totals]);
      return counts.constructor.name;
    });
    const [narrow, wide] = ['Uint32Array', 'Float64Array'];
    expect(kinds).toEqual([narrow, narrow, wide, wide, wide, wide, narrow, narrow]);
  });

  it('hold tens of thousands of rows', () => {
    const rows = new Rows();
    const many = Array.from({ length: 65_536 }, (_, i) => row(i >> 8, i & 255, i));
    rows.apply(many, SECOND);
    expect(rows.length).toBe(65_536);
    expect(rows.all().totals[3 * 65_535]).toBe(65_535);
  });
});
