import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { Player } from '../../src/recording/player';
import { Recorder } from '../../src/recording/recorder';
import { Recording } from '../../src/recording/recording';
import { fileSource } from '../../src/recording/source';
import { Counts } from '../../src/trace/counts';
import { heldMemory } from './memory';
import { recordedTraffic } from './recordedTraffic';
import type { Section } from './section';

const HOUR = 3600;
const SETTLED = 600;

/** An hour of a busy host with 64 CPUs at a sample a second: recorded, and opened again. */
export const recording: Section = {
  name: 'recording',
  async measure(bench) {
    const folder = await mkdtemp(join(tmpdir(), 'rps-trace-bench-'));
    try {
      bench.say('recording an hour of 64 CPUs, 8 interfaces and 4096 cells that all change');
      const { path, growth } = await record(join(folder, 'hour.rpsrec'));
      const { size } = await stat(path);
      const { first, middle, past } = await open(path);
      return {
        figures: [
          { what: 'recording of an hour, 64 CPUs at 1 Hz', value: size / 1e6, unit: 'MB', goal: 20 },
          { what: 'opening it, to the first picture', value: first, unit: 'ms', goal: 1000 },
          { what: 'going to its middle', value: middle, unit: 'ms', goal: 1000 },
          { what: 'the hour before that in the chart', value: past, unit: 'ms' },
          { what: 'memory after the hour, over that after 10 min', value: growth, unit: '×', goal: 1.1 },
        ],
      };
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

async function record(path: string): Promise<{ path: string; growth: number }> {
  const frames = recordedTraffic({ cpus: 64, interfaces: 8, rate: 1_000_000 });
  const counts = new Counts();
  for (let told = 0; told < 2; told++) counts.apply(frames.next().value);
  const meta = { host: 'bench', started: Date.now(), extension: '0' };
  const recorder = await Recorder.create(
    path,
    meta,
    () => counts.opening(),
    (problem) => {
      throw problem;
    },
  );
  let settled = NaN;
  for (let second = 0; second < HOUR;) {
    const frame = frames.next().value;
    counts.apply(frame);
    recorder.add(frame);
    if (frame.type !== 'sample') continue;
    second++;
    // The disk and the compression get as much time as a second of a real trace gives them.
    while (recorder.waiting > 0) await breathe();
    if (second === SETTLED) settled = heldMemory();
  }
  const growth = heldMemory() / settled;
  await recorder.finish();
  return { path, growth };
}

/** Milliseconds to the first picture, to one in the middle, and until that has its past. */
async function open(path: string): Promise<{ first: number; middle: number; past: number }> {
  const began = performance.now();
  let shown: ((at: number) => void) | undefined;
  const picture = () => new Promise<number>((resolve) => (shown = resolve));
  const opened = await Recording.open(await fileSource(path));
  const player = new Player(opened, ({ type }) => type === 'snapshot' && shown?.(performance.now()));
  const [first] = await Promise.all([picture(), player.seek(0)]);
  const asked = performance.now();
  const [middle] = await Promise.all([picture(), player.seek(opened.positions >> 1)]);
  const past = performance.now() - asked;
  player.dispose();
  await opened.close();
  return { first: first - began, middle: middle - asked, past };
}
