import { describe, expect, it } from 'vitest';
import type { Device } from '../../../shared/frames/frames';
import { cpuMs } from '../cpuMs';
import { changes } from '../../../src/trace/marks';

const device = (name: string, ifindex: number, rps_cpus = '0'): Device => ({
  netns: 1,
  ifindex,
  instance: 0,
  name,
  queues: [{ rx: 0, rps_cpus, rps_flow_cnt: 0 }],
});

describe('marks', () => {
  it('name interfaces that came or went, and those whose masks were written', () => {
    const before = [device('eth0', 1), device('eth1', 2)];
    const after = [device('eth0', 1, 'f'), device('veth3', 3)];
    expect(changes(before, after, 12.5)).toEqual([
      { at: 12.5, what: 'masks', names: ['eth0'], count: 1 },
      { at: 12.5, what: 'came', names: ['veth3'], count: 1 },
      { at: 12.5, what: 'went', names: ['eth1'], count: 1 },
    ]);
  });

  it('are not made where nothing changed, and count what they do not name', () => {
    const many = Array.from({ length: 64 }, (_, place) => device(`veth${place}`, place));
    expect(changes(many, structuredClone(many), 1)).toEqual([]);
    expect(changes([], many, 1)).toMatchObject([{ names: ['veth0', 'veth1', 'veth2', 'veth3'], count: 64 }]);
  });

  it('are found in no more time than devices have queues', () => {
    const wide = (rps_cpus: string): Device => ({
      ...device('eth0', 1),
      queues: Array.from({ length: 65_536 }, (_, rx) => ({ rx, rps_cpus, rps_flow_cnt: 0 })),
    });
    const [before, after] = [[wide('0')], [wide('f')]];
    expect(cpuMs(() => changes(before, after, 1))).toBeLessThan(2000);
  });

  it('name a host with thousands of devices that were all written to', () => {
    const many = (mask: string) => Array.from({ length: 16_384 }, (_, at) => device(`v${at}`, at, mask));
    const [before, after] = [many('0'), many('f')];
    let found: unknown;
    expect(cpuMs(() => (found = changes(before, after, 1)))).toBeLessThan(1000);
    expect(found).toMatchObject([{ what: 'masks', count: 16_384 }]);
  });
});
