import { describe, expect, it } from 'vitest';
import type { HistoryEntry } from '../../../shared/messages/tuning';
import { MaskHistory, plannedWrite } from '../../../src/tuning/maskHistory';
import { aWrite, device } from './scene';

function memory(value?: unknown) {
  const held = { value };
  return {
    held,
    history: new MaskHistory({
      get: () => held.value,
      update: (_key, next) => {
        // As VS Code keeps it.
        held.value = JSON.parse(JSON.stringify(next));
        return Promise.resolve();
      },
    }),
  };
}
const entry = (id: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ id, time: 1000, until: 61_000, outcome: 'open', reverts: undefined },
  writes: [plannedWrite(aWrite)],
  ...more,
});

describe('the history of masks', () => {
  it('has what was applied to a host, the newest first, and with what the kernel kept', async () => {
    const { history } = memory();
    await history.begin('a', entry('1'));
    await history.begin('b', entry('2'));
    await history.begin('a', entry('3'));
    await history.note('a', '3', 'open', [{ ...aWrite, state: 'written', now: '1' }]);
    await history.note('a', '3', 'confirmed', []);
    expect(history.of('a').map(({ id, outcome, writes }) => [id, outcome, writes[0]?.after])).toEqual([
      ['3', 'confirmed', '1'],
      ['1', 'open', '3'],
    ]);
    expect(history.of('c')).toEqual([]);
  });

  it('is bounded, and survives what an older version may have stored', async () => {
    const { history, held } = memory([{ host: 'a', entries: 'none' }]);
    for (let number = 0; number < 60; number++) await history.begin('a', entry(String(number)));
    expect(history.of('a')).toHaveLength(50);
    expect(history.of('a')[0]?.id).toBe('59');
    for (let number = 0; number < 40; number++) await history.begin(`host${number}`, entry('1'));
    expect(held.value).toHaveLength(32);
    expect(history.of('a')).toEqual([]);
  });

  it('keeps as many writes as can be stored for every window, the newest', async () => {
    const { history, held } = memory();
    const large = (time: number) =>
      entry(String(time), { time, writes: Array.from({ length: 4096 }, () => plannedWrite(aWrite)) });
    for (let time = 0; time < 10; time++) await history.begin(time % 2 === 0 ? 'a' : 'b', large(time));
    await history.begin('c', large(-1));
    const kept = ['a', 'b', 'c'].map((host) => history.of(host).map(({ id }) => Number(id)));
    expect(kept).toEqual([[8, 6, 4, 2], [9, 7, 5, 3], [-1]]);
    expect(JSON.stringify(held.value).length).toBeLessThan(10_000_000);
  });

  it.each([
    ['confirmed', '3'],
    ['reverted', 'f'],
    ['unknown', '1'],
  ])('judges what a window that died has left as %s by the masks', async (outcome, mask) => {
    const { history } = memory();
    await history.begin('a', entry('1'));
    expect(history.due('a', '1')).toBe(Infinity);
    const due = history.due('a', undefined);
    expect(due).toBeGreaterThan(61_000);
    await history.settle('a', [device('eth0', [mask])], due - 1, undefined);
    expect(history.of('a')[0]?.outcome).toBe('open');
    await history.settle('a', [device('eth0', [mask])], due, undefined);
    expect(history.of('a')[0]?.outcome).toBe(outcome);
  });
});
