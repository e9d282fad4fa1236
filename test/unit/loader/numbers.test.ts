import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensurePackages } from '../../../scripts/apt';
import { run } from '../../../scripts/run';

const LARGEST = 2n ** 64n - 1n;

/** All that are small, those around powers of 2 and 10, and some of every number of bits. */
function counters(): bigint[] {
  const small = Array.from({ length: 20_000 }, (_, number) => BigInt(number));
  const powers = Array.from({ length: 65 }, (_, exponent) => [
    2n ** BigInt(exponent),
    10n ** BigInt(exponent % 20),
  ]).flat();
  const around = powers.flatMap((power) => [power - 1n, power, power + 1n]);
  const random = Array.from({ length: 64 }, (_, bits) =>
    Array.from(
      { length: 200 },
      () => BigInt(Math.floor(Math.random() * 2 ** 53)) ** 2n % 2n ** BigInt(bits + 1),
    ),
  ).flat();
  return [...small, ...around, ...random].filter((counter) => counter <= LARGEST);
}

it('the loader writes every counter in decimal, and one that JavaScript would round as a string', async () => {
  await ensurePackages(['gcc', 'libc6-dev']);
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-numbers-'));
  try {
    const program = join(folder, 'numbers');
    const sources = [join(import.meta.dirname, 'numbersProgram.c'), 'bpf/base/memory.c', 'bpf/base/text.c'];
    await run('gcc', [
      '-Wall',
      '-Werror',
      '-Ibpf',
      '-fsanitize=address,undefined',
      '-o',
      program,
      ...sources,
    ]);
    const all = counters();
    const { stdout } = spawnSync(program, { input: all.join('\n'), encoding: 'utf8', maxBuffer: 1 << 24 });
    const expected = all.map((counter) => (counter < 2n ** 53n ? String(counter) : `"${counter}"`));
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  } finally {
    await rm(folder, { recursive: true });
  }
});
