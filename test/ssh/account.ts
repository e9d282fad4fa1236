import { userInfo } from 'node:os';
import { randomBytes } from 'node:crypto';
import { run, runAsRoot } from '../../scripts/run';

/** Accounts of the tests are named after the process that made them, so that a later run can tell dead ones. */
const PREFIX = 'rpstest';

/** A throw-away account on this machine. */
export interface Account {
  readonly name: string;
  readonly password: string;
  remove(): Promise<void>;
}

/** Makes an account with a password and a home, and removes those that an interrupted run left. */
export async function makeAccount(shell = '/bin/sh'): Promise<Account> {
  await removeStale();
  const name = `${PREFIX}${process.pid}x${randomBytes(2).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  await runAsRoot('useradd', ['--create-home', '--shell', shell, name]);
  await runAsRoot('chpasswd', [], { input: `${name}:${password}\n` });
  return { name, password, remove: () => remove(name) };
}

async function remove(name: string): Promise<void> {
  await runAsRoot('userdel', ['--force', '--remove', name]).catch((error: unknown) => {
    // It warns by its status when there was no mail spool to remove.
    if (!String(error).includes('mail spool')) throw error;
  });
}

async function removeStale(): Promise<void> {
  for (const line of (await run('getent', ['passwd'])).split('\n')) {
    const [name = ''] = line.split(':');
    const pid = new RegExp(`^${PREFIX}(\\d+)x`).exec(name)?.[1];
    if (pid !== undefined && name !== userInfo().username && !isAlive(Number(pid))) await remove(name);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
