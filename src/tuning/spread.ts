import type { Cpu } from '../../shared/frames/host';
import type { CpuLoad, Spread } from '../../shared/messages/tuning';

/** get_rps_cpu() returned no CPU: the packet stays where it is. */
const STAYS = -1;
/** The loader cannot know what it would have returned. */
const UNKNOWN = -2;

/** Skbs that came in on `cpu` and went, or would have gone, to `target`, which may be -1 or -2 as in docs/protocol.md. */
export interface Landed {
  readonly cpu: number;
  readonly target: number;
  readonly skbs: number;
  /** Skbs per second. */
  readonly rate: number;
}

export interface SpreadScene {
  /** Seconds of the host's CLOCK_MONOTONIC. */
  readonly from: number;
  readonly to: number;
  /** CPUs that masks name. */
  readonly masked: Iterable<number>;
  readonly cpus: readonly Cpu[];
}

/** Sums up where skbs landed. */
export function spreadOf(landed: Iterable<Landed>, { from, to, masked, cpus }: SpreadScene): Spread {
  const nodes = new Map(cpus.map(({ id, node }) => [id, node]));
  const loads = new Map<number, { skbs: number; rate: number }>();
  for (const cpu of masked) loads.set(cpu, { skbs: 0, rate: 0 });
  let [all, uncertain, crossNode] = [0, 0, 0];
  for (const { cpu, target, skbs, rate } of landed) {
    all += skbs;
    if (target === UNKNOWN) {
      uncertain += skbs;
      continue;
    }
    const to = target === STAYS ? cpu : target;
    const load = loads.get(to) ?? { skbs: 0, rate: 0 };
    loads.set(to, { skbs: load.skbs + skbs, rate: load.rate + rate });
    if (nodes.get(cpu) !== nodes.get(to)) crossNode += skbs;
  }
  const sorted = [...loads].map(([cpu, load]) => ({ cpu, ...load })).sort((a, b) => a.cpu - b.cpu);
  return { from, to, skbs: all, cpus: sorted, uncertain, crossNode, imbalance: imbalanceOf(sorted) };
}

function imbalanceOf(loads: readonly CpuLoad[]): Spread['imbalance'] {
  const [first, ...rest] = loads;
  const all = loads.reduce((sum, { skbs }) => sum + skbs, 0);
  if (!first || rest.length === 0 || all === 0) return undefined;
  const busiest = rest.reduce((most, load) => (load.skbs > most.skbs ? load : most), first);
  return { cpu: busiest.cpu, factor: (busiest.skbs * loads.length) / all };
}
