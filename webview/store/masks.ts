import { listOf, readMask, type CpuSet } from '../../shared/masks/cpuSet';
import type { Device } from '../../shared/frames/frames';
import { namespaceLabel } from './links';
import type { Masked } from './masked';

/** The CPUs of a mask in the kernel's form; none where it is not one. */
export function maskCpus(mask: string): CpuSet {
  const read = readMask(mask);
  return read.kind === 'cpus' ? read.cpus : [];
}

/** Every interface with RPS on, its queues grouped by mask. */
export function maskedDevices(devices: readonly Device[]): Masked[] {
  return devices.flatMap((device) => {
    const byMask = new Map<string, number[]>();
    for (const { rx, rps_cpus } of device.queues) {
      const cpus = listOf(maskCpus(rps_cpus));
      if (cpus !== '') byMask.set(cpus, [...(byMask.get(cpus) ?? []), rx]);
    }
    return [...byMask].map(([cpus, queues]) => ({
      namespace: namespaceLabel(device),
      name: device.name,
      queues: listOf(queues),
      cpus,
    }));
  });
}
