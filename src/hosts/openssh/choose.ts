import { askSsh } from '../sshconfig/askSsh';
import type { ReachOptions } from '../login/reachOptions';
import { Problem } from '../../problem';
import { routeTo } from '../sshconfig/route';
import { parseDestination } from '../target';
import { needOfOpenSsh } from './need';

/** What speaks SSH: the setting `rpsTrace.ssh.client`. */
export const sshClientChoices = ['auto', 'ssh2', 'openssh'] as const;
export type SshClientChoice = (typeof sshClientChoices)[number];

/**
 * Decides what speaks SSH with a host. `auto` is ssh2 unless the configuration of the host, or of one it is reached
 * through, needs the system's ssh; the log says what does.
 * @throws Problem SSH_CONFIG, HOST_NAME_INVALID; Cancelled
 */
export async function chooseClient(
  destination: string,
  choice: SshClientChoice,
  { environment, log, signal }: ReachOptions,
): Promise<'ssh2' | 'openssh'> {
  if (choice === 'ssh2') return 'ssh2';
  const isThere = (await askSsh(parseDestination(destination), environment, signal)) !== undefined;
  if (choice === 'openssh') {
    if (isThere) return 'openssh';
    const hint = 'Install OpenSSH, or set rpsTrace.ssh.client to ssh2.';
    throw new Problem('SSH_CONFIG', 'The setting asks for the system’s ssh, and there is none.', hint);
  }
  if (!isThere) return 'ssh2';
  const { nearest, beyond } = await routeTo(destination, environment, signal);
  for (const each of [nearest, ...beyond]) {
    const need = await needOfOpenSsh(each, environment);
    if (need === undefined) continue;
    log.info(`${destination}: uses the system’s ssh, because of ${need}.`);
    return 'openssh';
  }
  return 'ssh2';
}
