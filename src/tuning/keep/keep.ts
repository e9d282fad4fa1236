import type { Cpu, Device } from '../../../shared/frames/host';
import { maskOf, readList } from '../../../shared/masks/cpuSet';
import { maskWidth } from '../../../shared/masks/width';
import { deviceKey } from '../../../shared/messages/panel';
import type { KeepNote, KeepText, QueueMask } from '../../../shared/messages/tuning';
import type { KeptDevice } from './keptDevice';
import { networkManager } from './networkManager';
import { script } from './script';
import { systemd } from './systemd';
import { udev } from './udev';

/** Devices and CPUs of the host that the texts are for. */
export interface KeepScene {
  readonly devices: readonly Device[];
  readonly cpus: readonly Cpu[];
}

/**
 * The texts that make masks last, one for each form that can. Lists that nobody can read, and queues that are not there,
 * are left out; so is what has no name that lasts: `KeepNote` says so.
 */
export function keepTexts(queues: readonly QueueMask[], scene: KeepScene): KeepText[] {
  const all = keptDevices(queues, scene);
  const lasting = all.filter(hasLastingName);
  const own = lasting.filter(({ netns }) => netns === undefined);
  const lost: KeepNote[] = all.length > lasting.length ? ['namelessOut'] : [];
  const foreign: KeepNote[] = own.length < lasting.length ? ['namespacesOut'] : [];
  const texts: readonly KeepText[] = [
    systemd(own, [...lost, ...foreign]),
    udev(own, [...lost, ...foreign]),
    networkManager(own, [...lost, ...foreign]),
    script(lasting, lost),
  ];
  return texts.filter(({ files }) => files.length > 0);
}

function keptDevices(queues: readonly QueueMask[], { devices, cpus }: KeepScene): KeptDevice[] {
  return devices.flatMap((device) => {
    const masks = device.queues.flatMap(({ rx, rps_cpus }) => {
      const wanted = queues.findLast((mask) => deviceKey(mask) === deviceKey(device) && mask.queue === rx);
      const read = wanted && readList(wanted.list);
      if (read?.kind !== 'cpus') return [];
      const width = Math.max(maskWidth(cpus, rps_cpus), (read.cpus.at(-1) ?? 0) + 1);
      return [{ queue: rx, mask: maskOf(read.cpus, width) }];
    });
    const { name, netns_name: netns, queues: all } = device;
    return masks.length > 0 ? [{ name, netns, masks, queues: all.length }] : [];
  });
}

/** Namespaces of processes, and those mounted elsewhere, have other names next time; a name that was no text cannot be written. */
function hasLastingName({ name, netns }: KeptDevice): boolean {
  return !name.includes('\ufffd') && (netns === undefined || !/^pid |\/|\ufffd/.test(netns));
}
