import type { Device } from '../../src/protocol/frames';
import { words } from '../words';

/** An interface inside a network namespace, as it is named on the screen. */
export interface Link {
  readonly netns: number;
  readonly ifindex: number;
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

  /** The number of an interface; a new one at its first sight. */
  number(netns: number, ifindex: number): number {
    const key = `${netns}:${ifindex}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    this.version++;
    return this.all.push(this.#named(netns, ifindex)) - 1;
  }

  /** Takes over the names of the host's devices. A device that went keeps the name it had. */
  rename(devices: readonly Device[]): void {
    this.#devices = devices;
    this.version++;
    for (const [number, link] of this.all.entries()) {
      if (devices.some((device) => device.netns === link.netns && device.ifindex === link.ifindex)) {
        this.all[number] = this.#named(link.netns, link.ifindex);
      }
    }
  }

  #named(netns: number, ifindex: number): Link {
    const neighbours = this.#devices.filter((device) => device.netns === netns);
    const device = neighbours.find((one) => one.ifindex === ifindex);
    const name = device?.name ?? words.unknownInterface(ifindex);
    const [first] = neighbours;
    return { netns, ifindex, name, namespace: first ? namespaceLabel(first) : String(netns) };
  }
}

/** What a person calls the network namespace of a device. */
export function namespaceLabel(device: Device): string {
  return device.netns_name ?? words.hostNamespace;
}
