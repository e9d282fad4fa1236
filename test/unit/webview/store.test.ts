import { describe, expect, it } from 'vitest';
import { VALUES, type RowKey, type ToPanel } from '../../../shared/messages/panel';
import { sumUp } from '../../../webview/store/matrix';
import { Store } from '../../../webview/store/store';
import { hostNetns, makeFeed } from '../../e2e/panel/feed';
import { makeFacts } from '../../e2e/panel/host';

const key = (cpu: number, target: number, ifindex = 2): RowKey => ({
  netns: hostNetns,
  ifindex,
  instance: 7,
  queue: 0,
  cpu,
  target,
  verdict: target < 0 ? 'none' : 'map',
});

/** Values of rows that carry `skbs` each, one segment and 100 bytes to an skb. */
const values = (...skbs: number[]) => Float64Array.from(skbs.flatMap((count) => [count, count, count * 100]));

/** What the rows of a sample counted in some seconds. */
function sample(number: number, added: RowKey[], index: number[], skbs: number[], seconds = 1): ToPanel {
  return {
    ...{ type: 'sample', number, added },
    index: Uint32Array.from(index),
    counts: values(...skbs),
    interval: { end: number + 1, seconds },
  };
}

/** A store that knows 4 CPUs on 2 nodes and saw 10 skbs from CPU 0 to 1, 20 from 0 to 2, 5 kept on 3 and 1 unnamed. */
function busyStore(): Store {
  const store = new Store();
  store.apply({ type: 'facts', facts: makeFacts(4, 2) });
  const keys = [key(0, 1), key(0, 2), key(3, 3), key(1, -1)];
  store.apply(sample(0, keys, [0, 1, 2, 3], [10, 20, 5, 1]));
  return store;
}

const cellOf = (store: Store, cpu: number, target: number, measure: 'rate' | 'total') =>
  store.matrix[measure][store.matrix.cell(cpu, target)];

describe('the store of the panel', () => {
  it('adds up decisions by current and target CPU over interfaces and queues', () => {
    const store = busyStore();
    store.apply(sample(1, [key(0, 1, 7)], [4], [100], 2));
    expect(cellOf(store, 0, 1, 'total')).toBe(110);
    expect(cellOf(store, 0, 1, 'rate')).toBe(50);
    expect(cellOf(store, 1, -1, 'total')).toBe(1);
  });

  it('takes the rate of every row that a sample does not name as 0, and keeps its total', () => {
    const store = busyStore();
    store.apply(sample(1, [], [1], [5]));
    expect([cellOf(store, 0, 2, 'rate'), cellOf(store, 0, 2, 'total')]).toEqual([5, 25]);
    expect([cellOf(store, 0, 1, 'rate'), cellOf(store, 0, 1, 'total')]).toEqual([0, 10]);
    expect(store.rows.rates[0]).toBe(0);
  });

  it('adds nothing to what a lost sample has made wrong, until everything is told anew', () => {
    const store = busyStore();
    store.apply(sample(2, [], [1], [5]));
    store.apply(sample(3, [], [1], [5]));
    expect(store.behind).toBe(true);
    expect(cellOf(store, 0, 2, 'total')).toBe(20);
    const feed = makeFeed(4, 2);
    store.apply(feed.snapshot);
    store.apply(feed.next());
    expect(store.behind).toBe(false);
  });

  it('splits decisions into steered, same CPU and none, and knows which cross nodes', () => {
    const sums = sumUp(busyStore().matrix, 'rate');
    expect(sums).toMatchObject({ all: 36, steered: 30, self: 5, none: 1, crossNode: 20, max: 20, min: 1 });
    expect([...sums.from]).toEqual([30, 1, 0, 5]);
    expect([...sums.to]).toEqual([0, 10, 20, 5, 1]);
  });

  it('has no busiest cell when nothing was counted', () => {
    expect(sumUp(new Store().matrix, 'total')).toMatchObject({ all: 0, busiest: -1, max: 0, min: 0 });
  });

  it('orders CPUs by node, cache and core, siblings side by side, and puts those the host did not list at the end', () => {
    const store = busyStore();
    const facts = makeFacts(64, 2);
    store.apply({ type: 'facts', facts: { ...facts, cpus: facts.cpus.filter((cpu) => cpu.id % 2 === 1) } });
    const { axis } = store.matrix;
    expect(axis.cpus.slice(0, 9).map((cpu) => cpu.id)).toEqual([1, 33, 3, 35, 5, 37, 7, 39, 9]);
    expect(axis.nodes.map(({ node, from, to }) => [node, from, to])).toEqual([
      [0, 0, 16],
      [1, 16, 32],
      [undefined, 32, 34],
    ]);
    expect(axis.cpus.slice(32).map((cpu) => cpu.id)).toEqual([0, 2]);
    expect(cellOf(store, 0, 2, 'total')).toBe(20);
  });

  it('leaves out a CPU that is offline until a decision names it', () => {
    const store = new Store();
    const facts = makeFacts(4, 1);
    store.apply({
      type: 'facts',
      facts: { ...facts, cpus: facts.cpus.map((cpu) => ({ ...cpu, online: cpu.id < 2 })) },
    });
    expect(store.matrix.axis.cpus.map((cpu) => cpu.id)).toEqual([0, 1]);
    store.apply(sample(0, [key(0, 3)], [0], [7]));
    expect(store.matrix.axis.cpus.map((cpu) => cpu.id)).toEqual([0, 1, 3]);
    expect(cellOf(store, 0, 3, 'rate')).toBe(7);
  });

  it('shows the same from a snapshot as from the samples before it', () => {
    const feed = makeFeed(64, 2);
    const store = new Store();
    store.apply(feed.snapshot);
    const last = feed.next();
    store.apply(last);
    const { counts } = last;
    const again = new Store();
    const totals = feed.snapshot.totals.map((total, place) => total + (counts[place] ?? 0));
    again.apply({ ...feed.snapshot, totals, rates: Float64Array.from(counts) });
    expect(store.matrix.total).toEqual(again.matrix.total);
    expect(store.matrix.rate).toEqual(again.matrix.rate);
  });

  it('grows to 65,536 rows that come one sample at a time', () => {
    const store = new Store();
    store.apply({ type: 'facts', facts: makeFacts(256, 4) });
    for (let cpu = 0; cpu < 256; cpu++) {
      const keys = Array.from({ length: 256 }, (_, target) => key(cpu, target));
      const index = keys.map((_, place) => cpu * 256 + place);
      store.apply(sample(cpu, keys, index, Array<number>(256).fill(3), 3));
    }
    expect(store.rows.count).toBe(65536);
    expect(store.rows.totals[65535 * VALUES]).toBe(3);
    expect(sumUp(store.matrix, 'total').all).toBe(65536 * 3);
    expect(sumUp(store.matrix, 'rate').all).toBe(256);
  });

  it('names interfaces when the host tells their names, and again when they change', () => {
    const store = busyStore();
    const names = () => store.links.all.map((link) => `${link.name} in ${link.namespace}`);
    expect(names()).toEqual([`if 2 in ${hostNetns}`]);
    const device = { netns: hostNetns, ifindex: 2, instance: 7, name: 'eth0', queues: [] };
    store.apply({ type: 'devices', devices: [device] });
    expect(names()).toEqual(['eth0 in host']);
    store.apply({ type: 'devices', devices: [{ ...device, netns_name: 'web' }] });
    expect(names()).toEqual(['eth0 in web']);
    store.apply({ type: 'devices', devices: [] });
    expect(names()).toEqual(['eth0 in web']);
    store.apply({ type: 'devices', devices: [{ ...device, instance: 8, name: 'new' }], gone: [device] });
    expect(names()).toEqual(['eth0 (gone) in host']);
  });

  it('forgets the trace before when another one comes to the front', () => {
    const store = busyStore();
    store.apply({
      ...makeFeed(4, 2).snapshot,
      keys: [],
      totals: new Float64Array(0),
      rates: new Float64Array(0),
    });
    expect(store.rows.count).toBe(0);
    expect(sumUp(store.matrix, 'total').all).toBe(0);
  });
});
