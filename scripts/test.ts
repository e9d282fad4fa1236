import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildLoader } from './build-loader';
import { packageExtension } from './package';

/** Sums of what was run: a check such as lint counts as one test. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** What runs one after the other; suites of one list at the same time: ssh waits more than it works. */
const steps = [['unit'], ['ssh', 'guest'], ['e2e']] as const;
const suites = steps.flat();
const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
});

/** Runs a program with its output shown; tells whether it succeeded. */
async function shown(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

async function check(tally: Tally, name: string, work: () => Promise<unknown>): Promise<boolean> {
  console.log(`== ${name}`);
  try {
    const ok = (await work()) !== false;
    tally[ok ? 'passed' : 'failed']++;
    return ok;
  } catch (error) {
    console.error(error);
    tally.failed++;
    return false;
  }
}

/** Runs one vitest project. A file that cannot even be loaded counts as a failed test. */
async function suite(tally: Tally, name: string): Promise<void> {
  console.log(`== ${name}`);
  const folder = await mkdtemp(join(tmpdir(), 'rps-trace-test-'));
  try {
    const file = join(folder, 'report.json');
    const vitest = 'node_modules/vitest/vitest.mjs';
    const reporters = ['--reporter=verbose', '--reporter=json', `--outputFile.json=${file}`];
    const ok = await shown(process.execPath, [vitest, 'run', '--project', name, ...reporters]);
    const counts = report.parse(JSON.parse(await readFile(file, 'utf8')));
    tally.passed += counts.numPassedTests;
    tally.failed += Math.max(counts.numFailedTests, ok ? 0 : 1);
    tally.skipped += counts.numPendingTests + counts.numTodoTests;
  } catch (error) {
    console.error(error);
    tally.failed++;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !suites.some((suiteName) => suiteName === name));
if (unknown.length > 0) throw new Error(`No suite ${unknown.join(', ')}; there are ${suites.join(', ')}.`);
const chosen = wanted.length > 0 ? wanted : [...suites];
const tally: Tally = { passed: 0, failed: 0, skipped: 0 };

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
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed > 0 || tally.skipped > 0 ? 1 : 0;
