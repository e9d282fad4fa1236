import type { Cpu, Device } from '../../shared/frames/frames';
import { deviceKey } from '../../shared/messages/panel';
import { cpuSet, type CpuSet } from '../../shared/masks/cpuSet';
import { irqCpusOf } from '../../shared/masks/lint';
import { presetCpus, type PresetId } from '../../shared/masks/presets';
import { maskCpus } from '../store/masks';
import type { Store } from '../store/store';

/** A receive queue of the host, and its device. */
export interface QueuePlace {
  readonly key: string;
  readonly device: Device;
  readonly queue: Device['queues'][number];
}

/** What of a host matters to its masks. */
export interface Scene {
  readonly cpus: readonly Cpu[];
  /** Every queue, by its key, in the order of devices. */
  readonly queues: ReadonlyMap<string, QueuePlace>;
  /** CPUs that have no time left, as the doctor found. */
  readonly saturated: ReadonlySet<number>;
  readonly flowEntries: number;
}

/** Findings that say of their CPU that it cannot do more. */
const saturating = ['mask-has-irq-cpu', 'backlog-drops'];

export function sceneOf({ facts, devices, findings, settings }: Store): Scene {
  const places = devices.flatMap((device) =>
    device.queues.map((queue) => ({ key: `${deviceKey(device)}:${queue.rx}`, device, queue })),
  );
  return {
    cpus: facts?.cpus ?? [],
    queues: new Map(places.map((place) => [place.key, place])),
    saturated: new Set(
      findings?.flatMap(({ id, cpu }) => (cpu !== undefined && saturating.includes(id) ? [cpu] : [])),
    ),
    flowEntries: settings?.rps_sock_flow_entries ?? 0,
  };
}

/** The CPUs that a queue's rps_cpus names now. */
export function presentCpus({ queue }: QueuePlace): CpuSet {
  return maskCpus(queue.rps_cpus);
}

/** What a preset means for a queue; undefined where it means nothing there. */
export function presetFor(
  preset: PresetId,
  { device, queue }: QueuePlace,
  { cpus }: Scene,
): CpuSet | undefined {
  return presetCpus(preset, { cpus, node: device.node, irqCpus: irqCpusOf(queue) });
}

/** The CPUs that take the interrupts of some queues. */
export function interruptCpus(places: readonly QueuePlace[]): CpuSet {
  return cpuSet(places.flatMap(({ queue }) => irqCpusOf(queue) ?? []));
}
