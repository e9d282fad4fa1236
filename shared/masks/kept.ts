import type { Cpu } from '../frames/host';
import { readList, type CpuSet } from './cpuSet';

/** CPUs of a host, each with whether a list, `kept_cpus` of a frame, has it. Without a list that can be read, nothing is known of that. */
export function withKept(cpus: readonly Cpu[], list: string | undefined): readonly Cpu[] {
  const read = list === undefined ? undefined : readList(list);
  if (read?.kind !== 'cpus') return cpus;
  const kept = new Set(read.cpus);
  return cpus.map((cpu) => ({ ...cpu, kept: kept.has(cpu.id) }));
}

/** Whether the kernel keeps a CPU of a mask that is written now. Older loaders do not tell, and show isolated CPUs alone. */
export const isKept = ({ kept, online, isolated }: Cpu): boolean => kept ?? (online && isolated !== true);

/** Whether a CPU is there for steered packets: the kernel keeps it, and no program has it for itself. */
export const isUsable = (cpu: Cpu): boolean => isKept(cpu) && cpu.isolated !== true;

/** What is left of a mask in the kernel. */
export function keptOf(mask: CpuSet, cpus: readonly Cpu[]): CpuSet {
  const kept = new Set(cpus.filter(isKept).map(({ id }) => id));
  return mask.filter((id) => kept.has(id));
}

/**
 * Whether the kernel refuses a mask with EINVAL, as isolcpus= or nohz_full= set all of its CPUs apart. Not known, and false, where one
 * of them is offline.
 */
export function isRefused(mask: CpuSet, cpus: readonly Cpu[]): boolean {
  const apart = new Set(cpus.filter((cpu) => cpu.online && !isKept(cpu)).map(({ id }) => id));
  return mask.length > 0 && mask.every((id) => apart.has(id));
}
