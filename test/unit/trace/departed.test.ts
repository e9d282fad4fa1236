import { describe, expect, it } from 'vitest';
import type { Device, Frame, Row } from '../../../shared/frames/frames';
import type { ToPanel } from '../../../shared/messages/panel';
import { Counts } from '../../../src/trace/counts';

const device = (instance: number, name: string): Device => ({
  ...{ netns: 1, ifindex: 9, instance, name },
  queues: [{ rx: 0, rps_cpus: 'f', rps_flow_cnt: 0 }],
});
const devices = (...list: Device[]): Frame => ({ type: 'devices', devices: list });
const sample = (seq: number, ...instances: number[]): Frame => {
  const rows = instances.map((instance): Row => [1, 9, 0, 0, 1, 'map', 5, 5, 500, instance]);
  return { type: 'sample', seq, ns: seq * 1e9, rows };
};
const gone = (message: ToPanel | undefined) =>
  message?.type === 'devices' ? message.gone?.map(({ name }) => name) : undefined;

describe('what a trace has counted', () => {
  it('keeps devices apart that had the same number one after the other, and the name of the one that went', () => {
    const counts = new Counts();
    counts.apply(devices(device(41, 'old')));
    counts.apply(sample(0, 41));
    const [message] = counts.apply(devices(device(42, 'new')));
    expect(gone(message)).toEqual(['old']);
    counts.apply(sample(1, 42));
    const snapshot = counts.snapshot();
    expect(snapshot.keys.map(({ instance }) => instance)).toEqual([41, 42]);
    expect(snapshot.devices.map(({ name }) => name)).toEqual(['new']);
    expect(snapshot.gone).toEqual([{ ...device(41, 'old'), queues: [] }]);
  });

  it('names a device that went before its first row came, and none that never had a row', () => {
    const counts = new Counts();
    counts.apply(devices(device(41, 'quick'), device(42, 'silent')));
    expect(gone(counts.apply(devices())[0])).toBeUndefined();
    expect(gone(counts.apply(sample(0, 41))[0])).toEqual(['quick']);
  });

  it('takes a device back that returns to its namespace', () => {
    const counts = new Counts();
    counts.apply(devices(device(41, 'eth0')));
    counts.apply(sample(0, 41));
    counts.apply(devices());
    expect(gone(counts.apply(devices(device(41, 'eth0')))[0])).toBeUndefined();
  });
});
