import { describe, expect, it } from 'vitest';
import { Store } from '../../../webview/store/store';
import { columnIds, columns, type ColumnId } from '../../../webview/table/columns';
import { toTsv } from '../../../webview/table/copy';
import { group } from '../../../webview/table/group';
import { matching } from '../../../webview/table/match';
import { sortRows } from '../../../webview/grid/order';
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

describe('finding, grouping and copying rows', () => {
  const { snapshot } = makeFeed(4, 2);
  const store = new Store();
  store.apply(snapshot);
  const found = (text: string, filter?: Parameters<typeof matching>[1]) =>
    [...matching(store, filter, text)].map((row) =>
      ['interface', 'namespace', 'cpu', 'target', 'verdict'].map((id) =>
        columns[id as ColumnId].text(store, row),
      ),
    );

  it('finds by interface, namespace and verdict in any case, and by the whole number of a CPU', () => {
    expect(found('')).toHaveLength(14);
    expect(found('WEB').map(([name]) => name)).toEqual(['eth0', 'eth0', 'eth0', 'eth0']);
    expect(found('flow')).toEqual([['ens1f0np0', 'host', '0', '1', 'flow']]);
    for (const [, , cpu, target] of found('ens 3')) expect([cpu, target]).toContain('3');
    expect(found('13')).toEqual([]);
  });

  it('wants all words, and takes a row or a column of the heat map', () => {
    expect(found(' eth0  3 ')).toEqual([['eth0', 'web', '3', '1', 'map']]);
    expect(found('', { cpu: 3, target: undefined })).toEqual([['eth0', 'web', '3', '1', 'map']]);
    expect(found('', { cpu: undefined, target: -1 })).toHaveLength(2);
  });

  it.each([
    ['interface', 3],
    ['queue', 3],
    ['target', 5],
  ] as const)('groups by %s without losing anything', (by, count) => {
    const { rows } = group(store, matching(store, undefined, ''), by);
    expect(rows.keys).toHaveLength(count);
    const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
    expect(sum(rows.totals)).toBe(sum(snapshot.totals));
    expect(sum(rows.rates)).toBe(sum(snapshot.rates));
  });

  it('groups only the rows it is given', () => {
    const web = matching(store, undefined, 'web');
    const grouped = group(store, web, 'interface');
    expect(columns.interface.text(grouped, 0)).toBe('eth0');
    expect(grouped.rows.totals[0]).toBe(
      [...web].reduce((all, row) => all + (snapshot.totals[row * 3] ?? 0), 0),
    );
  });

  it('copies exact numbers under names, in the order shown, one line a row whatever a name holds', () => {
    const named = new Store();
    const device = { netns: 4026532281, ifindex: 3, instance: 15, name: 'eth0', queues: [] };
    named.apply({ ...snapshot, devices: [{ ...device, netns_name: 'a\tb\nc' }] });
    const web = matching(named, undefined, 'eth0 0');
    expect(toTsv(named, web.slice(0, 1), ['namespace', 'cpu', 'skbs', 'bytes'])).toBe(
      'Namespace\tCPU\tskbs\tBytes\na b c\t0\t471\t682008\n',
    );
  });
});
