import { describe, expect, it } from 'vitest';
import { listOf, maskOf, readList, readMask } from '../../shared/masks/cpuSet';
import { randomMasks } from '../unit/shared/masks/randomMasks';
import { bootForTests } from './bootForTests';
import { bootGuest, type Guest } from './guest';

/*
 * A guest has few CPUs, but possible_cpus= makes Linux 6.1 count with 4096. Its bitmap_parse(), which rps_cpus goes through
 * as well, and its printing are compared at tracing_cpumask, which keeps every CPU that is possible where rps_cpus keeps
 * those online. Lists are compared at cpuset.cpus, as far as they fit into the page that it takes.
 */
const WIDTH = 4096;
const PAGE = 4096;

describe('the codec for masks and the parser of a kernel with 4096 CPUs', () => {
  let guest: Guest;
  const boot = () =>
    bootGuest({
      ...{ kernel: '6.1', cpus: 2, nodes: 1, memory: 4096 },
      parameters: `possible_cpus=${WIDTH} earlyprintk=ttyS0`,
    });
  bootForTests(boot, async (booted) => {
    guest = booted;
    await guest.run('echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control; mkdir /sys/fs/cgroup/masks');
  });

  it('agree on random masks of 1 to 4096 CPUs, in both directions', async () => {
    const masks = randomMasks(80, WIDTH, 2).filter(({ cpus }) => cpus.length > 0);
    const lists = masks.map(({ cpus }) => listOf(cpus)).map((list) => (list.length < PAGE ? list : ''));
    expect(lists.filter((list) => list !== '').length).toBeGreaterThan(masks.length / 3);
    const printed = await guest.run(
      'while read mask list; do echo $mask >/sys/kernel/tracing/tracing_cpumask || exit; cat /sys/kernel/tracing/tracing_cpumask; echo $list >/sys/fs/cgroup/masks/cpuset.cpus || exit; cat /sys/fs/cgroup/masks/cpuset.cpus; done',
      { input: masks.map(({ width, cpus }, index) => `${maskOf(cpus, width)} ${lists[index]}\n`).join('') },
    );
    const lines = printed.trim().split('\n');
    expect(lines).toHaveLength(2 * masks.length);
    for (const [index, { cpus }] of masks.entries()) {
      const [mask = '', list = ''] = lines.slice(2 * index, 2 * index + 2);
      expect(mask).toBe(maskOf(cpus, WIDTH));
      expect(readMask(mask)).toEqual({ kind: 'cpus', cpus });
      expect(list).toBe(lists[index]);
      if (list !== '') expect(readList(list)).toEqual({ kind: 'cpus', cpus });
    }
  });

  it('take and refuse the same at rps_cpus', async () => {
    const file = '/sys/class/net/lo/queues/rx-0/rps_cpus';
    const accepted = async (mask: string) => (await guest.runRaw(`echo ${mask} >${file}`)).code === 0;
    for (const mask of ['3', '1,00000003', '00000000,3', maskOf([0, WIDTH - 1], WIDTH)]) {
      expect([mask, readMask(mask).kind, await accepted(mask)]).toEqual([mask, 'cpus', true]);
    }
    for (const mask of ['100000003', 'x', '0x3', '3-4']) {
      expect([mask, readMask(mask).kind, await accepted(mask)]).toEqual([mask, 'bad', false]);
    }
  });
});
