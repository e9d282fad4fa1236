import type { Device } from '../../src/protocol/frames';
import { namespaceLabel } from './links';

/** Queues of one interface that share one rps_cpus mask. */
export interface Masked {
  readonly namespace: string;
  readonly name: string;
  /** Receive queue numbers, as a list of ranges. */
  readonly queues: string;
  /** CPU numbers, as a list of ranges. */
  readonly cpus: string;
}

/** The bits set in a kernel bitmap such as `ff,00000003` (lib/vsprintf.c, %*pb): 32 bits a group, the highest first. */
export function maskCpus(mask: string): number[] {
  const groups = mask.trim().split(',').reverse();
  const cpus: number[] = [];
  for (const [place, group] of groups.entries()) {
    const bits = Number.parseInt(group, 16);
    for (let bit = 0; bit < 32; bit++) if ((bits >>> bit) & 1) cpus.push(place * 32 + bit);
  }
  return cpus;
}

/** Writes ascending numbers as the kernel writes CPU lists: `0-3,8`. */
export function ranges(numbers: readonly number[]): string {
  const spans: { from: number; to: number }[] = [];
  for (const number of numbers) {
    const last = spans.at(-1);
    if (last?.to === number - 1) last.to = number;
    else spans.push({ from: number, to: number });
  }
  return spans.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(',');
}

/** Every interface with RPS on, its queues grouped by mask. */
export function maskedDevices(devices: readonly Device[]): Masked[] {
  return devices.flatMap((device) => {
    const byMask = new Map<string, number[]>();
    for (const { rx, rps_cpus } of device.queues) {
      const cpus = ranges(maskCpus(rps_cpus));
      if (cpus !== '') byMask.set(cpus, [...(byMask.get(cpus) ?? []), rx]);
    }
    return [...byMask].map(([cpus, queues]) => ({
      namespace: namespaceLabel(device),
      name: device.name,
      queues: ranges(queues),
      cpus,
    }));
  });
}
