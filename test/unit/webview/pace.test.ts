import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace, Turn } from '../../../webview/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pace of 250 ms, and what it lets through. */
function paced() {
  const pace = new Pace(250);
  const written: string[] = [];
  const take = (text: string, ...shown: string[]) => pace.take(new Turn(0), shown, () => written.push(text));
  return { written, take };
}

it('numbers are written at most once in a pause, and the last ones never stay unwritten', () => {
  const { written, take } = paced();
  expect(take('1', 'host')).toBe(true);
  for (const late of ['2', '3']) {
    vi.advanceTimersByTime(100);
    expect(take(late, 'host')).toBe(false);
  }
  expect(written).toEqual(['1']);
  vi.advanceTimersByTime(270);
  expect(written).toEqual(['1', '3']);
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['1', '3']);
  expect(take('4', 'host')).toBe(true);
});

it('what is something else is written at once, and what waited is not written after it', () => {
  const { written, take } = paced();
  take('rate 1', 'host', 'rate');
  expect(take('rate 2', 'host', 'rate')).toBe(false);
  expect(take('total', 'host', 'total')).toBe(true);
  expect(take('host', 'host')).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(written).toEqual(['rate 1', 'total', 'host']);
});

it.each([
  [100, ['figures 1', 'table 1', 'figures 4', 'table 5']],
  [1000, [1, 2, 3, 4, 5].flatMap((number) => [`figures ${number}`, `table ${number}`])],
])('of pictures every %i ms, each brings what there is time for', (apart, expected) => {
  const written: string[] = [];
  const paces = ['figures', 'table'].map((name) => [name, new Pace(250)] as const);
  for (const number of [1, 2, 3, 4, 5]) {
    const turn = new Turn(number === 1 ? Infinity : apart);
    for (const [name, pace] of paces) pace.take(turn, [], () => written.push(`${name} ${number}`));
    vi.advanceTimersByTime(apart);
  }
  expect(written).toEqual(expected);
});
