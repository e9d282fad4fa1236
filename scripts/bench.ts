import { mkdir, writeFile } from 'node:fs/promises';
import { atRest, firstProbe, firstSample } from '../test/bench/process';
import { measure, variants } from '../test/bench/programs';
import { bootGuest } from '../test/guest/guest';
import { putLoader } from '../test/guest/loaderRun';
import { buildLoader } from './build-loader';

// `npm run bench`: in one guest, interleaved rounds, medians. Prints a table and writes bench/results.json.

const ROUNDS = 5;

interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

await buildLoader();
await using guest = await bootGuest();
await putLoader(guest);
await guest.run(
  `mkdir /tmp/bench; mkfifo /tmp/bench/stdin; sysctl -qw kernel.bpf_stats_enabled=1; echo f >/sys/class/net/lo/queues/rx-0/rps_cpus`,
);

const rounds = new Map<string, number[]>();
const note = (name: string, value: number) => rounds.set(name, [...(rounds.get(name) ?? []), value]);
for (let round = 1; round <= ROUNDS; round++) {
  console.error(`round ${round} of ${ROUNDS}`);
  for (const variant of variants) note(variant.name, await measure(guest, variant));
  note('first sample', await firstSample(guest));
  note('first probe', await firstProbe(guest));
}
const of = (name: (typeof variants)[number]['name'] | 'first sample' | 'first probe') =>
  median(rounds.get(name) ?? []);
const rest = await atRest(guest);

const figures: Figure[] = [
  ...variants.map(({ name }) => ({ what: `${name}, a decision`, value: of(name), unit: 'ns' })),
  {
    what: 'fexit against an empty fexit program',
    value: of('fexit') / of('empty fexit'),
    unit: '×',
    goal: 1.5,
  },
  {
    what: 'the same with RFS on',
    value: of('fexit, RFS') / of('empty fexit, RFS'),
    unit: '×',
    goal: 3,
  },
  { what: 'fexit against bpftrace', value: of('fexit') / of('bpftrace count()'), unit: '×', goal: 0.3 },
  { what: 'kprobe against kprobe + kretprobe', value: of('kprobe') / of('kretprobe'), unit: '×', goal: 0.5 },
  { what: 'first sample', value: of('first sample'), unit: 'ms' },
  { what: "bpftrace's first probe", value: of('first probe'), unit: 'ms' },
  { what: 'the one against the other', value: of('first sample') / of('first probe'), unit: '×', goal: 0.1 },
  { what: 'resident memory, both processes, 4 CPUs', value: rest.mebibytes, unit: 'MiB', goal: 4 },
  { what: 'CPU while idle, 10 samples a second', value: rest.percentOfCpu, unit: '%', goal: 1 },
];

for (const { what, value, unit, goal } of figures) {
  const judged = goal === undefined ? '' : `at most ${goal} ${value <= goal ? 'reached' : 'MISSED'}`;
  console.log(`${what.padEnd(42)} ${value.toFixed(2).padStart(9)} ${unit.padEnd(4)} ${judged}`);
}
await mkdir('bench', { recursive: true });
const host = (await guest.run('uname -rm')).trim();
const json = { host, cpus: 4, rounds: ROUNDS, figures, every: Object.fromEntries(rounds) };
await writeFile('bench/results.json', `${JSON.stringify(json, null, 2)}\n`);
