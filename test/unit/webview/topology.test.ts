import { describe, expect, it } from 'vitest';
import { topologyOf } from '../../../webview/tuning/topology';
import { makeFacts } from '../../e2e/panel/host';
import { twoNodes } from '../shared/masks/machine';

/** Boxes in boxes, as CPU numbers. */
const numbers = (cpus: Parameters<typeof topologyOf>[0]) =>
  topologyOf(cpus).map(({ caches }) =>
    caches.map(({ cores }) => cores.map((core) => core.map(({ id }) => id))),
  );

describe('the picture of CPUs', () => {
  it('puts SMT siblings into cores, those into caches, and those into nodes', () => {
    expect(numbers(twoNodes())).toEqual([
      [
        [
          [0, 8],
          [1, 9],
          [2, 10],
          [3, 11],
        ],
      ],
      [
        [
          [4, 12],
          [5, 13],
          [6, 14],
          [7, 15],
        ],
      ],
    ]);
  });

  it('puts CPUs of which nothing is known, such as offline ones, each into a core, behind the others', () => {
    const cpus = twoNodes().map((cpu) => (cpu.id === 1 ? { id: 1, node: 0, online: false } : cpu));
    expect(numbers(cpus)[0]).toEqual([[[0, 8], [2, 10], [3, 11], [9]], [[1]]]);
  });

  it('holds every CPU of a host with 512', () => {
    const flat = numbers(makeFacts(512, 8).cpus).flat(3);
    expect(new Set(flat).size).toBe(512);
    expect(flat).toHaveLength(512);
  });
});
