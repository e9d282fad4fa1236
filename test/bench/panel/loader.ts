import type { FrameOf } from '../../../src/protocol/frames';
import { recordedTraffic } from '../recordedTraffic';

// A program that prints what the loader prints on a busy host, ten samples a second in each of which every cell changes:
// `loader.ts CPUS`. It ends with the process that started it.

const INTERVAL_MS = 100;
/** So many samples are made up beforehand; after them their increments come again, as making them takes longer than 0.1 s. */
const MADE = 16;
/** Decisions per second and cell: enough that no cell stands still. */
const RATE = 3000;

type Told = FrameOf<'hello' | 'devices' | 'softnet'>;

const cpus = Number(process.argv[2]);
const cells = cpus * cpus;
const frames = recordedTraffic({ cpus, interfaces: 8, rate: RATE * cells });
const opening: Told[] = [];
const prefixes: string[] = [];
/** Skbs, segments and bytes of each cell, since the start after each sample that is made up. */
const made: Float64Array[] = [];
const softnets: FrameOf<'softnet'>[] = [];

while (softnets.length < MADE) {
  const frame = frames.next().value;
  if (frame.type === 'hello') opening.push({ ...frame, interval_ms: INTERVAL_MS });
  if (frame.type === 'devices') opening.push(frame);
  if (frame.type === 'softnet') softnets.push(frame);
  if (frame.type !== 'sample') continue;
  if (frame.rows.length !== cells) throw new Error(`Only ${frame.rows.length} cells change.`);
  if (made.length === 0) {
    for (const row of frame.rows) prefixes.push(JSON.stringify(row.slice(0, 6)).slice(0, -1));
  }
  made.push(Float64Array.from(frame.rows.flatMap((row) => row.slice(6, 9) as number[])));
}

/** The line of the sample with this number. */
function line(seq: number): string {
  const round = Math.floor(seq / MADE);
  const now = made[seq % MADE];
  const whole = made[MADE - 1];
  if (!now || !whole) throw new Error('Nothing was made up.');
  const rows = prefixes.map((prefix, row) => {
    const value = (place: number) => (whole[row * 3 + place] ?? 0) * round + (now[row * 3 + place] ?? 0);
    return `${prefix},${value(0)},${value(1)},${value(2)},0]`;
  });
  return `{"type":"sample","seq":${seq},"ns":${(10_000 + seq) * INTERVAL_MS * 1e6},"rows":[${rows.join()}]}\n`;
}

/** What softnet_stat says at the time of that sample. */
function softnet(seq: number): FrameOf<'softnet'> {
  const round = Math.floor(seq / MADE);
  const now = softnets[seq % MADE]?.cpus ?? [];
  const whole = softnets[MADE - 1]?.cpus ?? [];
  return {
    type: 'softnet',
    ns: (10_000 + seq) * INTERVAL_MS * 1e6,
    cpus: now.map(([cpu, processed, dropped, squeezed, ipis, limited, backlog], place) => [
      ...([cpu, processed + round * (whole[place]?.[1] ?? 0), dropped, squeezed] as const),
      ...([ipis + round * (whole[place]?.[4] ?? 0), limited, backlog] as const),
    ]),
  };
}

process.once('disconnect', () => process.exit());
const say = (frame: object) => process.stdout.write(`${JSON.stringify(frame)}\n`);
opening.forEach(say);
say({ type: 'configuration', netdev_max_backlog: 1000 });
say({ type: 'findings', findings: [] });
let seq = 0;
setInterval(() => {
  // As the loader does: while output waits, samples are left out.
  if (process.stdout.writableLength > 0) return;
  process.stdout.write(line(seq));
  say(softnet(seq));
  seq++;
}, INTERVAL_MS);
