import { sameMask } from '../../shared/masks/sameMask';
import type { MaskWrite } from '../../shared/frames/frames';
import { deviceKey, type DeviceKey, type Writer } from '../../shared/messages/panel';

/** Writes of one queue that wait for a change of its mask at most, the latest. */
const WAITING = 64;
/** Queues with such writes at most. */
const QUEUES = 4096;
/** Nanoseconds after which a write has changed nothing: masks are read every second, on large hosts less often. */
const LATE = 60e9;

/** A change of a mask, as far as it is known who made it. */
export interface Change {
  /** In the order in which they wrote; empty where nobody has told. */
  readonly writers: readonly Writer[];
  /** When the last of them did, in seconds of the host's CLOCK_MONOTONIC. */
  readonly at: number | undefined;
}

/** Writes to rps_cpus that the loader has told of, until the changes that they made are seen. */
export class MaskWriters {
  readonly #waiting = new Map<string, MaskWrite[]>();

  add(writes: readonly MaskWrite[]): void {
    for (const write of writes) {
      if (write.result < 0) continue;
      const key = queueKey(write, write.queue);
      const waiting = [...(this.#waiting.get(key) ?? []), write];
      this.#waiting.delete(key);
      this.#waiting.set(key, waiting.filter(({ ns }) => ns > write.ns - LATE).slice(-WAITING));
    }
    for (const key of this.#waiting.keys()) {
      if (this.#waiting.size <= QUEUES) break;
      this.#waiting.delete(key);
    }
  }

  /** How many writes wait. */
  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** Who took a queue's mask from `before` to `after`. What they wrote later waits for the next change. */
  of(device: DeviceKey, queue: number, before: string, after: string): Change {
    const key = queueKey(device, queue);
    const waiting = this.#waiting.get(key) ?? [];
    const last = waiting.findLastIndex(({ rps_cpus: mask }) => mask === undefined || sameMask(mask, after));
    this.#waiting.set(key, waiting.slice(last + 1));
    let mask: string | undefined = before;
    const made = waiting.slice(0, last + 1).filter(({ rps_cpus: next }) => {
      const isChange = next === undefined || mask === undefined || !sameMask(mask, next);
      mask = next;
      return isChange;
    });
    const ns = made.at(-1)?.ns;
    return { writers: made.map(writerOf), at: ns === undefined ? undefined : ns / 1e9 };
  }
}

function writerOf({ comm, pid, uid, login }: MaskWrite): Writer {
  return { name: readable(comm), pid, uid, ...(login !== undefined && { login }) };
}

/** A name that may be anything, without what is no character to be seen: commands of terminals, changes of direction. */
const readable = (name: string) => name.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');

const queueKey = (device: DeviceKey, queue: number) => `${deviceKey(device)}/${queue}`;
