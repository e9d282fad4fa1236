import { Worker } from 'node:worker_threads';
import { readOptions } from './options';
import { Progress } from './progress';

// `run.ts FILE [--seconds N] [--seed N] [--path PATH]`: fuzzes one target in a thread and watches that. It ends with 0
// when nothing was found. A hang and a full memory are findings too, and are told with what replays them.

/** CPU time of one input after which it counts as a hang, milliseconds. */
const HANG_CPU_MS = 10_000;
/** The same for inputs that wait for something which never comes. */
const HANG_MS = 60_000;
/** Heap of the thread, MiB: what runs out of that fails. */
const HEAP_MIB = 512;
/** Memory of the process with buffers outside of the heap, bytes. */
const RSS = 1536 * 2 ** 20;
const LOOK_MS = 100;

const options = readOptions(process.argv.slice(2));
const { name, seconds, seed } = options;
const progress = new Progress();
console.log(`${name}: ${seconds} s with seed ${seed}`);

const worker = new Worker(new URL('thread.mjs', import.meta.url), {
  workerData: { options, memory: progress.memory },
  resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
});

function found(what: string, path: string): never {
  console.error(`${name}: ${what}`);
  console.error(`${name}: again with: npm run fuzz -- ${name} --seed ${seed} --path ${path}`);
  process.exit(1);
}

/** The path of the input at which the thread is. */
const here = () => options.path || String(progress.inputs - 1);

let input = 0;
let [since, cpu] = [performance.now(), process.cpuUsage()];
setInterval(() => {
  if (progress.inputs !== input)
    [input, since, cpu] = [progress.inputs, performance.now(), process.cpuUsage()];
  if (input === 0) return;
  const { user, system } = process.cpuUsage(cpu);
  if ((user + system) / 1000 > HANG_CPU_MS || performance.now() - since > HANG_MS) found('it hangs', here());
  const rss = process.memoryUsage.rss();
  if (rss > RSS) found(`it takes ${Math.round(rss / 2 ** 20)} MiB of memory`, here());
}, LOOK_MS);

worker.on('error', (error: Error) => found(String(error), here()));
worker.on('message', (message: 'nothing found' | { path: string }) => {
  if (message !== 'nothing found') found('a property does not hold', message.path);
  console.log(`${name}: ${progress.inputs} inputs, nothing found`);
  process.exit(0);
});
worker.on('exit', () => found('the thread has ended by itself', here()));
