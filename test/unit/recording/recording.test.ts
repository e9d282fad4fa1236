import { access, constants, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../../shared/frames/frames';
import { framesOf } from '../../../src/recording/block';
import { blockHeader, fileHeader } from '../../../src/recording/layout';
import { Recorder } from '../../../src/recording/recorder';
import { Recording } from '../../../src/recording/recording';
import { fileSource, memorySource } from '../../../src/recording/source';
import { Counts } from '../../../src/trace/counts';
import { randomNumbers } from '../../randomNumbers';
import { devices, hello, row, sample } from './frames';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rps-trace-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

const meta = { host: 'alice@web-1', started: 1_700_000_000_000, extension: '1.2.3' };
const never = () => expect.unreachable('the recording failed');

/** Records three minutes, three blocks, of a trace that had been running for a while; returns the file's path. */
async function record(name: string): Promise<string> {
  const path = join(folder, name);
  const counts = new Counts();
  for (const frame of [hello, devices, sample(0, [row(0, 1, 5)]), sample(1, [row(0, 1, 7)])])
    counts.apply(frame);
  const recorder = await Recorder.create(path, meta, () => counts.opening(), never);
  const add = (frame: Frame) => {
    counts.apply(frame);
    recorder.add(frame);
  };
  for (let seq = 2; seq < 180; seq++) add(sample(seq, [row(seq % 4, 1, 10 * seq), row(3, -1, seq * seq)]));
  add({ type: 'end', reason: 'stdin closed', ns: 281e9, rows: [row(0, 1, 9999)], missed: 0, lost: 0 });
  await recorder.finish();
  return path;
}

/** Every frame that can be read; damaged blocks are left out. */
async function readable(bytes: Uint8Array): Promise<Frame[][]> {
  const recording = await Recording.open(memorySource(bytes));
  const blocks: Frame[][] = [];
  for (const number of recording.blocks.keys()) {
    const data = await recording.read(number).catch(() => undefined);
    if (data) blocks.push([...framesOf(data)]);
  }
  return blocks;
}

describe('a recording', () => {
  it('has blocks of a minute, each of which begins with the whole state', async () => {
    const recording = await Recording.open(await fileSource(await record('whole.rpsrec')));
    expect(recording.meta).toEqual(meta);
    expect(recording.damage).toEqual([]);
    expect(recording.positions).toBe(179);
    expect(recording.blocks.map(({ first, last }) => [first, last])).toEqual([
      [0, false],
      [61, false],
      [122, true],
    ]);
    expect([0, 60, 61, 121, 122, 178].map((position) => recording.blockOf(position))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    const [first, second] = [[...framesOf(await recording.read(0))], [...framesOf(await recording.read(1))]];
    expect(first.slice(0, 3)).toEqual([hello, devices, sample(1, [row(0, 1, 7)])]);
    const before = [row(0, 1, 600), row(1, 1, 610), row(2, 1, 620), row(3, -1, 3844), row(3, 1, 590)];
    expect(second.slice(0, 3)).toEqual([hello, devices, sample(62, before)]);
    expect(second[3]).toEqual(sample(63, [row(3, -1, 3969), row(3, 1, 630)]));
    await recording.close();
  });

  it('that is cut off anywhere opens up to the last whole block, and says so', async () => {
    const bytes = await readFile(await record('cut.rpsrec'));
    const whole = await Recording.open(memorySource(bytes));
    const ends = whole.blocks.map(({ at, length }) => at + length);
    for (let length = 0; length < bytes.length; length++) {
      const blocks = ends.filter((end) => end <= length).length;
      const opened = Recording.open(memorySource(bytes.subarray(0, length)));
      if (blocks === 0) {
        await expect(opened).rejects.toThrow(/not a recording|damaged|before the first sample/);
        continue;
      }
      const { blocks: found, damage } = await opened;
      expect(found).toEqual(whole.blocks.slice(0, blocks));
      expect(damage.map(({ kind }) => kind)).toEqual(['cut']);
    }
  });

  it('with bits turned round loses the blocks they are in and no other', async () => {
    const bytes = await readFile(await record('flipped.rpsrec'));
    const whole = await readable(bytes);
    const { blocks } = await Recording.open(memorySource(bytes));
    const begin = (blocks[0]?.at ?? 0) - 52;
    const next = randomNumbers(3);
    for (let round = 0; round < 150; round++) {
      const at = begin + Math.floor(next() * (bytes.length - begin));
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << Math.floor(next() * 8));
      const hit = blocks.findIndex((block) => at < block.at + block.length);
      expect(await readable(flipped)).toEqual(whole.filter((_, number) => number !== hit));
    }
  });

  it('names the damage', async () => {
    const bytes = await readFile(await record('named.rpsrec'));
    const { blocks } = await Recording.open(memorySource(bytes));
    const [, second] = blocks;
    if (!second) return expect.unreachable();
    bytes[second.at - 20] = (bytes[second.at - 20] ?? 0) ^ 1;
    const headless = await Recording.open(memorySource(bytes));
    expect(headless.damage).toMatchObject([{ kind: 'lost', bytes: 52 + second.length }]);
    bytes[second.at - 20] = (bytes[second.at - 20] ?? 0) ^ 1;
    bytes[second.at + 9] = (bytes[second.at + 9] ?? 0) ^ 1;
    const rotten = await Recording.open(memorySource(bytes));
    await expect(rotten.read(1)).rejects.toThrow('checksum');
    expect(rotten.damageOf(1)).toMatchObject({ kind: 'block', number: 2, from: second.time });
  });

  it('is told from what is none, and from one of a later version', async () => {
    const open = (bytes: Uint8Array) => Recording.open(memorySource(bytes));
    await expect(open(new Uint8Array(5_000_000))).rejects.toThrow('not a recording');
    await expect(open(Buffer.from('{"type":"hello"}\n'))).rejects.toThrow('not a recording');
    const later = fileHeader(meta);
    later.writeUInt32LE(7, 8);
    await expect(open(later)).rejects.toThrow('format 7');
    await expect(open(fileHeader(meta))).rejects.toThrow('before the first sample');
  });

  it('does not fill the memory, whatever it claims', async () => {
    const claims = { length: 0, positions: 1, last: false, from: 0, to: 0, time: 0, checksum: 0 };
    const hollow = blockHeader({ ...claims, rawLength: 0xffffffff });
    const many = Buffer.concat([fileHeader(meta), ...Array.from({ length: 100_001 }, () => hollow)]);
    await expect(Recording.open(memorySource(many))).rejects.toThrow('too long');
    const one = await Recording.open(memorySource(Buffer.concat([fileHeader(meta), hollow])));
    await expect(one.read(0)).rejects.toThrow('bytes in a block');
  });

  it('keeps what was written when the disk is full, and says what mends that', async () => {
    const writable = await access('/dev/full', constants.W_OK).then(
      () => true,
      () => false,
    );
    expect(writable).toBe(true);
    const failed = Recorder.create('/dev/full', meta, () => [hello], never);
    await expect(failed).rejects.toMatchObject({ code: 'RECORDING_FAILED', hint: /disk is full/ });
  });

  it('says why it cannot be written', async () => {
    const create = (path: string) => Recorder.create(path, meta, () => [hello], never);
    await expect(create(join(folder, 'no', 'x'))).rejects.toMatchObject({ hint: /folder does not exist/ });
    await mkdir(join(folder, 'a.rpsrec'));
    await expect(create(join(folder, 'a.rpsrec'))).rejects.toMatchObject({ hint: /is a folder/ });
  });

  it('is told from 2 GB of something else at once', async () => {
    const path = join(folder, 'large');
    await writeFile(path, 'something else');
    await truncate(path, 2 ** 31);
    const source = await fileSource(path);
    await expect(Recording.open(source)).rejects.toThrow('not a recording');
    await source.close();
  });
});
