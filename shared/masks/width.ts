import type { Cpu } from '../frames/host';

const CHUNK_BITS = 32;

/**
 * For how many CPUs the kernel of a host prints its masks: at least up to its highest CPU, and as many digits as `mask`,
 * one that it printed, has. Kernels know of more CPUs than are there where some could be plugged in.
 */
export function maskWidth(cpus: readonly Cpu[], mask = ''): number {
  const chunks = mask.trim().split(',');
  const digits = chunks[0]?.length ?? 0;
  // The last digit may stand for one to four CPUs.
  const printed = digits === 0 ? 1 : (chunks.length - 1) * CHUNK_BITS + digits * 4 - 3;
  return cpus.reduce((width, { id }) => Math.max(width, id + 1), printed);
}
