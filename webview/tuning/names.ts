import { listOf, maskOf, readList } from '../../shared/masks/cpuSet';
import { deviceKey, type DeviceKey } from '../../shared/messages/panel';
import type { QueueMask } from '../../shared/messages/tuning';
import { maskCpus } from '../store/masks';
import { words } from '../words';
import type { DraftCandidate } from './draft';
import type { QueuePlace } from './scene';

/** Queues as people call them, those of one device together: "eth0 rx-0-3, eth1 rx-2". */
export function namedQueues(places: readonly QueuePlace[]): string {
  const byDevice = new Map<string, { readonly name: string; readonly queues: number[] }>();
  for (const { device, queue } of places) {
    const key = deviceKey(device);
    const known = byDevice.get(key);
    if (known) known.queues.push(queue.rx);
    else byDevice.set(key, { name: device.name, queues: [queue.rx] });
  }
  return [...byDevice.values()]
    .map(({ name, queues }) => words.tuning.queuesOf(name, listOf(queues.toSorted((a, b) => a - b))))
    .join(', ');
}

/** Queues by the mask that a candidate has for them. */
export function byMask(candidate: DraftCandidate, places: readonly QueuePlace[]): [string, QueuePlace[]][] {
  const groups = new Map<string, QueuePlace[]>();
  for (const place of places) {
    const list = candidate.masks[place.key] ?? '';
    groups.set(list, [...(groups.get(list) ?? []), place]);
  }
  return [...groups];
}

/** A candidate's masks as the extension host takes them. */
export function queueMasks(candidate: DraftCandidate, places: readonly QueuePlace[]): QueueMask[] {
  return places.map(({ key, device, queue }) => {
    const { netns, ifindex, instance }: DeviceKey = device;
    return { netns, ifindex, instance, queue: queue.rx, list: candidate.masks[key] ?? '' };
  });
}

/** The letter of a candidate by its place. */
export const letter = (place: number) => String.fromCharCode(65 + place);

/** A list and its mask, for a kernel of `width` CPUs. */
export function bothForms(list: string, width: number): string {
  const read = readList(list);
  const cpus = read.kind === 'cpus' ? read.cpus : [];
  const mask = maskOf(cpus, Math.max(width, (cpus.at(-1) ?? 0) + 1));
  return words.tuning.both(list === '' ? words.tuning.noCpu : list, mask);
}

/** The list of a mask in the kernel's form, for people. */
export const listOfMask = (mask: string): string => listOf(maskCpus(mask));
