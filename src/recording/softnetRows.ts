import type { FrameOf } from '../../shared/frames/frames';
import { Malformed } from './bytes';
import { shapes } from './packed';
import { advance, type TableData } from './table';

type SoftnetCpu = FrameOf<'softnet'>['cpus'][number];

/** Follows the softnet counters of a block, reading by reading; it begins before its opening. */
export class SoftnetRows {
  readonly #counters: Float64Array;
  /** The opening is number 0. */
  #next = 0;
  /** How many of its turns each row has had by then: an odd number where it is listed. */
  readonly #turned: Uint32Array;

  constructor(readonly data: TableData) {
    this.#counters = data.base.slice();
    this.#turned = new Uint32Array(data.rows);
    if (data.keys.some((cpu) => cpu < 0 || cpu > 0xffff)) throw new Malformed('no such CPU');
  }

  /** The counters of the CPUs that were online at the opening. */
  opening(): SoftnetCpu[] {
    return this.#listed(0);
  }

  /** Goes on to the next reading. */
  step(): SoftnetCpu[] {
    advance(this.data, this.#counters, this.#next++);
    return this.#listed(this.#next);
  }

  #listed(frame: number): SoftnetCpu[] {
    const cpus: SoftnetCpu[] = [];
    for (const [row, turns] of this.data.turns.entries()) {
      // They ascend, and so does the number of the frame.
      let turned = this.#turned[row] ?? 0;
      while ((turns[turned] ?? Infinity) <= frame) turned++;
      this.#turned[row] = turned;
      if (turned % 2 === 0) continue;
      const at = row * shapes.softnet.values;
      const [processed = 0, dropped = 0, squeezed = 0, ipis = 0, flowLimit = 0, backlog = -1] =
        this.#counters.subarray(at, at + shapes.softnet.values);
      cpus.push([this.data.keys[row] ?? 0, processed, dropped, squeezed, ipis, flowLimit, backlog]);
    }
    return cpus;
  }
}
