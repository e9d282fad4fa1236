import type { Cpu } from '../../shared/frames/frames';
import { coreKey } from '../../shared/masks/presets';

/** The CPUs of a host as they lie: in nodes, in those last-level caches, in those cores, in those SMT siblings. */
export interface NodeBox {
  readonly node: number;
  readonly caches: readonly CacheBox[];
}

export interface CacheBox {
  /** The lowest CPU that shares it; undefined where the host does not tell, as of offline CPUs. */
  readonly llc: number | undefined;
  /** SMT siblings, ascending, core by core. */
  readonly cores: readonly (readonly Cpu[])[];
}

/** Puts CPUs, those offline too, into the boxes that they lie in. */
export function topologyOf(cpus: readonly Cpu[]): NodeBox[] {
  const ascending = cpus.toSorted((a, b) => a.id - b.id);
  return grouped(ascending, ({ node }) => node)
    .toSorted(([a], [b]) => a - b)
    .map(([node, inNode]) => ({
      node,
      caches: grouped(inNode, ({ llc }) => llc ?? Infinity)
        .toSorted(([a], [b]) => (a === b ? 0 : a - b))
        .map(([llc, inCache]) => ({
          llc: llc === Infinity ? undefined : llc,
          cores: grouped(inCache, coreKey).map(([, core]) => core),
        })),
    }));
}

/** In the order in which the first of each group comes. */
function grouped<Key>(cpus: readonly Cpu[], keyOf: (cpu: Cpu) => Key): [Key, Cpu[]][] {
  const groups = new Map<Key, Cpu[]>();
  for (const cpu of cpus) {
    const key = keyOf(cpu);
    const group = groups.get(key);
    if (group) group.push(cpu);
    else groups.set(key, [cpu]);
  }
  return [...groups];
}
