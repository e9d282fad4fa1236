import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { Problem } from '../../../src/problem';
import { metaLength, readBlockHeader } from '../../../src/recording/layout';
import { Player } from '../../../src/recording/player';
import { Recording } from '../../../src/recording/recording';
import { memorySource } from '../../../src/recording/source';
import { rawBlock, recordingOf } from '../../recordingBytes';
import { longestTurnMs } from '../../unit/cpuMs';
import { frameLines } from '../frameLines';
import { target } from '../target';
import { bytes } from '../texts';

/** CPU time of a turn of the event loop, milliseconds: no input here is so large that one takes long. */
const TURN_MS = 400;

const demo = readFileSync('test/fixtures/demo.rpsrec');
const first = 20 + metaLength(demo.subarray(0, 20));
const header = readBlockHeader(demo.subarray(first));
if (!header) throw new Error('the demo has no block');
const demoBlock = inflateRawSync(demo.subarray(first + 52, first + 52 + header.length));

const edits = fc.array(
  fc.record({ at: fc.nat(), remove: fc.integer({ min: 0, max: 9 }), insert: bytes({ maxLength: 12 }) }),
  { maxLength: 5 },
);
type Edits = readonly { at: number; remove: number; insert: string }[];

function edited(original: Uint8Array, changes: Edits): Buffer {
  return changes.reduce((now, { at, remove, insert }) => {
    const place = at % (now.length + 1);
    return Buffer.concat([
      now.subarray(0, place),
      Buffer.from(insert, 'base64'),
      now.subarray(place + remove),
    ]);
  }, Buffer.from(original));
}

const table = fc.record({
  rows: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat()),
  detail: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.nat()),
  numbers: fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.maxSafeNat()), { maxLength: 200 }),
});

/** Any file is played to its end, or its damage is told, and the window goes on meanwhile. */
export default target({
  cpuMs: 5000,
  input: fc.oneof(
    fc.record({ kind: fc.constant('file' as const), edits }),
    fc.record({
      kind: fc.constant('block' as const),
      edits,
      positions: fc.oneof(fc.constant(header.positions), fc.nat({ max: 100 })),
    }),
    fc.record({
      kind: fc.constant('made' as const),
      opening: fc.nat({ max: 5 }),
      lines: fc.array(
        fc.tuple(fc.constantFrom(...frameLines), fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 500 }))),
        { maxLength: 12 },
      ),
      tables: fc.tuple(table, table),
      blocks: fc.integer({ min: 1, max: 3 }),
    }),
  ),
  check: async (input) => {
    const turn = await longestTurnMs(() => play(fileOf(input)));
    if (turn > TURN_MS) throw new Error(`a turn took ${Math.round(turn)} ms`);
  },
});

type Input =
  | { kind: 'file'; edits: Edits }
  | { kind: 'block'; edits: Edits; positions: number }
  | {
      kind: 'made';
      opening: number;
      lines: readonly (readonly [string, number])[];
      tables: readonly { rows: number; detail: number; numbers: number[] }[];
      blocks: number;
    };

function fileOf(input: Input): Buffer {
  if (input.kind === 'file') return edited(demo, input.edits);
  if (input.kind === 'block') {
    return recordingOf({ raw: edited(demoBlock, input.edits), positions: input.positions });
  }
  const lines = input.lines.flatMap(([line, times]) => Array.from({ length: times }, () => line));
  const positions = lines.slice(input.opening).filter((line) => /"type":"(sample|end)"/.test(line)).length;
  const raw = rawBlock(input.opening, lines.join('\n'), ...input.tables);
  return recordingOf(...Array.from({ length: input.blocks }, () => ({ raw, positions })));
}

async function play(file: Buffer): Promise<void> {
  let recording: Recording;
  try {
    recording = await Recording.open(memorySource(file));
  } catch (error) {
    if (error instanceof Problem) return;
    throw error;
  }
  const player = new Player(recording, (message) => structuredClone(message));
  try {
    const { positions } = recording;
    for (const position of [0, positions >> 1, positions - 1]) await player.seek(position);
    player.between(0, 1e9);
    await player.verify();
  } finally {
    player.dispose();
  }
}
