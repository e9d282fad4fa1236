import type { Device } from '../../shared/frames/frames';
import { deviceKey, type DeviceKey } from '../../shared/messages/panel';
import { words } from '../words';

/** An interface inside a network namespace, as it is named on the screen. */
export interface Link extends DeviceKey {
  readonly name: string;
  readonly namespace: string;
}

/** Numbers every interface that was ever seen in a row, so that a row's interface is one small integer. */
export class Links {
  readonly all: Link[] = [];
  /** Goes up when a name may have changed. */
  version = 0;
  readonly #numbers = new Map<string, number>();
  #devices: readonly Device[] = [];
  /** How each interface that the host told of is named, by its key. */
  #named = new Map<string, Link>();

  /** The number of an interface; a new one at its first sight. */
  number(device: DeviceKey): number {
    const key = deviceKey(device);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    this.version++;
    return this.all.push(this.#named.get(key) ?? this.#unknown(device)) - 1;
  }

  /**
   * Takes over the names of the host's devices, and of those among `gone` that it had and has no more. A device of
   * neither keeps the name it had.
   */
  rename(devices: readonly Device[], gone: readonly Device[]): void {
    this.#devices = devices;
    this.version++;
    this.#named = new Map([
      ...gone.map((device) => [deviceKey(device), linkOf(device, words.gone(device.name))] as const),
      ...devices.map((device) => [deviceKey(device), linkOf(device, device.name)] as const),
    ]);
    for (const [number, link] of this.all.entries()) {
      this.all[number] = this.#named.get(deviceKey(link)) ?? link;
    }
  }

  #unknown({ netns, ifindex, instance }: DeviceKey): Link {
    const neighbour = this.#devices.find((device) => device.netns === netns);
    const namespace = neighbour ? namespaceLabel(neighbour) : String(netns);
    return { netns, ifindex, instance, name: words.unknownInterface(ifindex), namespace };
  }
}

function linkOf(device: Device, name: string): Link {
  const { netns, ifindex, instance } = device;
  return { netns, ifindex, instance, name, namespace: namespaceLabel(device) };
}

/** What a person calls the network namespace of a device. */
export function namespaceLabel(device: Device): string {
  return device.netns_name ?? words.hostNamespace;
}
