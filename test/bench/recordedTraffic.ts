import type { Frame, FrameOf, Row } from '../../shared/frames/frames';
import { randomNumbers } from '../randomNumbers';

const SECOND = 1e9;
type SoftnetCpu = FrameOf<'softnet'>['cpus'][number];

export interface TrafficOptions {
  readonly cpus: number;
  readonly interfaces: number;
  /** Decisions per second of the whole host, about. */
  readonly rate: number;
}

/**
 * The frames of a busy host, a sample a second, for ever: every CPU hands to every CPU. Rates of cells are spread as
 * flows are (log-normal), counts scatter as arrivals do (Poisson) around a rate that wanders, and packets are merged by
 * GRO and sized at random, so that segments and bytes cannot be told from skbs.
 */
export function* recordedTraffic({ cpus, interfaces, rate }: TrafficOptions): Generator<Frame, never> {
  const next = randomNumbers(cpus);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  yield {
    ...{
      type: 'hello',
      protocol: 1,
      loader: '0.1.0',
      pid: 1,
      backend: 'fexit',
      kernel: '6.12.48',
      arch: 'x86_64',
    },
    interval_ms: 1000,
    cpus: Array.from({ length: cpus }, (_, id) => ({ id, node: id < cpus / 2 ? 0 : 1, online: true })),
  };
  const queues = Array.from({ length: Math.ceil(cpus / interfaces) }, (_, rx) => ({
    ...{ rx, rps_cpus: 'ffffffff,ffffffff', rps_flow_cnt: 4096 },
  }));
  yield {
    type: 'devices',
    devices: Array.from({ length: interfaces }, (_, number) => ({
      ...{ netns: 4026531840, ifindex: number + 2, instance: 0, name: `eth${number}`, queues },
    })),
  };
  const cells = Array.from({ length: cpus * cpus }, (_, cell) => {
    const [cpu, target] = [Math.floor(cell / cpus), cell % cpus];
    const key = [4026531840, (cpu % interfaces) + 2, Math.floor(cpu / interfaces), cpu, target] as const;
    const flow = { mean: Math.exp(normal()), merged: 1 + 3 * next(), size: 200 + 1200 * next() };
    return { key, ...flow, skbs: 0, segments: 0, bytes: 0 };
  });
  const softnets = Array.from({ length: cpus }, (_, cpu): SoftnetCpu => [cpu, 0, 0, 0, 0, 0, 0]);
  const all = cells.reduce((sum, { mean }) => sum + mean, 0);
  for (let seq = 0; ; seq++) {
    const rows: Row[] = [];
    for (const cell of cells) {
      const mean = ((cell.mean * rate) / all) * (1 + 0.2 * Math.sin(seq / 60 + cell.key[4]));
      const skbs = Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
      if (skbs === 0) continue;
      const segments = Math.max(
        skbs,
        Math.round(skbs * cell.merged + Math.sqrt(skbs) * cell.merged * normal()),
      );
      const spread = Math.sqrt(segments) * 400 * normal();
      cell.skbs += skbs;
      cell.segments += segments;
      cell.bytes += Math.max(40 * skbs, Math.round(segments * cell.size + spread));
      rows.push([...cell.key, 'map', cell.skbs, cell.segments, cell.bytes, 0]);
    }
    const ns = 1000 * SECOND + seq * SECOND;
    yield { type: 'sample', seq, ns, rows };
    for (const softnet of softnets) {
      const packets = Math.max(0, Math.round(rate / cpus + Math.sqrt(rate / cpus) * normal()));
      softnet[1] += packets;
      softnet[4] += Math.round(packets / 40);
      softnet[6] = Math.floor(8 * next() ** 4);
    }
    yield { type: 'softnet', ns, cpus: softnets.map((softnet): SoftnetCpu => [...softnet]) };
  }
}
