import { describe, expect, it } from 'vitest';
import { VALUES, type RowKey } from '../../../shared/messages/panel';
import { Intervals } from '../../../src/trace/intervals';
import { ProofRecord } from '../../../src/tuning/proof';
import { aWrite, cpus } from './scene';

const row = (target: number, queue = 0): RowKey => ({
  ...{ netns: 7, ifindex: 2, instance: 5, queue, cpu: 0, target, verdict: 'map' },
});

/** A trace of packets that CPU 0 gives to CPUs 0 to 3, and of another queue. */
class Scene {
  readonly keys = [row(0), row(1), row(2), row(3), row(3, 1)];
  readonly cpus = cpus;
  readonly #intervals = new Intervals();
  at = 100;

  /** A second with so many skbs for each of `keys`. */
  second(...skbs: number[]): void {
    this.at++;
    const counts = Uint32Array.from(skbs.flatMap((count) => Array<number>(VALUES).fill(count)));
    const index = Uint32Array.from(skbs.keys());
    this.#intervals.apply({ index, counts, interval: { end: this.at, seconds: 1 } });
  }

  between(from: number, to: number) {
    return this.#intervals.between(from, to);
  }
}

describe('a proof', () => {
  it('puts what was before beside what came after, without the second that has both, and nothing of other queues', () => {
    const scene = new Scene();
    for (let second = 0; second < 20; second++) scene.second(100, 0, 0, 300, 999);
    const record = new ProofRecord(scene, [aWrite], undefined);
    scene.second(100, 0, 0, 300, 999);
    expect(record.sampled()).toBe(false);
    expect(record.proof.after).toBeUndefined();
    record.written();
    scene.second(100, 50, 0, 200, 999);
    expect(record.sampled()).toBe(false);
    for (let second = 0; second < 3; second++) {
      scene.second(200, 200, 0, 0, 999);
      expect(record.sampled()).toBe(true);
    }
    const { at, before, after } = record.proof;
    expect(at).toBe(120);
    expect(before).toMatchObject({ from: 110, to: 120, skbs: 4000, crossNode: 3000 });
    expect(before.cpus.map(({ rate }) => rate)).toEqual([100, 0, 0, 300]);
    expect(before.imbalance).toEqual({ cpu: 3, factor: 3 });
    expect(after).toMatchObject({ from: 122, to: 125, skbs: 1200, crossNode: 0 });
    expect(after?.cpus.map(({ rate }) => rate)).toEqual([200, 200]);
  });

  it('ends after a minute', () => {
    const scene = new Scene();
    scene.second(1, 1, 1, 1, 1);
    const record = new ProofRecord(scene, [aWrite], undefined);
    record.written();
    let seconds = 0;
    do scene.second(10, 10, 0, 0, 0);
    while ((record.sampled() || seconds === 0) && seconds++ < 1000);
    expect(seconds).toBe(61);
    expect(record.proof.after?.skbs).toBe(1200);
  });

  it('ends with the masks', () => {
    const scene = new Scene();
    scene.second(1, 1, 1, 1, 1);
    const record = new ProofRecord(scene, [aWrite], undefined);
    record.written();
    for (let second = 0; second < 3; second++) {
      scene.second(10, 10, 0, 0, 0);
      record.sampled();
    }
    record.end();
    scene.second(10, 10, 0, 0, 0);
    expect(record.sampled()).toBe(false);
    expect(record.proof.after?.skbs).toBe(40);
  });
});
