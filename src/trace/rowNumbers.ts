import type { Row } from '../../shared/frames/frames';
import { MAX_ROWS } from '../../shared/limits';
import type { RowKey } from '../../shared/messages/panel';

/** Places at first; a power of two, as always. */
const PLACES = 128;

/**
 * Finds the number of a row by what identifies it. A hash table with open addressing over whole numbers: texts as keys of a
 * Map take ten times as long, and a busy host sends 65,536 rows ten times a second.
 */
export class RowNumbers {
  /** What identifies each row, by its number. */
  readonly keys: RowKey[] = [];
  /** Numbers plus 1; 0 is free. At most half of them are in use. */
  #places = new Int32Array(PLACES);

  constructor(private readonly most = MAX_ROWS) {}

  /** The number of a row; the next one at its first sight, or undefined where there are as many as may be. */
  take(row: Row): number | undefined {
    const [netns, ifindex, queue, cpu, target, verdict, , , , instance] = row;
    for (let place = this.#hash(netns, ifindex, queue, cpu, target, instance); ; place++) {
      const at = place & (this.#places.length - 1);
      const number = (this.#places[at] ?? 0) - 1;
      const key = this.keys[number];
      if (!key) {
        if (this.keys.length >= this.most) return undefined;
        this.#places[at] = this.keys.push({ netns, ifindex, instance, queue, cpu, target, verdict });
        this.#grow();
        return this.keys.length - 1;
      }
      if (
        key.target === target &&
        key.cpu === cpu &&
        key.queue === queue &&
        key.ifindex === ifindex &&
        key.instance === instance &&
        key.netns === netns &&
        key.verdict === verdict
      ) {
        return number;
      }
    }
  }

  /** The few verdicts of what is else the same stand one after the other. */
  #hash(
    netns: number,
    ifindex: number,
    queue: number,
    cpu: number,
    target: number,
    instance: number,
  ): number {
    let hash =
      Math.imul(netns, 0x9e3779b1) ^ Math.imul(ifindex, 0x85ebca6b) ^ Math.imul(instance, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15) ^ queue, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 13) ^ cpu, 0x165667b1);
    hash = Math.imul(hash ^ (hash >>> 16) ^ target, 0x9e3779b1);
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #grow(): void {
    if (this.keys.length * 2 <= this.#places.length) return;
    const wider = new Int32Array(this.#places.length * 2);
    for (const [number, { netns, ifindex, queue, cpu, target, instance }] of this.keys.entries()) {
      let place = this.#hash(netns, ifindex, queue, cpu, target, instance);
      while (wider[place & (wider.length - 1)]) place++;
      wider[place & (wider.length - 1)] = number + 1;
    }
    this.#places = wider;
  }
}
