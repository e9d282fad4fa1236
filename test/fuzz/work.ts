import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import fc from 'fast-check';
import type { FuzzOptions } from './options';
import { Progress } from './progress';
import type { Target } from './target';

// The thread that feeds inputs to a target. It posts whether nothing was found, and says on stderr what was.

/** As in target.ts. */
const CPU_MS = 500;
/** Milliseconds after which an input that waits for something waits for ever. */
const SETTLE_MS = 20_000;
/** How much of an input is printed, characters. */
const SHOWN = 2000;
/** Where inputs that failed are put; it is not in git. */
const FOUND = 'dist/fuzz';

const { options, memory } = workerData as { options: FuzzOptions; memory: SharedArrayBuffer };
const progress = new Progress(memory);

const { default: target } = (await import(pathToFileURL(resolve(options.file)).href)) as {
  default: Target<unknown>;
};

/** The input that is being looked at. fast-check waits for none when the time is over. */
let running: Promise<void> = Promise.resolve();

function check(input: unknown): Promise<void> {
  progress.begin();
  return (running = look(input));
}

async function look(input: unknown): Promise<void> {
  // A hang leaves no other trace of its input.
  if (options.path !== '') await keep(input);
  const before = process.cpuUsage();
  const late = new AbortController();
  const never = setTimeout(SETTLE_MS, undefined, late).then(() => {
    throw new Error(`has not settled after ${SETTLE_MS} ms`);
  });
  await Promise.race([target.check(input), never]).finally(() => late.abort());
  const { user, system } = process.cpuUsage(before);
  const [most, ms] = [target.cpuMs ?? CPU_MS, (user + system) / 1000];
  if (ms > most) throw new Error(`took ${Math.round(ms)} ms of CPU time, more than ${most} ms`);
}

/** Inputs that failed once. */
async function corpus(): Promise<[unknown][]> {
  const folder = join(import.meta.dirname, 'corpus', options.name);
  const names = (await readdir(folder).catch(() => [])).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.map((text) => [JSON.parse(text) as unknown]);
}

/** Puts an input where a person finds it, and returns its path. */
async function keep(input: unknown): Promise<string> {
  await mkdir(FOUND, { recursive: true });
  const file = join(FOUND, `${options.name}-${options.seed}.json`);
  await writeFile(file, `${JSON.stringify(input)}\n`);
  return file;
}

async function report(error: unknown, input: unknown, path: string): Promise<void> {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(`${options.name}: ${text}`);
  if (input !== undefined) {
    console.error(`${options.name}: the input: ${JSON.stringify(input).slice(0, SHOWN)}`);
    console.error(`${options.name}: whole in ${await keep(input)}; once mended, move it to test/fuzz/corpus`);
  }
  parentPort?.postMessage({ path });
}

const result = await fc.check(fc.asyncProperty(target.input, check), {
  seed: options.seed,
  ...(options.path === '' ? { numRuns: 2 ** 31 } : { numRuns: 1, path: options.path }),
  examples: await corpus(),
  interruptAfterTimeLimit: options.seconds * 1000,
});
const last = await running.catch((error: unknown) => error);
if (result.counterexample) {
  await report(result.errorInstance, result.counterexample[0], result.counterexamplePath);
} else if (last !== undefined) {
  await report(last, undefined, String(progress.inputs - 1));
} else {
  parentPort?.postMessage('nothing found');
}
