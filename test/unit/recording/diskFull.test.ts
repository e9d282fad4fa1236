import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runAsRoot } from '../../../scripts/run';
import type { Problem } from '../../../src/problem';
import { Recorder } from '../../../src/recording/recorder';
import { Recording } from '../../../src/recording/recording';
import { fileSource } from '../../../src/recording/source';
import { Counts } from '../../../src/trace/counts';
import { recordedTraffic } from '../../bench/recordedTraffic';

// A file system of its own that is really full: what stands in for one knows nothing of half-written blocks.

const SIZE = 512 * 1024;
let disk: string;
beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'rps-trace-disk-'));
  await runAsRoot('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=1777`, 'none', disk]);
});
afterEach(async () => {
  await runAsRoot('umount', [disk]);
  await rmdir(disk);
});

it('a recording whose disk fills up ends there, says what mends it, and keeps its whole blocks', async () => {
  const frames = recordedTraffic({ cpus: 16, interfaces: 2, rate: 1_000_000 });
  const counts = new Counts();
  for (let told = 0; told < 2; told++) counts.apply(frames.next().value);
  const problems: Problem[] = [];
  const meta = { host: 'web-1', started: Date.now(), extension: '0' };
  const recorder = await Recorder.create(
    join(disk, 'a.rpsrec'),
    meta,
    () => counts.opening(),
    (problem) => problems.push(problem),
  );
  for (let samples = 0; samples < 600;) {
    const frame = frames.next().value;
    counts.apply(frame);
    recorder.add(frame);
    if (frame.type !== 'sample') continue;
    samples++;
    await expect.poll(() => recorder.waiting, { interval: 5 }).toBe(0);
  }
  // It was told already; finishing is not a second failure.
  await recorder.finish();
  expect(problems.map(({ code, hint }) => `${code}: ${hint}`)).toEqual([
    'RECORDING_FAILED: The disk is full. What was recorded until then is kept. Make room, and start recording again.',
  ]);
  const { size } = await stat(recorder.path);
  expect(size).toBe(recorder.bytes);
  expect(size).toBeGreaterThan(100_000);
  expect(size).toBeLessThan(SIZE);
  const recording = await Recording.open(await fileSource(recorder.path));
  expect(recording.blocks.length).toBeGreaterThan(0);
  for (const number of recording.blocks.keys()) await recording.read(number);
  await recording.close();
}, 60_000);
