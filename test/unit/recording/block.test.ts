import { describe, expect, it } from 'vitest';
import type { Frame, FrameOf, Row } from '../../../shared/frames/frames';
import { BlockWriter, framesOf, readBlock } from '../../../src/recording/block';
import { randomNumbers } from '../../randomNumbers';
import { devices, hello } from './frames';

type SoftnetCpu = FrameOf<'softnet'>['cpus'][number];

const keyOf = (row: Row) => String([...row.slice(0, 6), row[9]]);

/** A random run: rows come, change or rest; counts are small, huge or beyond 2^53. */
function* randomFrames(seed: number, samples: number): Generator<Frame> {
  const next = randomNumbers(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  const rows: Row[] = [];
  const size = () => below(10 ** below(14));
  for (let seq = 0; seq < samples; seq++) {
    for (let born = below(4); born > 0; born--) {
      const target = below(6) - 1;
      const verdict = target < 0 ? 'none' : next() < 0.5 ? 'map' : 'flow';
      const start = next() < 0.1 ? 2 ** 60 : 0;
      const row: Row = [
        4026531840 + below(3),
        1 + below(9),
        below(64),
        below(512),
        target,
        verdict,
        start,
        0,
        0,
        below(3),
      ];
      if (rows.every((one) => keyOf(one) !== keyOf(row))) rows.push(row);
    }
    const changed = rows.filter(() => next() < 0.7);
    for (const row of changed) {
      // Beyond 2^53 a double counts in steps.
      row[6] += (1 + size()) * (row[6] >= 2 ** 53 ? 4096 : 1);
      row[7] += size();
      row[8] += size();
    }
    yield {
      type: 'sample',
      seq,
      ns: Math.round(1e9 * (seq + next())),
      rows: changed.map((row): Row => [...row]),
    };
    if (next() < 0.2) yield { type: 'health', missed: below(9), lost: 0, runs: size(), run_ns: 2 ** 63 };
    if (next() < 0.1) yield devices;
    const cpus = [0, 1, 2, 3].filter(() => next() < 0.9);
    yield {
      ...{ type: 'softnet', ns: seq },
      cpus: cpus.map((cpu): SoftnetCpu => [cpu, seq * 1000 + below(9), 0, 0, below(seq), 0, below(3) - 1]),
    };
  }
  yield {
    type: 'end',
    reason: 'duration',
    ns: 1e18,
    rows: rows.map((row): Row => [...row]),
    missed: 0,
    lost: 0,
  };
}

async function roundTrip(
  opening: readonly Frame[],
  frames: readonly Frame[],
  bytes = Infinity,
): Promise<Frame[]> {
  const block = new BlockWriter(opening);
  for (const frame of frames) block.add(frame);
  const { stored, rawLength } = await block.finish(bytes);
  return [...framesOf(await readBlock(stored, rawLength))];
}

/** Rows in an order of their own: a block keeps which rows a frame has, not their order. */
const sorted = (frames: readonly Frame[]) =>
  frames.map((frame) => ('rows' in frame ? { ...frame, rows: frame.rows.toSorted(byKey) } : frame));
const byKey = (a: Row, b: Row) => String(a).localeCompare(String(b));

/** The last word on every row. */
function totals(frames: readonly Frame[]): Map<string, number[]> {
  const rows = frames.flatMap((frame) => (frame.type === 'sample' ? frame.rows : []));
  return new Map(rows.map((row) => [row.slice(0, 6).join(), row.slice(6) as number[]]));
}

describe('a block of a recording', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('gives back what was put in, random run %i', async (seed) => {
    const frames = [...randomFrames(seed, 40)];
    // The end repeats rows that have not changed; those a block leaves out.
    const samples = frames.slice(0, -1);
    expect(sorted(await roundTrip([hello, devices], samples))).toEqual(sorted([hello, devices, ...samples]));
  });

  it('begins with the state before it', async () => {
    const all = [...randomFrames(9, 30)].filter((frame) => frame.type === 'sample');
    const before = all.slice(0, 10);
    const rows = [...totals(before)].map(([key, values]) => [...parts(key), ...values] as unknown as Row);
    const opening: FrameOf<'sample'> = { type: 'sample', seq: 9, ns: 9e9, rows };
    const after = all.slice(10);
    expect(sorted(await roundTrip([hello, opening], after))).toEqual(sorted([hello, opening, ...after]));
  });

  it('keeps skbs exact, and segments and bytes at its end, when it must be small', async () => {
    const samples = [...randomFrames(10, 35)].filter((frame) => frame.type === 'sample');
    const read = (await roundTrip([hello], samples, 1)).filter((frame) => frame.type === 'sample');
    const skbs = (frames: readonly FrameOf<'sample'>[]) =>
      frames.map(({ rows }) => rows.map((row) => row[6]).sort());
    expect(skbs(read)).toEqual(skbs(samples));
    expect(totals(read)).toEqual(totals(samples));
  });

  it('is refused, and nothing worse, whatever its bytes are', async () => {
    const block = new BlockWriter([hello, devices]);
    for (const frame of randomFrames(11, 20)) block.add(frame);
    const { stored, rawLength } = await block.finish(Infinity);
    await expect(readBlock(stored, rawLength - 1)).rejects.toThrow();
    await expect(readBlock(stored, 2 ** 40)).rejects.toThrow('bytes in a block');
    const next = randomNumbers(12);
    for (let round = 0; round < 150; round++) {
      const bytes = Uint8Array.from(stored);
      for (let flips = 1 + next() * 3; flips > 0; flips--) {
        const at = Math.floor(next() * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      }
      try {
        for (const frame of framesOf(await readBlock(bytes, rawLength)))
          expect(frame.type).toBeTypeOf('string');
      } catch (error) {
        expect(error).toBeInstanceOf(Error);
      }
    }
  });
});

function parts(key: string): (string | number)[] {
  return key.split(',').map((part, place) => (place === 5 ? part : Number(part)));
}
