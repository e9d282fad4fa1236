import type { Device } from '../../shared/frames/frames';
import { deviceKey, type DeviceKey } from '../../shared/messages/panel';

/** How many are remembered; hosts that start containers all day have no end of them. */
const MOST = 4096;

/** The devices that a host told of and has no more: their rows stay, and keep their names. */
export class Departed {
  readonly #devices = new Map<string, Device>();

  /** Takes over what is in `before` and not in `now`. */
  take(before: readonly Device[], now: readonly Device[]): void {
    const here = new Set(now.map(deviceKey));
    for (const device of before) {
      const key = deviceKey(device);
      if (!here.has(key)) this.#devices.set(key, { ...device, queues: [] });
    }
    for (const key of here) this.#devices.delete(key);
    for (const key of this.#devices.keys()) {
      if (this.#devices.size <= MOST) break;
      this.#devices.delete(key);
    }
  }

  has(device: DeviceKey): boolean {
    return this.#devices.has(deviceKey(device));
  }

  /** Those of them whose `deviceKey` is in `named`. */
  among(named: ReadonlySet<string>): readonly Device[] {
    return [...this.#devices].filter(([key]) => named.has(key)).map(([, device]) => device);
  }
}
