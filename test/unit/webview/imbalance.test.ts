import { describe, expect, it } from 'vitest';
import { imbalance } from '../../../webview/store/imbalance';
import { sumUp } from '../../../webview/store/matrix';
import { Store } from '../../../webview/store/store';
import { hostNetns } from '../../e2e/panel/feed';
import { makeFacts } from '../../e2e/panel/host';

/** A host with 4 CPUs, one queue with the mask `rps_cpus`, and one second of decisions: from CPU 0, `[target, skbs]`. */
function storeWith(rps_cpus: string, ...decisions: [target: number, skbs: number][]): Store {
  const store = new Store();
  store.apply({ type: 'facts', facts: makeFacts(4, 1) });
  const device = { netns: hostNetns, ifindex: 2, instance: 7 };
  const queues = [{ rx: 0, rps_cpus, rps_flow_cnt: 0 }];
  store.apply({ type: 'devices', devices: [{ ...device, name: 'eth0', queues }] });
  store.apply({
    type: 'sample',
    number: 0,
    added: decisions.map(([target]) => ({ ...device, queue: 0, cpu: 0, target, verdict: 'map' })),
    index: Uint32Array.from(decisions.keys()),
    counts: Uint32Array.from(decisions.flatMap(([, skbs]) => [skbs, skbs, skbs])),
    interval: { end: 1, seconds: 1 },
  });
  return store;
}

const of = (store: Store) => imbalance(store, sumUp(store.matrix, 'rate'));

describe('the imbalance', () => {
  it('is the busiest target over the mean of all CPUs in a mask, those without decisions too', () => {
    expect(of(storeWith('f', [1, 60], [2, 20]))).toEqual({ cpu: 1, factor: 3 });
  });

  it('leaves out CPUs that cannot be a target, and decisions for no CPU', () => {
    expect(of(storeWith('6', [1, 60], [2, 20], [-1, 1000]))).toEqual({ cpu: 1, factor: 1.5 });
  });

  it('counts a CPU that was a target without a mask, as with RFS', () => {
    expect(of(storeWith('0', [1, 10], [3, 10]))).toEqual({ cpu: 1, factor: 1 });
  });

  it('leaves out CPUs of a mask that are not there', () => {
    expect(of(storeWith('f6', [1, 60], [2, 20]))).toEqual({ cpu: 1, factor: 1.5 });
  });

  it('says nothing of one CPU or of no decision', () => {
    expect(of(storeWith('2', [1, 60]))).toBeUndefined();
    expect(of(storeWith('f'))).toBeUndefined();
  });
});
