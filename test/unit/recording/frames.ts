import type { FrameOf, Row } from '../../../shared/frames/frames';

export const hello: FrameOf<'hello'> = {
  type: 'hello',
  protocol: 1,
  loader: '0.1.0',
  pid: 7,
  backend: 'fexit',
  kernel: '6.12.48',
  arch: 'x86_64',
  interval_ms: 1000,
  filter: 'tcp port 80',
  cpus: [0, 1, 2, 3].map((id) => ({ id, node: id >> 1, online: true })),
};

export const devices: FrameOf<'devices'> = {
  type: 'devices',
  devices: [
    {
      netns: 4026531840,
      ifindex: 1,
      instance: 7,
      name: 'lo',
      queues: [{ rx: 0, rps_cpus: 'f', rps_flow_cnt: 0 }],
    },
    { netns: 4026532000, netns_name: 'blue', ifindex: 2, instance: 8, name: '<b>"x', queues: [] },
  ],
};

export function row(cpu: number, target: number, skbs: number): Row {
  return [4026531840, 1, 0, cpu, target, target < 0 ? 'none' : 'map', skbs, 2 * skbs, 100 * skbs, 7];
}

export function sample(seq: number, rows: Row[]): FrameOf<'sample'> {
  return { type: 'sample', seq, ns: (100 + seq) * 1e9, rows };
}
