import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLoader } from '../../scripts/build-loader';
import { cpusOfMask } from '../../shared/masks/sameMask';
import { listOf, readList } from '../../shared/masks/cpuSet';
import { isRefused, keptOf, withKept } from '../../shared/masks/kept';
import type { FrameOf } from '../../shared/frames/frames';
import { bootGuest, type Guest } from './guest';
import type { KernelName } from './kernels';
import { loader, only, putLoader, whileTracing } from './loaderRun';

const FILE = '/sys/class/net/v0/queues/rx-0/rps_cpus';
const MASKS = Array.from({ length: 15 }, (_, index) => (index + 1).toString(16));
/** Prints each mask of 4 CPUs, and what the kernel keeps of it, or `refused`. */
const ask = `for mask in ${MASKS.join(' ')}; do
  echo 0 >${FILE}; if echo $mask >${FILE} 2>/dev/null; then echo $mask $(cat ${FILE}); else echo $mask refused; fi; done; echo .`;
const partition = (
  cpus: string,
) => `echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control; mkdir /sys/fs/cgroup/apart
  echo ${cpus} >/sys/fs/cgroup/apart/cpuset.cpus; echo isolated >/sys/fs/cgroup/apart/cpuset.cpus.partition`;

interface Case {
  readonly kernel: KernelName;
  readonly parameters: string;
  /** What the kernel keeps of `f`, then without CPU 1. */
  readonly keeps: readonly [string, string];
  /** CPUs that a partition isolates at run time, which kernels before 6.1 cannot. */
  readonly apart?: string;
  /** The same where the kernel shows them nowhere, as before 6.7. */
  readonly hidden?: string;
}

const cases: readonly Case[] = [
  { kernel: '5.10', parameters: 'isolcpus=domain,3', keeps: ['0-2', '0,2'] },
  { kernel: '6.1', parameters: 'nohz_full=3', keeps: ['0-2', '0,2'], hidden: '2' },
  { kernel: '6.12', parameters: 'nohz_full=2-3', keeps: ['0-1', '0'] },
  { kernel: '6.12', parameters: 'isolcpus=managed_irq,1-3 nohz_full=1-3', keeps: ['0', '0'] },
  { kernel: '6.12', parameters: 'isolcpus=nohz,2-3', keeps: ['0-3', '0,2-3'], apart: '2-3' },
  { kernel: '7.2', parameters: 'nohz_full=3', keeps: ['0-2', '0,2'], apart: '2' },
  { kernel: '7.2', parameters: 'isolcpus=domain,2-3', keeps: ['0-1', '0'] },
];

describe.each(cases)('what Linux $kernel with $parameters keeps of a mask', (each) => {
  const { kernel, parameters, keeps, apart, hidden } = each;
  let guest: Guest;
  let queue: string;
  let stages: string[][];
  let frames: Awaited<ReturnType<typeof whileTracing>>['frames'];

  beforeAll(async () => {
    guest = await bootGuest({ kernel, parameters });
  });
  beforeAll(async () => {
    await buildLoader();
    await putLoader(guest);
    await guest.run('ip link add v0 type veth peer name v1');
    const ifindex = (await guest.run('cat /sys/class/net/v0/ifindex')).trim();
    queue = `${(await guest.run('readlink /proc/self/ns/net | tr -dc 0-9')).trim()}:${ifindex}:0`;
    const isolated = [
      ...[apart ?? hidden].flatMap((cpus) => cpus ?? []).map(partition),
      ...(apart === undefined ? [':'] : [`told configuration '"id":${apart[0]},[^}]*"isolated":true'`]),
    ].join('\n');
    const run = await whileTracing(
      guest,
      `${ask}
       ${isolated}; ${ask}
       echo 'shadow 1 ${queue}=0-3' >&3; seen '"queues":\\[\\[.*"${keeps[0]}"\\]'
       echo 0 >/sys/devices/system/cpu/cpu1/online; told configuration '"id":1,"node":0,"online":false'; ${ask}
       seen '"queues":\\[\\[.*"${keeps[1]}"\\]'
       echo 1 >/sys/devices/system/cpu/cpu1/online; told configuration '"id":1,"node":0,"online":true'; ${ask}
       again() { [ $(grep -c '"queues":\\[\\[.*"${keeps[0]}"\\]' $out) -ge ${keeps[0] === keeps[1] ? 1 : 2} ]; }; soon again`,
    );
    frames = run.frames;
    stages = run.printed
      .trim()
      .split('.')
      .map((stage) => stage.trim().split('\n'));
  });
  afterAll(() => guest.stop());

  /** What the loader's answer says of each mask, in the words of `ask`. */
  const answers = ({ cpus = [], kept_cpus }: FrameOf<'configuration'>) =>
    MASKS.map((mask) => {
      const wanted = cpusOfMask(mask);
      const known = withKept(cpus, kept_cpus);
      const kept = keptOf(wanted, known).reduce((sum, cpu) => sum + 2 ** cpu, 0);
      return `${mask} ${isRefused(wanted, known) ? 'refused' : kept.toString(16)}`;
    });

  it('is what the loader tells, also after a partition, and while a CPU is offline and when it is back', () => {
    const told = only(frames, 'configuration');
    const without = told.filter(({ cpus }) => cpus?.some(({ id, online }) => id === 1 && !online));
    expect([told[0]?.kept_cpus, without[0]?.kept_cpus, told.at(-1)?.kept_cpus]).toEqual([...keeps, keeps[0]]);
    const [first, last] = [told[0], told.at(-1)];
    if (!first || !last || !without[0]) throw new Error('no configuration');
    expect(stages[0]).toEqual(answers(first));
    expect(stages[3]).toEqual(answers(last));
    // Partitions made meanwhile change nothing.
    expect(stages[1]).toEqual(stages[0]);
    const offline = stages[2] ?? [];
    for (const [place, answer] of answers(without[0]).entries()) {
      // Where the mask names CPUs that are offline, the kernel alone knows whether they are set apart as well.
      const isKnown = !cpusOfMask(MASKS[place] ?? '').includes(1) || !answer.endsWith(' 0');
      if (isKnown) expect(offline[place]).toBe(answer);
      else expect([answer, `${MASKS[place]} refused`]).toContain(offline[place]);
    }
  });

  it('is what candidates are computed with, anew when a CPU goes offline and when it is back', () => {
    const kept = only(frames, 'shadow').flatMap(({ candidates }) =>
      candidates.flatMap(({ queues = [] }) => queues.map(([, , , list]) => list)),
    );
    expect(kept).toEqual(keeps[0] === keeps[1] ? [keeps[0]] : [keeps[0], keeps[1], keeps[0]]);
  });

  it('refuses candidates that it refuses, with its reason', async () => {
    const refused = MASKS.filter((mask) => stages[0]?.includes(`${mask} refused`));
    for (const list of ['0-64', '70,3', ...refused.slice(0, 1).map((mask) => listOf(cpusOfMask(mask)))]) {
      const { stdout, code } = await guest.runRaw(`${loader} --duration 2 --what-if v0=${list}`);
      expect([list, code]).not.toEqual([list, 0]);
      const reason = list.includes('6') || list.includes('7') ? 'TOO_WIDE' : 'REFUSED';
      expect(stdout).toContain(`"code":"${reason}"`);
    }
    const masks = await whileTracing(
      guest,
      `echo 'shadow 1 ${queue}=0-64' >&3; seen 'the kernel refuses the mask of CPU 0-64'`,
    );
    expect(only(masks.frames, 'shadow').at(-1)?.error).toMatch(/^the kernel refuses/);
  });

  it('is what the doctor advises', async () => {
    const stdout = await guest.run(
      `echo 1 >${FILE}; ip link set v0 up; ip link set v1 up; ${loader} --check --format ndjson`,
    );
    const found = stdout.includes('"mask-one-cpu"') && stdout.includes('"device":"v0"');
    const advised = /echo ([0-9a-f]+) \| sudo tee \/sys\/class\/net\/v0\/queues/.exec(stdout)?.[1];
    const isolated = readList(apart ?? '');
    const usable = cpusOfMask(stages[0]?.at(-1)?.split(' ')[1] ?? '').filter(
      (cpu) => isolated.kind !== 'cpus' || !isolated.cpus.includes(cpu),
    );
    expect(found).toBe(usable.length > 1);
    expect(advised && listOf(cpusOfMask(advised))).toBe(usable.length > 1 ? listOf(usable) : undefined);
  });
});
