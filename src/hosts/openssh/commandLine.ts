import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { SshEnvironment } from '../sshconfig/environment';

/** Options as ssh's -o takes them. What stands on the command line beats the configuration. */
export function optionArgs(options: Readonly<Record<string, string | number>>): string[] {
  return Object.entries(options).flatMap(([keyword, value]) => ['-o', `${keyword}=${value}`]);
}

/**
 * What the configuration may ask for and a program without a terminal has no use for: forwardings, whose ports may
 * be taken, a command of its own, going to the background.
 */
export const plainSession = [
  '-T',
  '-a',
  '-x',
  ...optionArgs({ ClearAllForwardings: 'yes', PermitLocalCommand: 'no', RemoteCommand: 'none' }),
];

/** Starts the user's ssh, in a session without a terminal: there it cannot ask behind our back. */
export async function spawnSsh(
  args: readonly string[],
  environment: SshEnvironment,
  env: NodeJS.ProcessEnv = {},
): Promise<ChildProcessWithoutNullStreams> {
  const child = spawn(environment.program, args, {
    env: { ...environment.env, ...env },
    stdio: 'pipe',
    detached: environment.platform !== 'win32',
    windowsHide: true,
  });
  // A write to a program that has gone is reported by its end.
  child.stdin.on('error', () => undefined);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return child;
}
