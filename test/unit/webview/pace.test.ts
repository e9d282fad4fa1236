import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../../webview/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A pace of 250 ms, and what it lets through. */
function paced() {
  const pace = new Pace(250);
  const written: string[] = [];
  return { written, take: (text: string, ...shown: string[]) => pace.take(shown, () => written.push(text)) };
}

it('numbers are written at most once in a pause, and the last ones never stay unwritten', () => {
  const { written, take } = paced();
  expect(take('1', 'host')).toBe(true);
  for (const late of ['2', '3']) {
    vi.advanceTimersByTime(100);
    expect(take(late, 'host')).toBe(false);
  }
  expect(written).toEqual(['1']);
  vi.advanceTimersByTime(50);
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
