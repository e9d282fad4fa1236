import type { Cpu, Finding, Settings } from '../../../src/protocol/frames';
import type { HostFacts, Softnet } from '../../../src/protocol/panel';

/**
 * CPUs spread over nodes the way firmware does it: from 16 on, the second half are the SMT siblings of the first; eight
 * cores share a last-level cache.
 */
function makeCpu(id: number, cpus: number, nodes: number): Cpu {
  const cores = cpus < 16 ? cpus : cpus / 2;
  const core = id % cores;
  const node = Math.floor((core * nodes) / cores);
  return { id, node, online: true, package: node, core, llc: core - (core % 8), isolated: false };
}

/** What the loader says of a made-up host. */
export function makeFacts(cpus: number, nodes: number): HostFacts {
  return {
    backend: 'fexit',
    backends: [{ name: 'fexit', state: 'used' }],
    kernel: '6.12.48+deb13-cloud-amd64',
    arch: 'x86_64',
    intervalMs: 1000,
    cpus: Array.from({ length: cpus }, (_, id) => makeCpu(id, cpus, nodes)),
  };
}

export const madeSettings: Settings = {
  rps_sock_flow_entries: 32768,
  rps_default_mask: '0',
  netdev_max_backlog: 1000,
  netdev_budget: 300,
  netdev_budget_usecs: 8000,
  flow_limit_cpus: '0',
};

/** Counters that look busy on the first CPUs and fall off; CPU 1 drops. */
export function makeSoftnet(cpus: number, at: number): Softnet {
  return {
    at,
    cpus: Array.from({ length: cpus }, (_, cpu) => {
      const busy = Math.round(90_000 / (1 + cpu) ** 0.7);
      const dropped = cpu === 1 ? 212 : 0;
      const rates = {
        processed: busy,
        dropped,
        squeezed: cpu === 0 ? 3 : 0,
        ipis: Math.round(busy / 7),
        flowLimit: 0,
      };
      const totals = {
        processed: busy * 4000,
        dropped: dropped * 30,
        squeezed: cpu === 0 ? 411 : 0,
        ipis: busy * 571,
        flowLimit: 0,
      };
      return { cpu, rates, totals, backlog: cpu === 1 ? 871 : cpu % 5 };
    }),
  };
}

/** One finding of each severity. */
export const madeFindings: readonly Finding[] = [
  {
    id: 'backlog-drops',
    severity: 'error',
    cpu: 1,
    values: { cpu: 1, from: 0, drops: 212 },
    title: 'CPU 1 drops packets: its backlog is full',
    evidence: 'CPU 1 lost 212 packets a second; most of what it gets is steered by CPU 0.',
    explanation:
      'A CPU that is handed more than it can take drops what does not fit into netdev_max_backlog.',
    remedy: 'echo f0 > /sys/class/net/ens1f0np0/queues/rx-0/rps_cpus',
  },
  {
    id: 'mask-has-irq-cpu',
    severity: 'warning',
    netns: 4026531840,
    ifindex: 2,
    queue: 0,
    cpu: 0,
    values: { device: 'ens1f0np0', queue: 0, cpu: 0 },
    title: 'The mask of ens1f0np0 queue 0 contains CPU 0, which is saturated by the queue’s interrupt',
    evidence: 'IRQ 120 goes to CPU 0, which is 98 % busy in softirqs.',
    explanation: 'Packets steered to the CPU that takes the interrupt make the busiest CPU busier.',
    remedy: 'echo e > /sys/class/net/ens1f0np0/queues/rx-0/rps_cpus',
  },
  {
    id: 'flow-table-small',
    severity: 'info',
    values: { entries: 32768, flows: 51234 },
    title: 'The flow table is smaller than the number of flows',
    evidence: '51,234 flows share 32,768 entries.',
    explanation: 'Flows that share an entry follow each other’s application.',
    remedy: 'sysctl -w net.core.rps_sock_flow_entries=65536',
  },
];
