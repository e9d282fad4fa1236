import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { buildLoader } from './build-loader';
import { runFuzzTarget } from './fuzzRun';
import { fuzzTargets } from './fuzzTargets';
import { packageExtension } from './package';
import { summary } from './testSummary';

/** Sums of what was run: a check such as lint counts as one test. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and why, to be said once more at the end, where it is looked for. */
  readonly failures: string[];
}

/** What runs one after the other; suites of one list at the same time: ssh waits more than it works. */
const steps = [['unit'], ['ssh', 'guest'], ['e2e']] as const;
const suites = steps.flat();
/** How long everything that is fuzzed takes together, seconds. `npm run fuzz` takes longer and finds more. */
const FUZZ_SECONDS = 60;

/** Runs a program with its output shown; tells whether it succeeded. */
async function shown(program: string, args: readonly string[], env = process.env): Promise<boolean> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], env });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

function fail(tally: Tally, name: string, why?: unknown): void {
  tally.failed++;
  const text = why === undefined ? name : `${name}: ${inspect(why)}`;
  console.error(text);
  tally.failures.push(text);
}

async function check(tally: Tally, name: string, work: () => Promise<unknown>): Promise<boolean> {
  console.log(`== ${name}`);
  try {
    const ok = (await work()) !== false;
    if (ok) tally.passed++;
    else fail(tally, name);
    return ok;
  } catch (error) {
    fail(tally, name, error);
    return false;
  }
}

/** Runs one vitest project. A file that cannot even be loaded counts as a failed test. */
async function suite(tally: Tally, name: string): Promise<void> {
  console.log(`== ${name}`);
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-test-'));
  try {
    const file = join(folder, 'summary.json');
    const reporters = ['--reporter=verbose', '--reporter=./scripts/testSummary.ts'];
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, ...reporters];
    const ok = await shown(process.execPath, vitest, { ...process.env, RPS_TRACE_SUMMARY: file });
    const { passed, skipped, failures } = summary.parse(JSON.parse(await readFile(file, 'utf8')));
    tally.passed += passed;
    tally.skipped += skipped;
    tally.failed += failures.length;
    tally.failures.push(...failures);
    if (!ok && failures.length === 0) fail(tally, `${name}: vitest failed outside of its tests`);
  } catch (error) {
    fail(tally, name, error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Fuzzes for a minute; each target counts as one test. */
async function fuzz(tally: Tally): Promise<void> {
  const targets = await fuzzTargets();
  const seconds = Math.max(1, Math.floor(FUZZ_SECONDS / targets.length));
  for (const target of targets) {
    await check(tally, `fuzz ${target.name}`, () => runFuzzTarget(target, { seconds, replay: [] }));
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suiteName) => suiteName === name));
if (unknown.length > 0) throw new Error(`No suite ${unknown.join(', ')}; there are ${suites.join(', ')}.`);
const chosen = wanted.length > 0 ? wanted : [...suites];
const tally: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };

if (wanted.length === 0) await check(tally, 'lint', () => shown('npm', ['run', '--silent', 'lint']));
let ready = true;
if (chosen.some((name) => name !== 'unit')) {
  ready = await check(tally, 'build the loader', buildLoader);
  ready = (await check(tally, 'package the extension', packageExtension)) && ready;
}
for (const step of steps) {
  const names = step.filter((name) => chosen.includes(name) && (name === 'unit' || ready));
  await Promise.all(names.map((name) => suite(tally, name)));
}
if (wanted.length === 0) await fuzz(tally);
for (const failure of tally.failures) console.log(`== failed: ${failure}`);
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed > 0 || tally.skipped > 0 ? 1 : 0;
