import { listOf, maskOf, readList, type CpuSet } from '../../shared/masks/cpuSet';
import { isRefused, keptOf } from '../../shared/masks/kept';
import { cpusOfMask, sameMask } from '../../shared/masks/sameMask';
import { maskWidth } from '../../shared/masks/width';
import { Problem } from '../problem';
import type { Cpu, Device } from '../../shared/frames/host';
import { deviceKey } from '../../shared/messages/panel';
import type { GuardedWrite, HistoryWrite, PlannedWrite, QueueMask } from '../../shared/messages/tuning';

/** What a host is known to have. */
export interface PlanScene {
  readonly devices: readonly Device[];
  readonly cpus: readonly Cpu[];
}

/** Devices with the masks that a guard has read since they were listed: lists come late, and a plan must not rest on an old one. */
export function withRead(devices: readonly Device[], read: readonly GuardedWrite[]): readonly Device[] {
  const masks = new Map(read.map((write) => [`${deviceKey(write)}/${write.queue}`, write.now]));
  if (masks.size === 0) return devices;
  return devices.map((device) => ({
    ...device,
    queues: device.queues.map((queue) => {
      const rps_cpus = masks.get(`${deviceKey(device)}/${queue.rx}`) ?? queue.rps_cpus;
      return { ...queue, rps_cpus };
    }),
  }));
}

/**
 * The writes that give queues their masks. Queues that have them already are left out.
 * @throws Problem MASK_INVALID for a list that nobody can read, MASK_REFUSED for one that the kernel would refuse, QUEUE_GONE
 */
export function planMasks(masks: readonly QueueMask[], { devices, cpus }: PlanScene): PlannedWrite[] {
  const known = new Map(devices.map((device) => [deviceKey(device), device]));
  // A queue that is named twice gets the last mask.
  const wanted = new Map(masks.map((mask) => [`${deviceKey(mask)}/${mask.queue}`, mask]));
  return [...wanted.values()].flatMap((mask) => {
    const read = readList(mask.list);
    if (read.kind === 'bad') throw invalid(read.piece);
    if (isRefused(read.cpus, cpus)) throw refused(mask.list);
    const device = known.get(deviceKey(mask));
    const queue = device?.queues.find(({ rx }) => rx === mask.queue);
    if (!device || !queue) throw gone(device?.name ?? `Interface ${mask.ifindex}`, mask.queue);
    return writeOf(device, queue, read.cpus, cpus);
  });
}

/** The writes that take back what was once written, and the queues that are not there any more. */
export function planWayBack(
  writes: readonly HistoryWrite[],
  { devices, cpus }: PlanScene,
): { writes: PlannedWrite[]; gone: string[] } {
  const missing: string[] = [];
  const planned = writes.flatMap((old) => {
    const device = devices.find((one) => isSame(one, old));
    const queue = device?.queues.find(({ rx }) => rx === old.queue);
    if (!device || !queue) {
      missing.push(`${old.name}, queue ${old.queue}`);
      return [];
    }
    return writeOf(device, queue, cpusOfMask(old.before), cpus).map((write) => ({
      ...write,
      conflict: sameMask(queue.rps_cpus, old.after) ? undefined : old.after,
    }));
  });
  return { writes: planned, gone: missing };
}

/**
 * Numbers of namespaces and interfaces mean something else after a restart of the host; names last, but those of a process: another one
 * gets its number, and another namespace the inode.
 */
function isSame(device: Device, old: HistoryWrite): boolean {
  if (device.name !== old.name || device.netns_name !== old.netnsName) return false;
  if (device.netns_name?.startsWith('pid ') !== true) return true;
  return device.netns === old.netns && device.instance === old.instance;
}

function writeOf(
  { netns, ifindex, instance, name, netns_name }: Device,
  { rx, rps_cpus }: Device['queues'][number],
  wanted: CpuSet,
  cpus: readonly Cpu[],
): PlannedWrite[] {
  if (listOf(cpusOfMask(rps_cpus)) === listOf(wanted)) return [];
  const width = Math.max(maskWidth(cpus, rps_cpus), (wanted.at(-1) ?? 0) + 1);
  return [
    {
      ...{ netns, ifindex, instance, name, queue: rx, netnsName: netns_name },
      path: `/sys/class/net/${name}/queues/rx-${rx}/rps_cpus`,
      before: rps_cpus,
      after: maskOf(wanted, width),
      kept: maskOf(keptOf(wanted, cpus), width),
      conflict: undefined,
    },
  ];
}

const invalid = (piece: string) =>
  new Problem(
    'MASK_INVALID',
    `${JSON.stringify(piece)} is no part of a list of CPUs.`,
    'Write it as in 0-3,8, or leave it empty to turn RPS off.',
  );

const refused = (list: string) =>
  new Problem(
    'MASK_REFUSED',
    `The kernel refuses the mask of CPU ${list}: isolcpus= or nohz_full= set all of them apart.`,
    'Name at least one other CPU.',
  );

const gone = (name: string, queue: number) =>
  new Problem('QUEUE_GONE', `${name} has no receive queue ${queue} any more.`, 'Look at the devices again.');
