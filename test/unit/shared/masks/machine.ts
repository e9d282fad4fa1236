import type { Cpu, Device } from '../../../../shared/frames/frames';

/** Two nodes of four cores with two threads each: CPUs 0-3 and 8-11 are on node 0; 0 and 8 share a core. */
export function twoNodes(change: (cpu: Cpu) => Partial<Cpu> = () => ({})): Cpu[] {
  return Array.from({ length: 16 }, (_, id) => {
    const core = id % 8;
    const node = core < 4 ? 0 : 1;
    const cpu: Cpu = {
      id,
      node,
      online: true,
      package: node,
      core: core % 4,
      llc: node * 4,
      isolated: false,
    };
    return { ...cpu, ...change(cpu) };
  });
}

/** A card on node 0 with one queue for each of `irqCpus`. */
export function card(irqCpus: readonly string[], part: Partial<Device> = {}): Device {
  return {
    netns: 4026531840,
    ifindex: 2,
    instance: 14,
    name: 'eth0',
    kind: 'physical',
    node: 0,
    up: true,
    queues: irqCpus.map((irq_cpus, rx) => ({ rx, rps_cpus: '0000', rps_flow_cnt: 0, irq_cpus })),
    ...part,
  };
}
