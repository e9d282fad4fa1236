import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { parseFrame, type Frame } from '../../../shared/frames/frames';
import { BlockWriter, framesOf, readBlock } from '../../../src/recording/block';
import { Counts } from '../../../src/trace/counts';
import { frameLines } from '../frameLines';
import { target } from '../target';

/** The place of a sample among the lines. */
const SAMPLE = frameLines.findIndex((text) => text.includes('"sample"'));
const small = fc.integer({ min: 0, max: 2 });
const counter = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 50 }));
const row = fc.tuple(
  small,
  small,
  small,
  small,
  small,
  fc.constantFrom('map', 'flow', 'none'),
  counter,
  counter,
  counter,
  small,
);
const sample = fc.record({
  type: fc.constant('sample'),
  seq: fc.nat(),
  ns: fc.integer({ min: 0, max: 2 ** 50 }),
  rows: fc.array(row),
});
const line = fc.oneof(
  { weight: 3, arbitrary: sample.map((frame) => JSON.stringify(frame)) },
  fc.constantFrom(...frameLines),
);

/** What a block keeps gives the same totals, devices and findings as what was put in, whatever the loader says. */
export default target({
  input: fc.record({ opening: fc.array(line, { maxLength: 6 }), frames: fc.array(line) }),
  check: async ({ opening, frames }) => {
    const before = new Counts();
    // A recording begins while a trace runs.
    const begun = framesIn([frameLines[SAMPLE] ?? '', ...opening]);
    for (const frame of begun) if (frame.type !== 'end') before.apply(frame);
    const block = new BlockWriter(before.opening());
    const all = framesIn(frames);
    for (const frame of all) {
      before.apply(frame);
      block.add(frame);
    }
    const { stored, rawLength } = await block.finish(Infinity);
    const after = new Counts();
    for (const frame of framesOf(await readBlock(stored, rawLength))) after.apply(frame);
    deepStrictEqual(totals(after), totals(before));
    deepStrictEqual(after.snapshot().findings, before.snapshot().findings);
    deepStrictEqual(after.devices, before.devices);
  },
});

const framesIn = (lines: readonly string[]) =>
  lines.flatMap((text): Frame[] => {
    const parsed = parseFrame(text);
    return parsed.kind === 'frame' ? [parsed.frame] : [];
  });

/** The totals of the rows that have counted something. */
function totals(counts: Counts): ReadonlyMap<string, readonly number[]> {
  const { keys, totals: values } = counts.snapshot();
  const rows = keys.map((key, number) => {
    return [JSON.stringify(key), [...values.subarray(number * 3, number * 3 + 3)]] as const;
  });
  return new Map(rows.filter(([, all]) => all.some((value) => value !== 0)).sort());
}
