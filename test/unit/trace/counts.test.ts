import { describe, expect, it } from 'vitest';
import { parseFrame, type Frame } from '../../../shared/frames/frames';
import { Counts } from '../../../src/trace/counts';
import { History } from '../../../shared/history';
import { presetCpus } from '../../../shared/masks/presets';
import { cut } from '../../../webview/chart/lines';
import { Store } from '../../../webview/store/store';
import { everything } from '../../../shared/scope';

/** A sample at a second of the host's clock, with one row's total. */
const sample = (second: number, skbs: number): Frame => ({
  type: 'sample',
  seq: 0,
  ns: second * 1e9,
  rows: [[1, 2, 0, 0, 1, 'map', skbs, skbs, skbs, 7]],
});

describe('a run that goes on after another', () => {
  it('counts from a new baseline, keeps what was seen over time, and shows the gap', () => {
    const first = new Counts();
    for (const [second, skbs] of [[10, 0], [11, 5], [12, 10]] as const) first.apply(sample(second, skbs)); // prettier-ignore
    const next = first.next();
    expect(next.snapshot().keys).toEqual([]);
    expect([...next.snapshot().history.at]).toEqual([11, 12]);
    next.apply(sample(40, 0));
    next.apply(sample(41, 7));
    expect([...next.snapshot().totals]).toEqual([7, 7, 7]);
    const { keys, history } = next.snapshot();
    const { lines } = cut(History.from(keys, history), 'target', 60, 1);
    expect(lines.map(({ values }) => values)).toEqual([[5, 5, null, 7]]);
  });
});

/** What a panel holds after a snapshot. */
function shownBy(counts: Counts): Store {
  const store = new Store();
  const state = { kind: 'tracing' } as const;
  store.apply({ type: 'snapshot', host: 'web-1', state, scope: everything, ...counts.snapshot() });
  return store;
}

describe('the CPUs of a host', () => {
  const cpus = [0, 1, 2, 3].map((id) => ({ id, node: 0, online: true, isolated: false }));
  const hello: Frame = {
    ...{ type: 'hello', protocol: 1, loader: '', pid: 1, backend: 'fexit', kernel: '', arch: '' },
    ...{ interval_ms: 1000, cpus },
  };
  /** The preset of housekeeping CPUs, by what is known. */
  const housekeeping = (counts: Counts) =>
    presetCpus('housekeeping', { cpus: counts.cpus, node: 0, irqCpus: undefined });

  it('are kept in masks as the loader tells, first and anew; an older one does not tell', () => {
    const counts = new Counts();
    counts.apply({ ...hello, kept_cpus: '0-1' });
    expect(housekeeping(counts)).toEqual([0, 1]);
    const [facts, settings] = counts.apply({ type: 'configuration', cpus, kept_cpus: '0', netdev_budget: 1 });
    expect(housekeeping(counts)).toEqual([0]);
    expect(facts).toMatchObject({ type: 'facts', facts: { cpus: counts.cpus } });
    expect(settings).toEqual({ type: 'settings', settings: { netdev_budget: 1 } });
    counts.apply(hello);
    expect(housekeeping(counts)).toEqual([0, 1, 2, 3]);
  });

  it('are kept so in what a recording begins with', () => {
    const counts = new Counts();
    counts.apply({ ...hello, kept_cpus: '0-1' });
    const replayed = new Counts();
    for (const frame of counts.opening()) {
      const read = parseFrame(JSON.stringify(frame));
      if (read.kind === 'frame') replayed.apply(read.frame);
    }
    expect(housekeeping(replayed)).toEqual([0, 1]);
  });
});

describe('a panel that was hidden', () => {
  it('shows after more than an hour what it would show if it had been seen all the time', () => {
    const counts = new Counts();
    counts.apply(sample(1, 0));
    const seen = shownBy(counts);
    for (let second = 2; second <= 4000; second++) {
      for (const message of counts.apply(sample(second, second ** 2))) seen.apply(message);
    }
    const back = shownBy(counts);
    expect(back.matrix.total).toEqual(seen.matrix.total);
    expect(back.matrix.rate).toEqual(seen.matrix.rate);
    expect(cut(back.history, 'target', 3600, 1)).toEqual(cut(seen.history, 'target', 3600, 1));
    expect(cut(back.history, 'target', 3600, 1).at).toHaveLength(3601);
  });
});

describe('counters near 2^64', () => {
  it('have rates that are finite and not below 0, and are shown', () => {
    const counts = new Counts();
    counts.apply(sample(1, 2 ** 64 - 2 ** 20));
    counts.apply(sample(2, 2 ** 64 - 2 ** 11));
    const { matrix } = shownBy(counts);
    expect(matrix.rate[matrix.cell(0, 1)]).toBe(2 ** 20 - 2 ** 11 - ((2 ** 20 - 2 ** 11) % 2 ** 11));
    expect(matrix.total[matrix.cell(0, 1)]).toBe(2 ** 64 - 2 ** 11);
  });
});

describe('a clock that goes backwards', () => {
  it('gives no rates, begins the past anew, and loses no count', () => {
    const counts = new Counts();
    for (const [second, skbs] of [[100, 0], [101, 5], [102, 10]] as const) counts.apply(sample(second, skbs)); // prettier-ignore
    const [turned] = counts.apply(sample(7, 30));
    expect(turned).toMatchObject({ type: 'sample', interval: undefined, counts: Uint32Array.of(20, 20, 20) });
    counts.apply(sample(8, 36));
    const store = shownBy(counts);
    expect([...store.history.at]).toEqual([8]);
    expect(store.matrix.rate[store.matrix.cell(0, 1)]).toBe(6);
    expect(store.matrix.total[store.matrix.cell(0, 1)]).toBe(36);
    expect(counts.between(90, 110)).toBeUndefined();
  });
});
