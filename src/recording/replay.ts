import { VALUES, type RowKey, type ToPanel } from '../../shared/messages/panel';
import { Counts } from '../trace/counts';
import type { History } from '../../shared/history';
import { changes } from '../trace/marks';
import { MaskWriters } from '../trace/maskWriters';
import { isPosition, type BlockData } from './block';
import { Decisions } from './decisions';
import { Slice } from './slice';
import { SoftnetRows } from './softnetRows';

/** Rows that are counted between two looks at the clock: some milliseconds. */
const ROWS = 16_384;

/** Plays one block through the model of a live trace. */
export class BlockReplay {
  readonly #decisions: Decisions;
  readonly #softnet: SoftnetRows;
  /** The next of the block's frames. */
  #next = 0;

  private constructor(
    readonly data: BlockData,
    readonly counts: Counts,
  ) {
    this.#decisions = new Decisions(data.tables.decisions, data.keys);
    this.#softnet = new SoftnetRows(data.tables.softnet);
  }

  /**
   * Begins at a position of the block, counted from 0.
   * @param history what was seen before the block; what the block saw until then is added.
   * @throws Malformed
   */
  static async at(data: BlockData, position: number, history: History): Promise<BlockReplay> {
    await addHistory(data, position, history);
    const slice = new Slice();
    history.renumber();
    const replay = new BlockReplay(data, new Counts(history));
    const { opening, positions } = data;
    for (const frame of opening) {
      if (frame.type === 'softnet') replay.counts.apply({ ...frame, cpus: replay.#softnet.opening() });
      else if (frame.type !== 'sample') replay.counts.apply(frame);
    }
    const base = opening.find((frame) => frame.type === 'sample');
    for (let skipped = 0; skipped < position;) {
      if (slice.isOver) await slice.next();
      const frame = data.frames[replay.#next++];
      if (frame === undefined) break;
      if (isPosition(frame)) {
        replay.#decisions.skip();
        skipped++;
      } else replay.#apply(frame);
    }
    // One sample stands for all that were skipped: counters are cumulative.
    const before = position > 0 ? positions[position - 1] : base;
    // Its rows may come in parts: without time between them they make no rates.
    for (let row = 0; before?.type === 'sample' && (row === 0 || row < data.keys.length); row += ROWS) {
      if (slice.isOver) await slice.next();
      replay.counts.apply({ ...before, rows: replay.#decisions.all(row, row + ROWS) });
    }
    await replay.step();
    return replay;
  }

  /** Goes on in the next block, which begins where another one ended. @throws Malformed */
  static after(data: BlockData, counts: Counts): BlockReplay {
    return new BlockReplay(data, counts);
  }

  /** Goes on to the next position; undefined when the block has no more. The messages are for who saw all before. */
  async step(): Promise<ToPanel[] | undefined> {
    const slice = new Slice();
    const messages: ToPanel[] = [];
    for (;;) {
      if (slice.isOver) await slice.next();
      const frame = this.data.frames[this.#next];
      if (frame === undefined) return undefined;
      this.#next++;
      if (isPosition(frame)) {
        messages.push(...this.counts.apply({ ...frame, rows: this.#decisions.step() }));
        return messages;
      }
      messages.push(...this.#apply(frame));
    }
  }

  #apply(frame: BlockData['frames'][number]): ToPanel[] {
    return this.counts.apply(frame.type === 'softnet' ? { ...frame, cpus: this.#softnet.step() } : frame);
  }
}

/** Adds what the first `count` positions of a block saw. @throws Malformed */
export async function addHistory(block: BlockData, count: number, history: History): Promise<void> {
  await addRates(block, count, history);
  await addMarks(block, count, history);
}

/** What changed on the host, as a live trace marks it. */
async function addMarks({ opening, frames }: BlockData, count: number, history: History): Promise<void> {
  const slice = new Slice();
  const writers = new MaskWriters();
  let devices = opening.find((frame) => frame.type === 'devices')?.devices;
  let at = opening.find((frame) => frame.type === 'sample')?.ns;
  let position = 0;
  for (const frame of frames) {
    if (position >= count) return;
    if (slice.isOver) await slice.next();
    if (frame.type === 'audit') writers.add(frame.writes);
    if (frame.type === 'devices') {
      if (devices && at !== undefined) {
        history.mark(changes(devices, frame.devices, at / 1e9, undefined, writers));
      }
      devices = frame.devices;
    }
    if (!isPosition(frame)) continue;
    at = frame.ns;
    position++;
  }
}

async function addRates(block: BlockData, count: number, history: History): Promise<void> {
  const { opening, positions, tables, keys } = block;
  const slice = new Slice();
  const decisions = new Decisions(tables.decisions, keys);
  const { rows, samples, changes: deltas } = tables.decisions;
  const added = keys.map(([netns, ifindex, queue, cpu, target, verdict, instance]): RowKey => {
    return { netns, ifindex, instance, queue, cpu, target, verdict };
  });
  history.renumber();
  history.apply({ added, index: new Uint32Array(), counts: new Uint32Array(), interval: undefined });
  let before = opening.find((frame) => frame.type === 'sample')?.ns;
  for (let position = 0; position < Math.min(count, positions.length); position++) {
    const frame = positions[position];
    if (frame?.type !== 'sample') return;
    if (slice.isOver) await slice.next();
    const seconds = before === undefined ? 0 : (frame.ns - before) / 1e9;
    before = frame.ns;
    if (seconds <= 0) continue;
    const index: number[] = [];
    for (let row = 0; row < rows; row++) if (decisions.changed(row, position)) index.push(row);
    const counts = new Float64Array(index.length * VALUES);
    for (const [place, row] of index.entries()) {
      counts[place * VALUES] = deltas[0]?.[row * samples + position] ?? 0;
    }
    history.apply({
      added: [],
      index: Uint32Array.from(index),
      counts,
      interval: { end: frame.ns / 1e9, seconds },
    });
  }
}
