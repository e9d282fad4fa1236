import { describe, expect, it } from 'vitest';
import { Store } from '../../../webview/store/store';
import { columnIds, columns, type ColumnId } from '../../../webview/table/columns';
import { sortRows } from '../../../webview/table/order';
import { makeFeed } from '../../e2e/panel/feed';

const numbers = (count: number) => new Uint32Array(count).map((_, row) => row);

describe('sorting rows', () => {
  const keys = [3, 0, 2 ** 53 - 1, 0.5, 2 ** 53 - 2, 0, 1e300, 70000];

  it('orders numbers exactly, whatever their size', () => {
    const sorted = sortRows(numbers(keys.length), (row) => keys[row] ?? 0, false);
    expect([...sorted].map((row) => keys[row])).toEqual([...keys].sort((a, b) => a - b));
  });

  it('turns round, and leaves equal rows in their order both ways', () => {
    expect([...sortRows(numbers(keys.length), (row) => keys[row] ?? 0, true)]).toEqual([
      6, 2, 4, 7, 0, 3, 1, 5,
    ]);
    expect([...sortRows(numbers(keys.length), (row) => keys[row] ?? 0, false)].slice(0, 2)).toEqual([1, 5]);
  });

  it('sorts a part of the rows, and none', () => {
    expect([...sortRows(Uint32Array.of(7, 2, 3), (row) => keys[row] ?? 0, false)]).toEqual([3, 7, 2]);
    expect([...sortRows(new Uint32Array(0), () => 0, true)]).toEqual([]);
  });
});

describe('the columns of the table', () => {
  const feed = makeFeed(64, 2);
  const store = new Store();
  store.apply(feed.snapshot);
  const shown = (id: ColumnId, descending: boolean) => {
    const rows = sortRows(numbers(store.rows.count), columns[id].order(store), descending);
    return [...rows].map((row) => columns[id].text(store, row));
  };

  it('say what a row is', () => {
    const row = store.rows.keys.findIndex((key) => key.netns !== 4026531840);
    const [skbs, segments, bytes] = store.rows.totals.subarray(row * 3);
    const grouped = (value: number) => value.toLocaleString('en');
    expect(columnIds.slice(0, 6).map((id) => columns[id].text(store, row))).toEqual([
      'eth0',
      'web',
      '0',
      '0',
      '0',
      '0',
    ]);
    expect(columns.skbs.text(store, row)).toBe(grouped(skbs ?? 0));
    expect(columns.segments.text(store, row)).toBe(grouped(segments ?? 0));
    expect(columns.bytes.text(store, row)).toBe(grouped(bytes ?? 0));
  });

  it('sort names as a person does and "none" below all CPUs', () => {
    expect(shown('interface', false)[0]).toBe('ens1f0np0');
    expect(shown('interface', true)[0]).toBe('eth0');
    expect(shown('target', false)[0]).toBe('none');
    expect(shown('target', true)[0]).toBe('63');
    expect(shown('namespace', true)[0]).toBe('web');
  });

  it.each(['rate', 'skbs', 'segments', 'bytes', 'queue', 'cpu', 'node'] as const)(
    'sort %s by number',
    (id) => {
      const values = shown(id, true).map((text) => Number(text.replaceAll(',', '')));
      expect(values).toEqual([...values].sort((a, b) => b - a));
    },
  );
});
