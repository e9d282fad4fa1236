import { setImmediate as breathe } from 'node:timers/promises';
import { MAX_TURN_MS } from '../../shared/limits';

/** Long work on a file, cut into slices so that the extension host does other things in between. */
export class Slice {
  #since = performance.now();

  /** Whether `next` is due: to be asked often, as an await costs more than the work between two of them. */
  get isOver(): boolean {
    return performance.now() - this.#since > MAX_TURN_MS;
  }

  /** Lets everything else go first. */
  async next(): Promise<void> {
    await breathe();
    this.#since = performance.now();
  }
}
