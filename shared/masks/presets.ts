import type { Cpu } from '../frames/host';
import { cpuSet, type CpuSet } from './cpuSet';
import { isUsable } from './kept';

export const presetIds = ['nodeLocal', 'nodeLocalNoIrq', 'onePerCore', 'housekeeping', 'all', 'off'] as const;
export type PresetId = (typeof presetIds)[number];

/** What a preset depends on. */
export interface PresetScene {
  readonly cpus: readonly Cpu[];
  /** The NUMA node of the device; below 0 or undefined: it is on none, or that is not known. */
  readonly node: number | undefined;
  /** Where the queue's interrupt goes; undefined: it has none, or that is not known. */
  readonly irqCpus: CpuSet | undefined;
}

/** The CPUs of a preset for one queue; undefined where the host tells too little for it, or nothing would be left. */
export function presetCpus(preset: PresetId, { cpus, node, irqCpus }: PresetScene): CpuSet | undefined {
  const online = cpus.filter((cpu) => cpu.online);
  // A preset that counts on CPUs that the kernel drops would promise too much; one with isolated CPUs would disturb their program.
  const working = cpus.filter(isUsable);
  const local = localTo(node, working);
  switch (preset) {
    case 'nodeLocal':
      return local && setOf(local);
    case 'nodeLocalNoIrq':
      return local && irqCpus && setOf(local.filter(({ id }) => !irqCpus.includes(id)));
    case 'onePerCore':
      return setOf(firstOfCores(working));
    case 'housekeeping':
      return setOf(working);
    case 'all':
      return setOf(online);
    case 'off':
      return [];
  }
}

function setOf(cpus: readonly Cpu[]): CpuSet | undefined {
  return cpus.length > 0 ? cpuSet(cpus.map(({ id }) => id)) : undefined;
}

/** The CPUs of the device's node. On a host with one node, every device is local to it. */
function localTo(node: number | undefined, cpus: readonly Cpu[]): readonly Cpu[] | undefined {
  if (node !== undefined && node >= 0) return cpus.filter((cpu) => cpu.node === node);
  return new Set(cpus.map((cpu) => cpu.node)).size === 1 ? cpus : undefined;
}

/** The lowest CPU of each core; one whose core is not known counts as a core of its own. */
function firstOfCores(cpus: readonly Cpu[]): readonly Cpu[] {
  const seen = new Set<string>();
  return cpus
    .toSorted((a, b) => a.id - b.id)
    .filter((cpu) => {
      const core = coreKey(cpu);
      return !seen.has(core) && seen.add(core);
    });
}

/** What SMT siblings share; the kernel numbers cores anew in each package. */
export function coreKey({ id, package: socket, core }: Cpu): string {
  return core === undefined ? `cpu ${id}` : `${socket ?? 0}:${core}`;
}
