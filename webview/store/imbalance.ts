import type { Sums } from './matrix';
import type { Counted } from './zoom';

/** How unevenly decisions are shared out over CPUs. */
export interface Imbalance {
  /** The busiest target CPU. */
  readonly cpu: number;
  /** What it gets over the mean of all CPUs that may be targets: 1 is perfectly even. */
  readonly factor: number;
}

/**
 * The busiest target CPU over the mean of the CPUs that may be targets: those online that some rps_cpus mask names, and
 * those that were a target since the start (RFS needs no mask). Decisions for no CPU do not count. Undefined when
 * nothing was decided or there are fewer than two such CPUs.
 */
export function imbalance({ matrix: { axis }, masked, rows }: Counted, sums: Sums): Imbalance | undefined {
  let [all, count, most, cpu] = [0, 0, 0, -1];
  for (const [place, { id }] of axis.cpus.entries()) {
    if (!masked.has(id) && !rows.targets.has(id)) continue;
    const value = sums.to[place] ?? 0;
    all += value;
    count++;
    if (value > most) [most, cpu] = [value, id];
  }
  return all > 0 && count > 1 ? { cpu, factor: (most * count) / all } : undefined;
}
