import type { Cpu, Device } from '../../../shared/frames/host';
import type { PlannedWrite } from '../../../shared/messages/tuning';

/** Four CPUs on two nodes. */
export const cpus: readonly Cpu[] = [0, 1, 2, 3].map((id) => ({ id, node: id >> 1, online: true }));

export function device(name: string, masks: readonly string[], more: Partial<Device> = {}): Device {
  const queues = masks.map((rps_cpus, rx) => ({ rx, rps_cpus, rps_flow_cnt: 0 }));
  return { netns: 7, ifindex: 2, instance: 5, name, queues, ...more };
}

/** A write of queue 0 of eth0, from f to 3. */
export const aWrite: PlannedWrite = {
  ...{ netns: 7, ifindex: 2, instance: 5, queue: 0, name: 'eth0', netnsName: undefined },
  ...{ path: '/sys/class/net/eth0/queues/rx-0/rps_cpus', conflict: undefined },
  ...{ before: 'f', after: '3', kept: '3' },
};
