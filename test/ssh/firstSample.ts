import { EventEmitter, once } from 'node:events';
import type { Connection } from '../../src/hosts/connection';
import type { Binaries } from '../../src/loader/binaries';
import { startLoader } from '../../src/loader/start';
import type { Scene } from './scene';
import { startOptions } from './startOptions';

/** Milliseconds from the start of a loader until its first sample is read. It has gone after that. */
export async function firstSample(connection: Connection, scene: Scene, binaries: Binaries): Promise<number> {
  const frames = new EventEmitter();
  const began = performance.now();
  const sampled = once(frames, 'sample').then(() => performance.now() - began);
  const { run } = await startLoader(
    connection,
    startOptions(scene, binaries, { onFrame: ({ type }) => void frames.emit(type) }),
  );
  // A loader that ends before its first sample has none.
  const elapsed = await Promise.race([sampled, run.ended.then(() => undefined)]);
  run.stop();
  const ending = await run.ended;
  if (ending.kind === 'failed') throw ending.error;
  if (elapsed === undefined) throw new Error(`the loader ended without a sample: ${ending.reason}`);
  return elapsed;
}
