import type { FrameOf } from '../../../shared/frames/frames';
import { recordedTraffic } from '../recordedTraffic';
import { SampleLine } from './sampleLine';

// A program that prints what the loader prints on a busy host, ten samples a second in each of which every cell changes:
// `loader.ts CPUS`. It ends with the process that started it.

const INTERVAL_MS = 100;
/** So many samples are made up beforehand; after them the same increments come again, as making them takes longer. */
const MADE = 16;
/** Decisions per second and cell: enough that no cell stands still. */
const RATE = 3000;

const cpus = Number(process.argv[2]);
const cells = cpus * cpus;
const frames = recordedTraffic({ cpus, interfaces: 8, rate: RATE * cells });
const opening: FrameOf<'hello' | 'devices'>[] = [];
const samples: FrameOf<'sample'>[] = [];
const softnets: FrameOf<'softnet'>[] = [];
while (softnets.length <= MADE) {
  const frame = frames.next().value;
  if (frame.type === 'hello') opening.push({ ...frame, interval_ms: INTERVAL_MS });
  if (frame.type === 'devices') opening.push(frame);
  if (frame.type === 'sample') samples.push(frame);
  if (frame.type === 'softnet') softnets.push(frame);
}
if (samples.some(({ rows }) => rows.length !== cells)) throw new Error('Not every cell changes.');

/** How much each counter grows in each of the samples. */
const increments = samples.slice(1).map(({ rows }, before) =>
  Int32Array.from(rows.flatMap((row, cell) => row.slice(6, 9).map((value, place) => {
    return Number(value) - Number(samples[before]?.rows[cell]?.[6 + place]);
  }))),
); // prettier-ignore
const line = new SampleLine(samples[0]?.rows ?? []);
samples.length = 0;

const say = (frame: object) => process.stdout.write(`${JSON.stringify(frame)}\n`);
process.once('disconnect', () => process.exit());
opening.forEach(say);
say({ type: 'configuration', netdev_max_backlog: 1000 });
say({ type: 'findings', findings: [] });
let seq = 0;
setInterval(() => {
  // As the loader does: while output waits, samples are left out.
  if (process.stdout.writableLength > 0) return;
  const ns = 1e12 + seq * INTERVAL_MS * 1e6;
  line.add(increments[seq % MADE] ?? new Int32Array());
  for (const part of line.parts(seq, ns)) process.stdout.write(part);
  const softnet = softnets[seq % MADE];
  if (softnet) say({ ...softnet, ns });
  seq++;
}, INTERVAL_MS);
