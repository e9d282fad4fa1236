import { everything } from '../../../shared/scope';
import type { Device } from '../../../shared/frames/frames';
import { VALUES, type HistoryData, type RowKey, type ToPanel } from '../../../shared/messages/panel';
import { History } from '../../../shared/history';
import { randomNumbers } from '../../randomNumbers';
import { madeFindings, madeSettings, makeFacts, makeSoftnet } from './host';

type Snapshot = Extract<ToPanel, { type: 'snapshot' }>;
type Sample = Extract<ToPanel, { type: 'sample' }>;

/** The namespace inode that a host itself has as a rule. */
export const hostNetns = 4026531840;

/** A made-up host that carries traffic: the same messages every time for the same arguments. */
export interface Feed {
  readonly snapshot: Snapshot;
  /** The next second: every row changes a little. */
  next(): Sample;
}

/** A mask as sysfs prints it: 32 bits a group. */
function mask(cpus: readonly number[], count: number): string {
  const groups = new Array<number>(Math.ceil(count / 32)).fill(0);
  for (const cpu of cpus) groups[cpu >> 5] = ((groups[cpu >> 5] ?? 0) | (1 << (cpu & 31))) >>> 0;
  return groups
    .reverse()
    .map((group) => group.toString(16).padStart(8, '0'))
    .join(',');
}

/** When the snapshot is, in seconds of the made-up host's clock. */
const START = 5000;
/** Seconds of history that come with the snapshot, and for how long in it nothing was heard. */
const PAST = 240;
const gap = { from: 150, to: 163 };

/** Minutes before the snapshot: every row swings around its rate, with a gap. */
function makeHistory(keys: readonly RowKey[], rates: Float64Array): HistoryData {
  const history = new History();
  const index = Uint32Array.from(keys.keys());
  for (let second = 1; second <= PAST; second++) {
    if (second > gap.from && second < gap.to) continue;
    const swing = (row: number) => 1 + 0.4 * Math.sin(second / 19 + row) + 0.1 * Math.sin(second * 1.7 + row);
    history.apply({
      added: second === 1 ? keys : [],
      index,
      counts: rates.map((rate, place) => rate * swing(Math.floor(place / VALUES) % 7)),
      interval: { end: START - PAST + second, seconds: 1 },
    });
  }
  history.mark([
    { at: START - 95, what: 'masks', names: ['ens1f0np0'], count: 1 },
    { at: START - 21, what: 'came', names: ['veth7a', 'veth7b'], count: 2 },
  ]);
  return history.all();
}

/** Makes a host with one NIC a node, its queues' interrupts on the first CPUs of the node, and a container's veth. */
export function makeFeed(cpus: number, nodes: number): Feed {
  const facts = makeFacts(cpus, nodes);
  const next = randomNumbers(cpus);
  const devices: Device[] = [];
  const keys: RowKey[] = [];
  const weights: number[] = [];
  const add = ({ netns, ifindex, instance, queue, cpu, target }: Omit<RowKey, 'verdict'>, weight: number) => {
    const verdict = target < 0 ? 'none' : next() < 0.15 ? 'flow' : 'map';
    keys.push({ netns, ifindex, instance, queue, cpu, target, verdict });
    weights.push(weight);
  };
  for (let node = 0; node < nodes; node++) {
    const local = facts.cpus.filter((cpu) => cpu.node === node).map((cpu) => cpu.id);
    const targets = cpus >= 64 ? local : facts.cpus.map((cpu) => cpu.id);
    const queues = Math.max(1, Math.min(16, local.length >> 1));
    const device = { netns: hostNetns, ifindex: node + 2, instance: node + 14, name: `ens${node + 1}f0np0` };
    const rps_cpus = mask(targets, cpus);
    const list = Array.from({ length: queues }, (_, rx) => {
      const irq_cpus = String(local[rx % local.length]);
      return { rx, rps_cpus, rps_flow_cnt: 4096, irq: 120 + 40 * node + rx, irq_cpus };
    });
    devices.push({ ...device, kind: 'physical', node, up: true, lower: [], xdp: false, queues: list });
    for (let queue = 0; queue < queues; queue++) {
      const cpu = local[queue % local.length] ?? 0;
      const busy = 60000 / (1 + queue) ** 0.6;
      for (const target of targets)
        add({ ...device, queue, cpu, target }, (busy * next() ** 3) / targets.length ** 0.5);
      if (queue % 3 === 0) add({ ...device, queue, cpu, target: -1 }, busy * 0.02 * next());
    }
  }
  const veth = { netns: 4026532281, ifindex: 3, instance: 15, name: 'eth0' };
  devices.push({
    ...veth,
    netns_name: 'web',
    kind: 'veth',
    node: -1,
    up: true,
    queues: [{ rx: 0, rps_cpus: mask([0, 1], cpus), rps_flow_cnt: 0 }],
  });
  for (const { id: cpu } of facts.cpus) add({ ...veth, queue: 0, cpu, target: cpu & 1 }, 900 * next() ** 2);

  const totals = new Float64Array(keys.length * VALUES);
  const counts = new Uint32Array(keys.length * VALUES);
  const second = () => {
    for (const [row, weight] of weights.entries()) {
      const skbs = Math.round(weight * (0.9 + 0.2 * next()));
      for (const [place, value] of [skbs, Math.round(skbs * 2.4), skbs * 1448].entries()) {
        counts[row * VALUES + place] = value;
        totals[row * VALUES + place] = (totals[row * VALUES + place] ?? 0) + value;
      }
    }
  };
  second();
  const rates = Float64Array.from(counts);
  let samples = 1;
  return {
    snapshot: {
      type: 'snapshot',
      host: 'alice@web-1.example.org',
      state: { kind: 'tracing' },
      scope: everything,
      facts,
      devices,
      health: { missed: 0, lost: 0, runs: 1000, runNs: 184000, badLines: 0 },
      samples,
      keys,
      totals: totals.slice(),
      rates,
      history: makeHistory(keys, rates),
      softnet: makeSoftnet(cpus, START),
      settings: madeSettings,
      findings: madeFindings,
    },
    next: () => {
      second();
      const interval = { end: START + samples, seconds: 1 };
      const index = Uint32Array.from(keys.keys());
      return { type: 'sample', number: samples++, added: [], index, counts: counts.slice(), interval };
    },
  };
}
