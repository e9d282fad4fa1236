import { describe, expect, it } from 'vitest';
import type { Frame, Prediction, Row } from '../../../shared/frames/frames';
import type { Candidate } from '../../../shared/messages/tuning';
import { Shadows } from '../../../src/tuning/shadows';
import { cpus, device } from './scene';

const key = { netns: 7, ifindex: 2, instance: 5 };
const candidate = (id: number, ...lists: string[]): Candidate => ({
  id,
  queues: lists.map((list, queue) => ({ ...key, queue, list })),
});
const hello: Frame = {
  ...{ type: 'hello', protocol: 1, loader: '', pid: 1, backend: 'fexit', kernel: '', arch: '' },
  ...{ interval_ms: 1000, cpus: [...cpus] },
};
const sample = (second: number, ...rows: Row[]): Frame => ({
  ...{ type: 'sample', seq: second, ns: second * 1e9 },
  rows,
});
/** Skbs of queue 0 that came in on CPU 0, and went to a target. */
const row = (target: number, skbs: number): Row => [7, 2, 0, 0, target, 'map', skbs, skbs, skbs, 5];
const would = (target: number, skbs: number, queue = 0): Prediction => [
  7,
  2,
  queue,
  0,
  target,
  skbs,
  skbs,
  skbs,
];

interface Told {
  readonly queues?: string;
  readonly rows?: Prediction[];
  readonly flow?: Prediction[];
  readonly largest?: number;
}
const shadow = (second: number, { queues, rows = [], flow = [], largest }: Told): Frame => ({
  ...{ type: 'shadow', ns: second * 1e9, since: 10e9, asked: true, lost: 0, flow },
  candidates: [{ id: 1, ...(queues !== undefined && { queues: [[7, 2, 0, queues]] }), rows }],
  largest: largest === undefined ? [] : [[7, 2, 0, largest]],
});

function predicting(...frames: Frame[]) {
  const shadows = new Shadows();
  const devices: Frame = { type: 'devices', devices: [device('eth0', ['f'])] };
  [hello, devices, sample(9, row(1, 1000))].forEach((frame) => shadows.apply(frame));
  shadows.set([candidate(1, '0-3')]);
  frames.forEach((frame) => shadows.apply(frame));
  const predictions = shadows.predictions();
  if (predictions.kind !== 'predicting') throw new Error(JSON.stringify(predictions));
  const [first] = predictions.candidates;
  if (!first) throw new Error('no candidate');
  return { ...predictions, first };
}

describe('the candidates of a host', () => {
  it('are one line on the loader’s stdin, and none is a line of its own', () => {
    const shadows = new Shadows();
    shadows.set([candidate(1, '0-3', '8, 9'), candidate(7, '')]);
    expect(shadows.line).toBe('shadow 1 7:2:0=0-3 7:2:1=8,9 ; 7 7:2:0=');
    shadows.set([]);
    expect(shadows.line).toBe('shadow');
  });

  it('wait for the host, and say why it cannot predict', () => {
    const shadows = new Shadows();
    expect(shadows.predictions()).toEqual({ kind: 'none' });
    shadows.set([candidate(1, '0')]);
    expect(shadows.predictions()).toEqual({ kind: 'waiting' });
    expect(shadows.apply({ type: 'shadow', ns: 1, candidates: [], error: 'too little' })).toBe(true);
    expect(shadows.predictions()).toEqual({ kind: 'refused', error: 'too little' });
    shadows.apply(hello);
    expect(shadows.predictions()).toEqual({ kind: 'waiting' });
  });

  it('are predicted with rates of the last interval, beside what is real from the next sample on', () => {
    const { first, since, at } = predicting(
      shadow(10, { queues: '0-2' }),
      sample(11, row(1, 1200)),
      shadow(11, { rows: [would(0, 50), would(1, 150)] }),
      sample(13, row(1, 1250), row(2, 30)),
      shadow(13, { rows: [would(0, 90)] }),
    );
    expect([since, at]).toEqual([10, 13]);
    expect(first.kept).toEqual([{ ...key, queue: 0, list: '0-2' }]);
    expect(first.spread).toMatchObject({ from: 10, to: 13, skbs: 240 });
    expect(first.spread.cpus).toEqual([
      { cpu: 0, skbs: 90, rate: 20 },
      { cpu: 1, skbs: 150, rate: 0 },
      { cpu: 2, skbs: 0, rate: 0 },
    ]);
    expect(first.real).toMatchObject({ from: 11, to: 13, skbs: 80 });
    expect(first.real.cpus.map(({ skbs, rate }) => [skbs, rate])).toEqual([
      [0, 0],
      [50, 25],
      [30, 15],
      [0, 0],
    ]);
  });

  it('have what RFS steers in them, and a floor that the largest flow sets', () => {
    const { first } = predicting(
      shadow(10, { queues: '0' }),
      shadow(11, { rows: [would(0, 60)], flow: [would(3, 40), would(3, 500, 1)], largest: 41 }),
    );
    expect(first).toMatchObject({ flow: 40, floor: 0.41 });
    expect(first.spread).toMatchObject({ skbs: 100, crossNode: 40 });
  });

  it('begin anew when they are set again, and take no rows of those before', () => {
    const shadows = new Shadows();
    shadows.set([candidate(1, '0')]);
    shadows.apply(shadow(10, { queues: '0' }));
    shadows.set([candidate(2, '1')]);
    expect(shadows.apply(shadow(11, { rows: [would(0, 60)] }))).toBe(false);
    expect(shadows.predictions()).toEqual({ kind: 'waiting' });
  });
});
