import type { Cpu } from '../../src/protocol/frames';

/** A CPU on the heat map's axes; its node is unknown when the host did not list it. */
export interface AxisCpu {
  readonly id: number;
  readonly node: number | undefined;
}

/** CPUs of one NUMA node that stand together: places `from` up to, not including, `to`. */
export interface NodeSpan {
  readonly node: number | undefined;
  readonly from: number;
  readonly to: number;
}

/** The order of CPUs on both axes, by NUMA node, then by number. The column after the last CPU is "none". */
export interface Axis {
  readonly cpus: readonly AxisCpu[];
  readonly nodes: readonly NodeSpan[];
  /** Place of a CPU number on the axis. */
  readonly places: ReadonlyMap<number, number>;
}

/** Puts the CPUs that are online, or were seen in a row, in order. CPUs of an unknown node come last. */
export function makeAxis(listed: readonly Cpu[], seen: ReadonlySet<number>): Axis {
  const cpus: AxisCpu[] = listed
    .filter((cpu) => cpu.online || seen.has(cpu.id))
    .map(({ id, node }) => ({ id, node }));
  const known = new Set(cpus.map((cpu) => cpu.id));
  for (const id of seen) if (!known.has(id)) cpus.push({ id, node: undefined });
  cpus.sort((a, b) => (a.node ?? Infinity) - (b.node ?? Infinity) || a.id - b.id || 0);

  const nodes: { node: number | undefined; from: number; to: number }[] = [];
  for (const [place, cpu] of cpus.entries()) {
    const last = nodes.at(-1);
    if (last && last.node === cpu.node) last.to = place + 1;
    else nodes.push({ node: cpu.node, from: place, to: place + 1 });
  }
  return { cpus, nodes, places: new Map(cpus.map((cpu, place) => [cpu.id, place])) };
}
