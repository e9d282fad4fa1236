import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { testAtLine } from './testAtLine';

// `npm run test:at -- FILE:LINE`: runs the test that is around a line of a test file, or the suite where no test is.

const wanted = /^(?<file>.+\.test\.ts):(?<line>\d+)$/.exec(process.argv[2] ?? '')?.groups;
if (!wanted || process.argv.length > 3) fail('usage: npm run test:at -- test/….test.ts:LINE');
const { file = '', line = '' } = wanted;
const start = testAtLine(read(file), Number(line));
if (start === undefined) fail(`No test is around line ${line} of ${file}. Put the cursor into a test.`);
const vitest = ['node_modules/vitest/vitest.mjs', 'run', `${file}:${start}`];
process.exitCode = spawnSync(process.execPath, vitest, { stdio: 'inherit' }).status ?? 1;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return fail(String(error));
  }
}

function fail(why: string): never {
  console.error(why);
  process.exit(2);
}
