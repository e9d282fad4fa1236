import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackages } from './apt';
import { buildLoader } from './build-loader';
import type { FuzzTarget } from './fuzzTargets';
import { run } from './run';

// The loader's parsers, which read what others wrote as root: each is linked with libFuzzer and the sanitizers.

const folder = 'test/fuzz/c';
const built = 'dist/fuzz/c';
const SUFFIX = '.fuzz.c';

/** How long an input may take, seconds of the clock. It takes milliseconds, but busy machines let a process stand for 10 s. */
const HANG_SECONDS = 60;
/** Memory that the target may take, MiB; a single allocation may take less. */
const RSS_MIB = 768;
const ALLOCATION_MIB = 128;
/** Longest inputs, bytes. What is read by lines of a few hundred is long enough at this. */
const LONGEST = 4096;

/** The targets in C, in alphabetical order. */
export async function cTargets(): Promise<readonly FuzzTarget[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(SUFFIX)).sort();
  return files.map((file) => cTarget(file.slice(0, -SUFFIX.length)));
}

function cTarget(name: string): FuzzTarget {
  const program = join(built, 'targets', name);
  const [corpus, seeds] = [join(built, 'corpus', name), join(built, 'seeds', name)];
  const options = [
    `-timeout=${HANG_SECONDS}`,
    `-rss_limit_mb=${RSS_MIB}`,
    `-malloc_limit_mb=${ALLOCATION_MIB}`,
    `-max_len=${LONGEST}`,
    `-artifact_prefix=${join(built, 'found', name)}-`,
    `-dict=${join(folder, `${name}.dict`)}`,
    '-print_final_stats=1',
  ] as const;
  return {
    name: `loader-${name}`,
    build: async () => {
      await buildTarget(name);
      await Promise.all([join(built, 'found'), corpus].map((path) => mkdir(path, { recursive: true })));
      await writeSeeds(name, seeds);
    },
    // `--path FILE` replays what libFuzzer has written to a file.
    command: ({ seconds, replay }) => {
      const file = replay[replay.indexOf('--path') + 1];
      const inputs = replay.includes('--path') ? [file ?? ''] : [`-max_total_time=${seconds}`, corpus, seeds];
      return [program, ...options, ...inputs];
    },
  };
}

async function buildTarget(name: string): Promise<void> {
  await ensurePackages(['libclang-rt-dev']);
  await buildLoader();
  // Not two at once: they compile the same objects.
  await run('flock', [folder, 'make', '-s', '-C', folder, `../../../${built}/targets/${name}`]);
}

/** Writes the seeds of a target as the bytes that they stand for. */
async function writeSeeds(name: string, to: string): Promise<void> {
  const from = join(folder, 'seeds', name);
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  for (const file of await readdir(from)) await writeFile(join(to, file), await readSeed(join(from, file)));
}

/** A seed is text, or, in a file .hex, bytes in hexadecimal and texts in quotes, with remarks behind #. */
async function readSeed(file: string): Promise<Buffer> {
  const bytes = await readFile(file);
  if (!file.endsWith('.hex')) return bytes;
  const parts = bytes.toString().matchAll(/"([^"]*)"|#.*|([0-9a-f]{2})/g);
  return Buffer.concat(
    [...parts].map(([, text, byte]) => Buffer.from(text ?? byte ?? '', text === undefined ? 'hex' : 'utf8')),
  );
}
