import type { Cpu } from '../../shared/frames/frames';

/** A CPU on the heat map's axes; its node is unknown when the host did not list it. */
export interface AxisCpu {
  readonly id: number;
  readonly node: number | undefined;
  /** The socket, the core in it, and the lowest CPU that shares the last-level cache; where the host told. */
  readonly package?: number | undefined;
  readonly core?: number | undefined;
  readonly llc?: number | undefined;
}

/** CPUs of one NUMA node that stand together: places `from` up to, not including, `to`. */
export interface NodeSpan {
  readonly node: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** The order of CPUs on both axes, by NUMA node, last-level cache, core, then number: SMT siblings are neighbours. The column after the last CPU is "none". */
export interface Axis {
  readonly cpus: readonly AxisCpu[];
  readonly nodes: readonly NodeSpan[];
  /** Where another last-level cache begins inside a node; empty where no cache is shared by several cores. */
  readonly caches: readonly number[];
  /** Place of a CPU number on the axis. */
  readonly places: ReadonlyMap<number, number>;
}

const parts = ['node', 'llc', 'package', 'core', 'id'] as const;

function inOrder(a: AxisCpu, b: AxisCpu): number {
  for (const part of parts) {
    const [one, other] = [a[part] ?? Infinity, b[part] ?? Infinity];
    if (one !== other) return one - other;
  }
  return 0;
}

/** Puts the CPUs that are online, or were seen in a row, in order. CPUs of an unknown node come last. */
export function makeAxis(listed: readonly Cpu[], seen: ReadonlySet<number>): Axis {
  const cpus: AxisCpu[] = listed
    .filter((cpu) => cpu.online || seen.has(cpu.id))
    .map(({ id, node, package: socket, core, llc }) => ({ id, node, package: socket, core, llc }));
  const known = new Set(cpus.map((cpu) => cpu.id));
  for (const id of seen) if (!known.has(id)) cpus.push({ id, node: undefined });
  cpus.sort(inOrder);

  const nodes: { node: number | undefined; from: number; to: number }[] = [];
  for (const [place, cpu] of cpus.entries()) {
    const last = nodes.at(-1);
    if (last && last.node === cpu.node) last.to = place + 1;
    else nodes.push({ node: cpu.node, from: place, to: place + 1 });
  }
  return {
    cpus,
    nodes,
    caches: cacheStarts(cpus),
    places: new Map(cpus.map((cpu, place) => [cpu.id, place])),
  };
}

function cacheStarts(cpus: readonly AxisCpu[]): number[] {
  const cores = new Map<number, Set<unknown>>();
  for (const { llc, package: socket, core, id } of cpus) {
    if (llc === undefined) continue;
    const its = cores.get(llc) ?? new Set();
    cores.set(llc, its.add(`${socket} ${core ?? `of ${id}`}`));
  }
  if (![...cores.values()].some(({ size }) => size > 1)) return [];
  return [...cpus.keys()].filter((place) => {
    const [before, cpu] = [cpus[place - 1], cpus[place]];
    return before && cpu && before.node === cpu.node && before.llc !== cpu.llc;
  });
}
