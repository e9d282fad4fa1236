import { cpuSet, type CpuSet } from '../../../src/masks/cpuSet';

/** A generator of numbers below 1 that gives the same ones for a seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Sets of every density for kernels of 1 to `widest` CPUs, the edges of chunks among them. */
export function randomMasks(count: number, widest = 4096, seed = 1): { width: number; cpus: CpuSet }[] {
  const random = randomNumbers(seed);
  const edges = [1, 4, 31, 32, 33, 63, 64, 65, widest - 1, widest].filter((width) => width <= widest);
  return Array.from({ length: count }, (_, index) => {
    const width = edges[index] ?? 1 + Math.floor(random() * widest);
    const density = random();
    const cpus = cpuSet(Array.from({ length: width }, (_, cpu) => cpu).filter(() => random() < density));
    return { width, cpus };
  });
}
