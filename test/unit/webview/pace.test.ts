import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from '../../../webview/pace';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('numbers are written at most once in a pause, and the last ones never stay unwritten', () => {
  let wakes = 0;
  const pace = new Pace(250, () => wakes++);
  expect(pace.due(['host'])).toBe(true);
  for (let update = 0; update < 2; update++) {
    vi.advanceTimersByTime(100);
    expect(pace.due(['host'])).toBe(false);
  }
  expect(wakes).toBe(0);
  vi.advanceTimersByTime(250);
  expect(wakes).toBe(1);
  expect(pace.due(['host'])).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(wakes).toBe(1);
});

it('what is something else is written at once', () => {
  const pace = new Pace(250, () => undefined);
  expect(pace.due(['host', 'rate'])).toBe(true);
  expect(pace.due(['host', 'total'])).toBe(true);
  expect(pace.due(['host'])).toBe(true);
});
