import { cpuSet, type CpuSet } from '../../../../shared/masks/cpuSet';
import { randomNumbers } from '../../../randomNumbers';

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
