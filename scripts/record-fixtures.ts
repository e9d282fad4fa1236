import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Recorder } from '../src/recording/recorder';
import { Counts } from '../src/trace/counts';
import { bootGuest } from '../test/guest/guest';
import { framesOf, loader, putLoader } from '../test/guest/loaderRun';
import { startTraffic } from '../test/guest/traffic';
import { buildLoader } from './build-loader';

// Makes the recordings in test/fixtures anew, from the guest of the demo: `node scripts/bootstrap.mjs scripts/record-fixtures.ts`.

const SECONDS = 90;
const folder = fileURLToPath(new URL('../test/fixtures', import.meta.url));

await buildLoader();
await mkdir(folder, { recursive: true });
await using guest = await bootGuest();
await putLoader(guest);
await startTraffic(guest);
const started = Date.now();
const stdout = await guest.run(
  `${loader} --format ndjson --filter 'not port 22' --duration ${SECONDS} </dev/null`,
  { timeout: SECONDS + 120 },
);

const counts = new Counts();
const [hello, ...frames] = framesOf(stdout);
if (!hello) throw new Error('The loader said nothing.');
counts.apply(hello);
/** The frames come all at once here: their own clock says when each was made, in nanoseconds. */
let [first, last]: (number | undefined)[] = [];
const recorder = await Recorder.create(
  join(folder, 'demo.rpsrec'),
  { host: 'demo-guest', started, extension: '0.1.0' },
  () => counts.opening(),
  (problem) => {
    throw problem;
  },
  () => started + ((last ?? 0) - (first ?? 0)) / 1e6,
);
for (const frame of frames) {
  counts.apply(frame);
  if (frame.type === 'sample') {
    first ??= frame.ns;
    last = frame.ns;
  }
  recorder.add(frame);
}
await recorder.finish();
console.log(`${recorder.path}: ${recorder.bytes} bytes`);
