import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Text for the program's standard input; without it there is none. */
  readonly input?: string;
}

/** Runs a program to its end and returns its stdout. Throws with the end of its output when it fails. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const both: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => (out.push(chunk), both.push(chunk)));
  child.stderr?.on('data', (chunk: Buffer) => both.push(chunk));
  child.stdin?.end(options.input);
  const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve(status ?? signal));
  });
  if (code === 0) return Buffer.concat(out).toString();
  const tail = Buffer.concat(both).toString().trim().split('\n').slice(-30).join('\n');
  throw new Error(`${program} ${args.join(' ')} ended with ${String(code)}:\n${tail}`);
}

/** The same as root: by sudo when this is not root already. */
export function runAsRoot(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  return process.getuid?.() === 0 ? run(program, args, options) : run('sudo', [program, ...args], options);
}
