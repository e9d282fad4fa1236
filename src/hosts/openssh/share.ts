import { join } from 'node:path';
import type { HostConfig } from '../sshconfig/config';
import type { ReachOptions } from '../login/reachOptions';
import { destinationArgs } from '../sshconfig/destinationArgs';
import { parseDestination } from '../target';
import { optionArgs, spawnSsh } from './commandLine';

/** How the logins of one host share a connection: what ssh is told for the first program, and for each other one. */
export interface Sharing {
  readonly first: readonly string[];
  readonly others: readonly string[];
}

/** Uses the connection that the user's own ssh shares, when there is one, or makes one. */
export async function share(
  config: HostConfig,
  destination: string,
  folder: string,
  { environment, log }: ReachOptions,
): Promise<Sharing> {
  const connecting = {
    // A dead connection is noticed, whatever the configuration leaves unset.
    ConnectTimeout: config.connectSeconds,
    ServerAliveInterval: config.keepaliveSeconds,
    ServerAliveCountMax: config.keepaliveCount,
  };
  if (!environment.multiplexes) {
    const alone = (LogLevel: string) => [
      ...['-S', 'none'],
      ...optionArgs({ ...connecting, ControlMaster: 'no', LogLevel }),
    ];
    return { first: alone('INFO'), others: alone('ERROR') };
  }
  // Without the shared connection ssh would make one of its own and ask everything again: this one goes nowhere.
  const over = (socket: string) => [
    ...['-S', socket],
    ...optionArgs({ ControlMaster: 'no', BatchMode: 'yes', ProxyCommand: 'false', LogLevel: 'ERROR' }),
  ];
  const theirs = config.special.controlPath;
  if (theirs !== undefined) {
    const to = destinationArgs(parseDestination(destination), environment);
    const check = await spawnSsh(['-S', theirs, '-O', 'check', ...to], environment);
    check.stdout.resume();
    check.stderr.resume();
    const isOpen = await new Promise((resolve) => check.once('close', (code) => resolve(code === 0)));
    if (isOpen) {
      log.info(`${destination}: uses the shared connection at ${theirs}.`);
      return { first: over(theirs), others: over(theirs) };
    }
  }
  const ours = join(folder, 'c');
  const master = optionArgs({ ...connecting, ControlPersist: 'no', LogLevel: 'INFO' });
  return { first: ['-M', '-S', ours, ...master], others: over(ours) };
}
