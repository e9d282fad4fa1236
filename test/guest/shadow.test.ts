import { describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import { cpuSet, listOf, maskOf, type CpuSet } from '../../shared/masks/cpuSet';
import type { Frame, Prediction, Row } from '../../shared/frames/frames';
import { randomNumbers } from '../randomNumbers';
import { bootForTests } from './bootForTests';
import { PACKETS, prepareFlows, QUEUES, replay } from './flows';
import { bootGuest, type Guest } from './guest';
import { keyOf, loader, only, putLoader, whileTracing } from './loaderRun';

const CPUS = 8;
const MASKS = 30;
const PER_ROUND = 4;

let guest: Guest;
let device: string;
let ifindex: number;

const boot = () => bootGuest({ cpus: CPUS });
bootForTests(boot, async (booted) => {
  guest = booted;
  await buildLoader();
  await putLoader(guest);
  await prepareFlows(guest);
  ifindex = Number(await guest.run('cat /sys/class/net/tun0/ifindex'));
  device = `${(await guest.run('readlink /proc/self/ns/net | tr -dc 0-9')).trim()}:${ifindex}`;
});

/** What a candidate gives each queue of tun0. */
type Masks = readonly CpuSet[];

const setMasks = (masks: Masks) =>
  masks
    .map((cpus, rx) => `echo ${maskOf(cpus, CPUS)} >/sys/class/net/tun0/queues/rx-${rx}/rps_cpus`)
    .join('\n');
const all = Array.from({ length: QUEUES }, () => cpuSet(Array.from({ length: CPUS }, (_, cpu) => cpu)));

/** The line that sets candidates, numbered from 1. */
const shadow = (candidates: readonly Masks[]) =>
  `shadow ${candidates
    .map((masks, id) => [id + 1, ...masks.map((cpus, rx) => `${device}:${rx}=${listOf(cpus)}`)].join(' '))
    .join(' ; ')}`;
/** Sets candidates, and waits until they are. */
const setShadow = (candidates: readonly Masks[]) => `
  sets=$(grep -c '"queues":' $out); echo '${shadow(candidates)}' >&3
  until [ $(grep -c '"queues":' $out) -gt $sets ]; do sleep 0.05; done`;
/** Waits until what was counted has been told, and prints how many lines were told by then. */
const mark = `
  samples=$(grep -c '"type":"sample"' $out)
  until [ $(grep -c '"type":"sample"' $out) -ge $((samples + 2)) ]; do sleep 0.05; done
  wc -l <$out`;

/** Packets of tun0 by the queue and the CPU that get_rps_cpu() returned for them. */
type ByTarget = Readonly<Record<string, number>>;

interface Packets {
  readonly row: Row | Prediction;
  readonly skbs: number;
}

function byTarget(packets: readonly Packets[]): ByTarget {
  const counts: Record<string, number> = {};
  for (const { row, skbs } of packets) {
    if (row[1] !== ifindex || skbs === 0) continue;
    const key = `rx ${row[2]} → ${row[4]}`;
    counts[key] = (counts[key] ?? 0) + skbs;
  }
  return counts;
}

const sum = (counts: ByTarget) => Object.values(counts).reduce((all, count) => all + count, 0);

/** What was counted between two marks. */
function counted(frames: readonly Frame[], from: number, to: number): ByTarget {
  const last = (end: number) =>
    new Map(only(frames.slice(0, end), 'sample').flatMap(({ rows }) => rows.map((row) => [keyOf(row), row])));
  const before = last(from);
  return byTarget(
    [...last(to).values()].map((row) => ({ row, skbs: row[6] - (before.get(keyOf(row))?.[6] ?? 0) })),
  );
}

/** What was predicted for a candidate between two marks, since the candidates were set. */
function predicted(frames: readonly Frame[], from: number, to: number, id: number): ByTarget {
  const rows = new Map<string, Prediction>();
  for (const { candidates, flow = [] } of only(frames.slice(from, to), 'shadow')) {
    for (const candidate of candidates.filter((each) => each.id === id)) {
      if (candidate.queues !== undefined) rows.clear();
      for (const row of [...flow, ...candidate.rows]) rows.set(row.slice(0, 5).join(' '), row);
    }
  }
  return byTarget([...rows.values()].map((row) => ({ row, skbs: row[5] })));
}

describe('candidate masks', () => {
  it(`predict to the packet what ${MASKS} random masks then do to 240 flows on ${QUEUES} queues`, async () => {
    const random = randomNumbers(7);
    const someCpus = () => {
      const density = random();
      return cpuSet(Array.from({ length: CPUS }, (_, cpu) => cpu).filter(() => random() < density));
    };
    const candidates = Array.from({ length: MASKS }, () => all.map(someCpus));
    const rounds = Array.from({ length: Math.ceil(MASKS / PER_ROUND) }, (_, round) =>
      candidates.slice(round * PER_ROUND, (round + 1) * PER_ROUND),
    );
    const { frames, printed } = await whileTracing(
      guest,
      rounds
        .map(
          (round) => `${setMasks(all)}
            ${setShadow(round)}
            ${mark}; ${replay}; ${mark}
            ${round.map((masks) => `${setMasks(masks)}; ${replay}; ${mark}`).join('\n')}`,
        )
        .join('\n'),
      '--interval 50',
    );
    const marks = printed.trim().split('\n').map(Number);
    for (const round of rounds) {
      const [set = NaN, shadowed = NaN, ...applied] = marks.splice(0, 2 + round.length);
      const { largest } = only(frames.slice(0, shadowed), 'shadow').at(-1) ?? {};
      const [, , , first = NaN] = largest?.find(([, , rx]) => rx === 0) ?? [];
      // Flows whose hashes fall together take from each other.
      expect(first).toBeGreaterThan(0.9 * (PACKETS / 4));
      expect(first).toBeLessThanOrEqual(PACKETS / 4);
      for (const [index, masks] of round.entries()) {
        const from = applied[index - 1] ?? shadowed;
        const real = counted(frames, from, applied[index] ?? NaN);
        expect(predicted(frames, set - 3, shadowed, index + 1), JSON.stringify(masks)).toEqual(real);
        expect(sum(real)).toBe(PACKETS);
      }
    }
    expect(marks).toEqual([]);
    expect(only(frames, 'shadow').every(({ lost = 0 }) => lost === 0)).toBe(true);
  });

  it('say what they cannot know: packets without a hash, as their queue has no mask', async () => {
    const one = all.map(() => cpuSet([3]));
    const { frames, printed } = await whileTracing(
      guest,
      `${setMasks(all.map(() => []))}; echo f >/sys/class/net/lo/queues/rx-0/rps_cpus
       ${setShadow([all, one, all.map(() => [])])}; ${mark}; ${replay}; ${mark}
       echo 0 >/sys/class/net/lo/queues/rx-0/rps_cpus`,
      '--interval 50',
    );
    const [set = NaN, shadowed = NaN] = printed.trim().split('\n').map(Number);
    const targets = (id: number) =>
      new Set(Object.keys(predicted(frames, set - 3, shadowed, id)).map((key) => key.split(' → ')[1]));
    expect(targets(1)).toEqual(new Set(['-2']));
    expect(targets(2)).toEqual(new Set(['3'])); // whatever the hash
    expect(targets(3)).toEqual(new Set(['-1']));
    expect(sum(predicted(frames, set - 3, shadowed, 1))).toBe(PACKETS);
  });

  it('are told when the kernel asks for no packet, so that there is nothing to predict from', async () => {
    const { frames } = await whileTracing(
      guest,
      `${setMasks(all.map(() => []))}; ${setShadow([all])}; ${replay}; told shadow '"asked":false'`,
      '--interval 50',
    );
    expect(only(frames, 'shadow').at(-1)).toMatchObject({ asked: false, candidates: [{ id: 1, rows: [] }] });
  });

  it('are refused with a reason, and replaced by none', async () => {
    const lines = [
      'shadow 1 1:2:0=0-x',
      'shadow 1 eth0:0=1',
      'shadow x',
      'shadow 1;2;3;4;5',
      `shadow 1 ${Array.from({ length: 600 }, (_, queue) => `1:2:${queue}=1`).join(' ')}`,
    ];
    const { frames } = await whileTracing(
      guest,
      `${lines.map((line) => `echo '${line}' >&3`).join('\n')}
       echo 'shadow' >&3; seen '"candidates":\\[\\],"flow"'`,
    );
    expect(only(frames, 'shadow').filter(({ error }) => error !== undefined)).toHaveLength(lines.length);
  });

  it('are shown in a terminal by --what-if, which leaves the masks as they are', async () => {
    const command = `${loader} --duration 600 --format table --what-if 'tun0=0-1' --what-if 'tun0:0=7 tun0:1=7'`;
    // Each CPU finds its own largest flow: the replay must not move from one to another. Flows whose hashes, which differ from
    // boot to boot, fall together take from each other.
    const report = await guest.run(
      `${setMasks(all)}; taskset -cp 0 $(pgrep -f replay.pl) >/dev/null
       ${command} </dev/null >/tmp/report 2>/tmp/notice & loader=$!
       until grep -q Counting /tmp/notice; do kill -0 $loader || break; sleep 0.05; done
       ${replay}; kill -INT $loader; wait $loader
       cat /tmp/report /sys/class/net/tun0/queues/*/rps_cpus`,
    );
    expect(report).toMatch(/now +what if 1 +what if 2/);
    expect(report).toMatch(/CPU 0, node 0/);
    expect(report).toMatch(/cannot be predicted +0\.0 % +0\.0 % +0\.0 %/);
    const largest = Number(
      /The largest flow has (.*) %: no mask gets below that on one CPU\./.exec(report)?.[1],
    );
    expect(largest).toBeGreaterThan(0.9 * 25);
    expect(largest).toBeLessThanOrEqual(25);
    expect(report.trim().split('\n').slice(-QUEUES)).toEqual(all.map(() => 'ff'));
  });

  it.each([
    ["--what-if 'tun0:0'", 'USAGE'],
    ["--what-if 'tun0:x=1'", 'USAGE'],
    ["--what-if 'tun0=f'", 'USAGE'],
    ["--what-if 'absent0=1'", 'NO_DEVICE'],
    ["--what-if 'tun0:99=1'", 'NO_DEVICE'],
    ["--backend kprobe --what-if 'tun0=1'", 'SHADOW_UNAVAILABLE'],
  ])('refuse %s', async (options, code) => {
    const { stdout } = await guest.runRaw(`${loader} --duration 600 --format ndjson ${options} </dev/null`);
    expect(stdout).toContain(`"code":"${code}"`);
  });
});
