import { describe, expect, it } from 'vitest';
import { withKept } from '../../../shared/masks/kept';
import { Problem } from '../../../src/problem';
import type { HistoryWrite, QueueMask } from '../../../shared/messages/tuning';
import { planMasks, planWayBack } from '../../../src/tuning/plan';
import { cpus, device } from './scene';

const key = { netns: 7, ifindex: 2, instance: 5 };
const masks = (...lists: string[]): QueueMask[] => lists.map((list, queue) => ({ ...key, queue, list }));
const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error.code;
  }
  return undefined;
};

describe('a plan', () => {
  const scene = { cpus, devices: [device('eth0', ['f', '3', '0'])] };

  it('writes masks as wide as the kernel prints them, and leaves out what is there already', () => {
    expect(planMasks(masks('2-3', '0,1', ''), scene)).toEqual([
      {
        ...{ ...key, queue: 0, name: 'eth0', netnsName: undefined, conflict: undefined },
        ...{ path: '/sys/class/net/eth0/queues/rx-0/rps_cpus', before: 'f', after: 'c', kept: 'c' },
      },
    ]);
    const wide = { cpus, devices: [device('eth0', ['00000000,00000000,000000ff'])] };
    expect(planMasks(masks('64'), wide)[0]?.after).toBe('00000001,00000000,00000000');
  });

  it('says what the kernel will keep', () => {
    const some = cpus.map((cpu) => ({ ...cpu, online: cpu.id !== 2, isolated: cpu.id === 3 }));
    expect(planMasks(masks('1-3'), { ...scene, cpus: some })).toMatchObject([{ after: 'e', kept: '2' }]);
  });

  it('keeps what the loader says that the kernel keeps, isolated or not, and refuses what the kernel refuses', () => {
    const tickless = { ...scene, cpus: withKept(cpus, '0-1') };
    expect(planMasks(masks('1-3'), tickless)).toMatchObject([{ after: 'e', kept: '2' }]);
    expect(codeOf(() => planMasks(masks('2-3'), tickless))).toBe('MASK_REFUSED');
    const apart = cpus.map((cpu) => ({ ...cpu, isolated: cpu.id > 1 }));
    expect(planMasks(masks('2-3'), { ...scene, cpus: withKept(apart, '0-3') })).toMatchObject([
      { after: 'c', kept: 'c' },
    ]);
  });

  it('refuses lists that nobody can read, and queues that are not there', () => {
    for (const list of ['0-', 'x', '3-1', '99999', '0,,1']) {
      expect(codeOf(() => planMasks(masks(list), scene))).toBe('MASK_INVALID');
    }
    expect(codeOf(() => planMasks(masks('1', '1', '1', '1'), scene))).toBe('QUEUE_GONE');
    expect(codeOf(() => planMasks([{ ...key, instance: 6, queue: 0, list: '1' }], scene))).toBe('QUEUE_GONE');
  });
});

describe('the way back', () => {
  const old = (more: Partial<HistoryWrite> = {}): HistoryWrite => ({
    ...{ netns: 7, netnsName: undefined, name: 'eth0', queue: 0, before: '1', after: 'f' },
    ...more,
  });

  it('finds a device by its name, whatever its numbers are by now', () => {
    const scene = { cpus, devices: [device('eth0', ['f'], { netns: 8, ifindex: 3, instance: 9 })] };
    expect(planWayBack([old()], scene).writes).toMatchObject([
      { netns: 8, ifindex: 3, before: 'f', after: '1' },
    ]);
  });

  it('takes no other namespace for it, and no other process', () => {
    const scene = (netns_name: string) => ({
      cpus,
      devices: [device('eth0', ['f'], { netns: 8, netns_name })],
    });
    expect(planWayBack([old()], scene('blue'))).toMatchObject({ writes: [], gone: ['eth0, queue 0'] });
    expect(planWayBack([old({ netnsName: 'blue' })], scene('blue')).writes).toHaveLength(1);
    expect(planWayBack([old({ netnsName: 'pid 4' })], scene('pid 4')).writes).toEqual([]);
    const same = { netns: 8, netnsName: 'pid 4', instance: 5 };
    expect(planWayBack([old(same)], scene('pid 4')).writes).toHaveLength(1);
    expect(planWayBack([old({ ...same, instance: 4 })], scene('pid 4')).writes).toEqual([]);
  });

  it('tells what somebody else has changed since, and leaves out what is back already', () => {
    const scene = { cpus, devices: [device('eth0', ['f', '7', '1'])] };
    const { writes } = planWayBack([old(), old({ queue: 1 }), old({ queue: 2 })], scene);
    expect(writes.map(({ queue, before, conflict }) => [queue, before, conflict])).toEqual([
      [0, 'f', undefined],
      [1, '7', 'f'],
    ]);
  });
});
