import type { Cpu, Finding, Settings } from '../../../shared/frames/frames';
import type { HostFacts, Softnet } from '../../../shared/messages/panel';

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

/** One finding of each severity, as the loader words them. */
export const madeFindings: readonly Finding[] = [
  {
    id: 'backlog-drops',
    severity: 'error',
    cpu: 1,
    values: {
      ...{ drops: 210, backlog: 1000, from: 0, percent: 94, packets: 88000 },
      ...{ through: 'ens1f0np0', queue: 0 },
    },
    title: 'CPU 1 drops packets: its backlog is full',
    evidence:
      '210 packets/s were dropped on their way to CPU 1. 94 % of the 88000 packets/s that are sent there come from CPU 0, most of them through ens1f0np0 queue 0. A backlog holds 1000 packets (netdev_max_backlog).',
    explanation:
      'Packets for a CPU wait in its backlog. When more come than it can process, the queue fills, and what comes then is lost.',
    remedy:
      "Give the sender's mask more CPUs, so that each gets less. If it happens in bursts only, a longer queue helps.",
    command: 'sudo sysctl net.core.netdev_max_backlog=2000',
  },
  {
    id: 'mask-has-irq-cpu',
    severity: 'warning',
    netns: 4026531840,
    ifindex: 2,
    queue: 0,
    cpu: 0,
    values: { device: 'ens1f0np0', busy: 99, softirq: 98, mask: '0-3', irq: 120 },
    title: 'CPU 0 takes in all packets of ens1f0np0 queue 0, is saturated, and is in its mask',
    evidence: 'CPU 0 is busy 99 % of its time, 98 % in softirqs; it serves interrupt 120. The mask is 0-3.',
    explanation: 'What its mask keeps on the CPU that takes packets in competes with taking them in.',
    remedy: 'Leave that CPU out.',
    command: 'echo e | sudo tee /sys/class/net/ens1f0np0/queues/rx-0/rps_cpus',
  },
  {
    id: 'rps-redundant',
    severity: 'info',
    netns: 4026531840,
    ifindex: 2,
    values: { device: 'ens1f0np0', queues: 4, cpus: 4, mask: '0-3' },
    title: 'RPS does again what the hardware of ens1f0np0 does already',
    evidence: '4 receive queues bring packets to CPUs 0-3, which are all that its masks name.',
    explanation:
      'RSS has spread the packets by the time RPS sees them. Spreading them once more costs an interrupt between CPUs and gains little, unless few flows share a queue.',
    remedy: 'Clear the masks.',
    command: 'echo 0 | sudo tee /sys/class/net/ens1f0np0/queues/rx-*/rps_cpus',
  },
];
