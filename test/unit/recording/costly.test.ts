import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame, Row } from '../../../shared/frames/frames';
import { MAX_BLOCK_FRAMES, MAX_ROWS, MAX_SCRIPT } from '../../../shared/limits';
import { Player } from '../../../src/recording/player';
import { Recorder } from '../../../src/recording/recorder';
import { Recording } from '../../../src/recording/recording';
import { fileSource, memorySource } from '../../../src/recording/source';
import { Counts } from '../../../src/trace/counts';
import { rawBlock, recordingOf, zeros } from '../../recordingBytes';
import { longestTurnMs } from '../cpuMs';
import { devices, hello, sample } from './frames';

/** No turn of the event loop may take so long, with room for what tests do beside: the goal is 200. */
const TURN_MS = 700;

const none = { rows: 0, detail: 1, numbers: [] };
const SAMPLE = '{"type":"sample","seq":0,"ns":1,"rows":[]}';
const SOFTNET = '{"type":"softnet","ns":1,"cpus":[]}';

/** Opens a file in the player as the editor does; tells of its damage, and the longest turn. */
async function play(bytes: Buffer) {
  const recording = await Recording.open(memorySource(bytes));
  let damage: readonly unknown[] = [];
  const player = new Player(recording, (message) => {
    if (message.type === 'playback') damage = message.playback.damage;
  });
  const turn = await longestTurnMs(async () => {
    await player.seek(recording.positions - 1);
    await player.verify();
  });
  player.dispose();
  return { damage, turn, shown: player.snapshot().length > 0 };
}

/** Milliseconds for one test: some use a second of CPU time, which a busy machine gives late. */
const timeout = 60_000;

describe('a small recording', { timeout }, () => {
  it('with a CPU that goes on- and offline in every frame is played at once', async () => {
    const frames = 60_000;
    function* numbers() {
      yield* zeros(7);
      yield frames;
      for (let turn = 0; turn < frames; turn++) yield turn;
      yield* zeros(6 * frames);
    }
    const script = `${`${SOFTNET}\n`.repeat(frames)}${SAMPLE}`;
    const raw = rawBlock(0, script, none, { rows: 1, detail: 1, numbers: numbers() });
    const bytes = recordingOf({ raw, positions: 1 });
    expect(bytes.length).toBeLessThan(200_000);
    const { damage, turn, shown } = await play(bytes);
    expect([damage, shown]).toEqual([[], true]);
    expect(turn).toBeLessThan(TURN_MS);
  });

  it('with turns that do not ascend is damaged', async () => {
    const numbers = [...zeros(7), 2, 2, 1, ...zeros(12)];
    const raw = rawBlock(0, `${SOFTNET}\n${SOFTNET}\n${SAMPLE}`, none, { rows: 1, detail: 1, numbers });
    expect(await play(recordingOf({ raw, positions: 1 }))).toMatchObject({ shown: false });
  });

  it.each([
    ['more frames than a minute has', `${SOFTNET}\n`.repeat(MAX_BLOCK_FRAMES + 1)],
    ['1.5 million frames', `${SOFTNET}\n`.repeat(1_500_000)],
    ['more bytes of frames than a writer makes', `{"type":"x${'x'.repeat(MAX_SCRIPT)}"}`],
  ])('of %s is damaged, which is soon found', async (_, script) => {
    const raw = rawBlock(0, `${script}\n${SAMPLE}`, none, none);
    const { damage, turn, shown } = await play(recordingOf({ raw, positions: 1 }));
    expect([damage.length, shown]).toEqual([1, false]);
    expect(turn).toBeLessThan(TURN_MS);
  });

  it('with as many rows as there may be is shown, and the window goes on meanwhile', async () => {
    const samples = 2;
    function* numbers() {
      // Ascending receive queues of 65,536 each, of one device after the other; stored as differences.
      yield* zeros(MAX_ROWS);
      for (let row = 0; row < MAX_ROWS; row++) yield row > 0 && row % 65_536 === 0 ? 2 : 0;
      for (let row = 0; row < MAX_ROWS; row++) yield row === 0 ? 0 : row % 65_536 === 0 ? 2 * 65_535 - 1 : 2;
      yield* zeros(4 * MAX_ROWS);
      for (let value = 0; value < 3; value++) for (let row = 0; row < MAX_ROWS; row++) yield 2;
      yield* zeros(3 * MAX_ROWS * samples);
    }
    const script = Array.from({ length: samples }, (_, at) => SAMPLE.replace('"ns":1', `"ns":${at + 1}e9`));
    const raw = rawBlock(0, script.join('\n'), { rows: MAX_ROWS, detail: 1, numbers: numbers() }, none);
    const { damage, turn, shown } = await play(recordingOf({ raw, positions: samples }));
    expect([damage, shown]).toEqual([[], true]);
    expect(turn).toBeLessThan(TURN_MS);
  });
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-costly-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Records frames; returns the recording. */
async function record(name: string, frames: Iterable<Frame>) {
  const path = join(folder, name);
  const counts = new Counts();
  for (const frame of [hello, devices]) counts.apply(frame);
  const meta = { host: 'web-1', started: 0, extension: '1' };
  const recorder = await Recorder.create(
    path,
    meta,
    () => counts.opening(),
    (problem) => {
      throw problem;
    },
  );
  for (const frame of frames) {
    counts.apply(frame);
    recorder.add(frame);
    // The disk is to keep up.
    while (recorder.waiting > 1) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await recorder.finish();
  return Recording.open(await fileSource(path));
}

const nothingFound: Frame = { type: 'findings', findings: [] };
const rows = (count: number, skbs: number) =>
  Array.from({ length: count }, (_, at): Row => [1, at >> 16, at & 65_535, 0, 1, 'map', skbs, skbs, skbs, 0]);

describe('a recording of a host that tells much', { timeout }, () => {
  it('can be read when a burst of rows comes late in a minute', async () => {
    const frames = function* (): Iterable<Frame> {
      for (let seq = 0; seq < 100; seq++) yield { ...sample(seq, rows(100, seq)), ns: seq * 1e8 };
      yield { ...sample(100, rows(30_000, 1000)), ns: 10e9 };
    };
    const recording = await record('burst.rpsrec', frames());
    expect(recording.positions).toBe(101);
    for (const number of recording.blocks.keys()) await recording.read(number);
    expect(recording.blocks).toHaveLength(2);
    await recording.close();
  });

  it('has blocks of a bounded length although no sample comes', async () => {
    const frames = function* (): Iterable<Frame> {
      yield sample(0, []);
      for (let at = 0; at < 50_000; at++) yield nothingFound;
    };
    const recording = await record('quiet.rpsrec', frames());
    expect(recording.blocks.length).toBeGreaterThan(2);
    expect(recording.positions).toBe(1);
    for (const number of recording.blocks.keys()) await recording.read(number);
    await recording.close();
  });
});
