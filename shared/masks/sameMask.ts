import { listOf, readMask, type CpuSet } from './cpuSet';

/** The CPUs of a mask that the kernel printed. */
export function cpusOfMask(mask: string): CpuSet {
  const read = readMask(mask);
  return read.kind === 'cpus' ? read.cpus : [];
}

/** Whether two masks that the kernel printed name the same CPUs. */
export function sameMask(a: string, b: string): boolean {
  return a === b || listOf(cpusOfMask(a)) === listOf(cpusOfMask(b));
}
