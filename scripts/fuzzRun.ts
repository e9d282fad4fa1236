import { spawn } from 'node:child_process';
import type { FuzzRun, FuzzTarget } from './fuzzTargets';

/** How much of the end of a target's output an error repeats, characters. */
const TAIL = 4000;

/** Runs one target with its output shown. @throws Error with the end of that output when something was found */
export async function runFuzzTarget(target: FuzzTarget, options: FuzzRun): Promise<void> {
  await target.build?.();
  const [program, ...args] = target.command(options);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  const show = (to: NodeJS.WriteStream) => (text: string) => {
    to.write(text);
    tail = (tail + text).slice(-TAIL);
  };
  child.stdout.setEncoding('utf8').on('data', show(process.stdout));
  child.stderr.setEncoding('utf8').on('data', show(process.stderr));
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  if (code !== 0) throw new Error(`fuzz ${target.name} ended with ${String(code)}:\n${tail.trim()}`);
}
