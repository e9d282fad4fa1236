import { describe, expect, it } from 'vitest';
import type { RowKey } from '../../../shared/messages/panel';
import { History, POINTS } from '../../../shared/history';

const key = (target: number, ifindex = 2): RowKey => ({
  netns: 1,
  ifindex,
  instance: 7,
  queue: 0,
  cpu: 0,
  target,
  verdict: target < 0 ? 'none' : 'map',
});

/** Applies a sample: rates of rows by their number, over the `seconds` before `end`. */
function feed(
  history: History,
  end: number,
  rates: readonly number[],
  seconds = 1,
  added: RowKey[] = [],
): void {
  history.apply({
    added,
    index: Uint32Array.from(rates.keys()),
    counts: Float64Array.from(rates.flatMap((rate) => [rate, 2 * rate, 100 * rate])).map(
      (rate) => rate * seconds,
    ),
    interval: { end, seconds },
  });
}

/** All series of one kind, by name. */
const series = (history: History, by: 'target' | 'interface' | 'verdict') =>
  Object.fromEntries(history.by(by).map(({ key: { name }, rates }) => [name, [...rates]]));

describe('the history of a trace', () => {
  it('sums up decisions by target CPU, by interface and by verdict', () => {
    const history = new History();
    feed(history, 10, [5, 7, 100], 1, [key(1), key(1, 3), key(-1)]);
    feed(history, 11, [1, 2, 3]);
    expect([...history.at]).toEqual([10, 11]);
    expect(series(history, 'target')).toEqual({ '1': [12, 3], '-1': [100, 3] });
    expect(series(history, 'interface')).toEqual({ '1:2:7': [105, 4], '1:3:7': [7, 2] });
    expect(series(history, 'verdict')).toEqual({ map: [12, 3], none: [100, 3] });
  });

  it('has 0 for a time before a series was first seen, and when nothing moved', () => {
    const history = new History();
    feed(history, 10, [5], 1, [key(1)]);
    feed(history, 11, [5, 6], 1, [key(2)]);
    feed(history, 12, []);
    expect(series(history, 'target')).toEqual({ '1': [5, 5, 0], '2': [0, 6, 0] });
  });

  it('averages samples that come more often than once a second', () => {
    const history = new History();
    for (let tenth = 1; tenth <= 20; tenth++) {
      feed(history, tenth / 10, [tenth <= 10 ? 10 * tenth : 7], 0.1, tenth === 1 ? [key(1)] : []);
    }
    expect([...history.at]).toEqual([1, 2]);
    expect(series(history, 'target')['1']?.map(Math.round)).toEqual([55, 7]);
  });

  it('keeps an hour, the newest, in bounded memory', () => {
    const history = new History();
    for (let second = 1; second <= 12_000; second++) {
      feed(history, second, [second], 1, second === 1 ? [key(1)] : []);
    }
    const { at } = history;
    expect(at.length).toBeGreaterThanOrEqual(POINTS);
    expect(at.length).toBeLessThan(2 * POINTS);
    expect([...at.subarray(-3)]).toEqual([11_998, 11_999, 12_000]);
    expect(series(history, 'target')['1']).toEqual([...at]);
  });

  it('sums up as others what goes beyond some hundred interfaces', () => {
    const history = new History();
    const keys = Array.from({ length: 3000 }, (_, ifindex) => key(1, ifindex));
    feed(
      history,
      1,
      keys.map(() => 1),
      1,
      keys,
    );
    const all = series(history, 'interface');
    expect(Object.keys(all).length).toBeLessThan(600);
    expect(Object.values(all).reduce((sum, [rate]) => sum + (rate ?? 0), 0)).toBe(3000);
  });

  it('goes on from a snapshot as if it had seen everything', () => {
    const whole = new History();
    feed(whole, 10, [5, 1], 1, [key(1), key(-1)]);
    const copy = History.from([key(1), key(-1)], structuredClone(whole.all()));
    for (let second = 11; second < 200; second++) {
      const added = second === 11 ? [key(3)] : [];
      for (const history of [whole, copy]) feed(history, second, [second, 2, 3], 1, added);
    }
    expect(copy.all()).toEqual(whole.all());
  });

  it('begins anew when the clock goes backwards, and takes nothing from a sample without an interval', () => {
    const history = new History();
    feed(history, 100, [1], 1, [key(1)]);
    feed(history, 3, [2]);
    history.apply({
      added: [],
      index: Uint32Array.of(0),
      counts: Float64Array.of(9, 9, 9),
      interval: undefined,
    });
    expect([...history.at]).toEqual([3]);
    expect(series(history, 'target')).toEqual({ '1': [2] });
  });
});
