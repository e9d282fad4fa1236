import type { Connection } from './connection';
import { throwIfAborted } from './abort';
import { localConnection } from './local/connection';
import type { Log, Prompts } from './prompts';
import { chooseClient, type SshClientChoice } from './openssh/choose';
import { openSshConnection } from './openssh/connection';
import { Secrets } from './secrets';
import { sshConnection } from './ssh2/connection';
import { sshEnvironment, type SshEnvironment } from './sshconfig/environment';
import type { Target } from './target';

export interface OpenOptions {
  readonly prompts: Prompts;
  readonly log: Log;
  /** Gives up reaching the host; once it is reached, only `dispose` ends the connection. */
  readonly signal: AbortSignal;
  /** Told what is being waited for, for a person: `Connecting to web-1`. */
  readonly onStep?: (step: string) => void;
  /** What was typed before in this window. Without it nothing is remembered. */
  readonly secrets?: Secrets;
  /** Another SSH configuration than the user's own. */
  readonly ssh?: Partial<SshEnvironment>;
  /** What speaks SSH; `auto` without it. */
  readonly client?: SshClientChoice;
}

/**
 * Reaches a host. Whoever calls this disposes of the connection.
 * @throws Problem NOT_LINUX, HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG; Cancelled when the signal aborts
 * or the person cancels a prompt.
 */
export async function openConnection(target: Target, options: OpenOptions): Promise<Connection> {
  const {
    prompts,
    log,
    signal,
    onStep = () => undefined,
    secrets = new Secrets(),
    client = 'auto',
  } = options;
  throwIfAborted(signal);
  if (target.kind === 'local') return localConnection();
  const { destination } = target;
  const reach = { prompts, log, signal, onStep, secrets, environment: sshEnvironment(options.ssh) };
  switch (await chooseClient(destination, client, reach)) {
    case 'ssh2':
      return sshConnection(destination, reach);
    case 'openssh':
      return openSshConnection(destination, reach);
  }
}
