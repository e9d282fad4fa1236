import { sameMask } from '../../shared/masks/sameMask';
import type { Device } from '../../shared/frames/frames';
import { deviceKey, type DeviceKey } from '../../shared/messages/panel';

/** A mask that this window writes, and the one that is there again when it is taken back. */
export interface OwnMask extends DeviceKey {
  readonly queue: number;
  readonly before: string;
  readonly after: string;
}

interface Expected {
  before: string | undefined;
  after: string | undefined;
}

/** Whose change of a device's masks it was. */
export type Whose = 'masks' | 'applied' | 'reverted';

/** Masks that this window has written: each of them explains one change of the host's masks, and its way back another one. */
export class OwnMasks {
  #expected = new Map<string, Expected>();

  /** Replaces what was expected before. */
  expect(masks: readonly OwnMask[]): void {
    this.#expected = new Map(
      masks.map(({ before, after, ...queue }) => [queueKey(queue, queue.queue), { before, after }]),
    );
  }

  /** The masks stay: who changes them from now on is somebody else. */
  keep(): void {
    for (const expected of this.#expected.values()) expected.before = undefined;
  }

  /** Whose change it was that took a device from `old` to `now`. */
  whose(old: Device, now: Device): Whose {
    const before = new Map(old.queues.map((queue) => [queue.rx, queue]));
    const kinds = new Set<Whose>();
    for (const { rx, rps_cpus, rps_flow_cnt } of now.queues) {
      const same = before.get(rx);
      if (same?.rps_cpus === rps_cpus && same.rps_flow_cnt === rps_flow_cnt) continue;
      const isMask = same?.rps_flow_cnt === rps_flow_cnt;
      kinds.add(isMask ? this.#take(queueKey(now, rx), rps_cpus) : 'masks');
    }
    const [kind, ...others] = kinds;
    return kind !== undefined && others.length === 0 ? kind : 'masks';
  }

  #take(key: string, mask: string): Whose {
    const expected = this.#expected.get(key);
    if (expected?.after !== undefined && sameMask(mask, expected.after)) {
      expected.after = undefined;
      return 'applied';
    }
    if (expected?.before !== undefined && sameMask(mask, expected.before)) {
      expected.before = undefined;
      return 'reverted';
    }
    return 'masks';
  }
}

const queueKey = (device: DeviceKey, queue: number) => `${deviceKey(device)}/${queue}`;
