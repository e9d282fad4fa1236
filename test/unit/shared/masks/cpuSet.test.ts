import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../../../scripts/apt';
import { run } from '../../../../scripts/run';
import { cpuSet, listOf, maskOf, readList, readMask } from '../../../../shared/masks/cpuSet';
import { randomMasks } from './randomMasks';

describe('sets of CPUs', () => {
  it('are read from lists, and written as the shortest one', () => {
    expect(readList(' 8, 0-3,2 ')).toEqual({ kind: 'cpus', cpus: [0, 1, 2, 3, 8] });
    expect(listOf([0, 1, 2, 3, 8])).toBe('0-3,8');
    expect(readList('')).toEqual({ kind: 'cpus', cpus: [] });
    expect(listOf([])).toBe('');
  });

  it('say what cannot be read of a list', () => {
    expect(readList('0-3,f')).toEqual({ kind: 'bad', reason: 'syntax', piece: 'f' });
    expect(readList('0-3,')).toEqual({ kind: 'bad', reason: 'syntax', piece: '' });
    expect(readList('5-2')).toEqual({ kind: 'bad', reason: 'order', piece: '5-2' });
    expect(readList('9000')).toEqual({ kind: 'bad', reason: 'range', piece: '9000' });
  });

  it('are read from the comma form: 00001111 is 0, 4, 8 and 12', () => {
    expect(readMask('00001111')).toEqual({ kind: 'cpus', cpus: [0, 4, 8, 12] });
    expect(readMask('1,00000003')).toEqual({ kind: 'cpus', cpus: [0, 1, 32] });
    expect(maskOf([0, 1, 32], 40)).toBe('01,00000003');
    expect(maskOf([], 8)).toBe('00');
  });

  it('refuse what the kernel refuses: chunks of more than 32 bits, and anything but hexadecimal digits', () => {
    expect(readMask('100000003')).toMatchObject({ kind: 'bad', reason: 'chunk' });
    expect(readMask('0x3')).toMatchObject({ kind: 'bad', reason: 'syntax' });
    expect(readMask('')).toMatchObject({ kind: 'bad', reason: 'syntax' });
    expect(readMask('1,,1')).toMatchObject({ kind: 'bad', reason: 'syntax' });
  });

  it('come back the same from both forms, for any width from 1 to 4096', () => {
    for (const { width, cpus } of randomMasks(300)) {
      expect(readMask(maskOf(cpus, width))).toEqual({ kind: 'cpus', cpus });
      expect(readList(listOf(cpus))).toEqual({ kind: 'cpus', cpus });
    }
  });
});

describe("the loader's codec", () => {
  let folder: string;
  let program: string;
  beforeAll(async () => {
    await ensurePackages(['gcc', 'libc6-dev']);
    folder = await mkdtemp(join(tmpdir(), 'rps-trace-masks-'));
    program = join(folder, 'codec');
    const sources = [
      join(import.meta.dirname, 'codecProgram.c'),
      'bpf/base/cpumask.c',
      'bpf/base/numbers.c',
      'bpf/base/memory.c',
      'bpf/base/text.c',
    ];
    await run('gcc', ['-Wall', '-Werror', '-Ibpf', '-o', program, ...sources]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function answers(lines: readonly string[]): Promise<string[]> {
    const running = promisify(execFile)(program, { maxBuffer: 1 << 28 });
    running.child.stdin?.end(lines.map((line) => `${line}\n`).join(''));
    return (await running).stdout.trimEnd().split('\n');
  }

  it('agrees on random sets of 1 to 4096 CPUs in both directions', async () => {
    const masks = [...randomMasks(300), { width: 8, cpus: cpuSet([]) }];
    const expected = masks.map(({ width, cpus }) => `[${listOf(cpus)}] ${maskOf(cpus, width)}`);
    expect(await answers(masks.map(({ width, cpus }) => `${width} list [${listOf(cpus)}]`))).toEqual(
      expected,
    );
    expect(await answers(masks.map(({ width, cpus }) => `${width} mask [${maskOf(cpus, width)}]`))).toEqual(
      expected,
    );
  });

  it('refuses the same', async () => {
    const lists = ['0-3,f', '0-3,', '5-2', '9000', '-1', '1-', ' '];
    const masks = ['100000003', '0x3', '', '1,,1', ',1', '1,', 'g'];
    const lines = [...lists.map((list) => `8 list [${list}]`), ...masks.map((mask) => `8 mask [${mask}]`)];
    expect(await answers(lines)).toEqual(lines.map(() => 'bad'));
  });
});
