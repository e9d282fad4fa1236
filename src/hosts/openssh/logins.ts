import { Problem } from '../../problem';
import { hostConfig, type HostConfig } from '../sshconfig/config';
import type { SshEnvironment } from '../sshconfig/environment';
import { loginId, loginName } from '../login/loginId';

/** A login that an ssh program may be making, as far as its questions tell. */
export interface AskingLogin {
  readonly id: string;
  /** For people: see `loginName`. */
  readonly name: string;
  /** How ssh names it when it asks for its password: sshconnect2.c, userauth_passwd(). */
  readonly account: string;
  /** How often ssh asks for one secret. */
  readonly attempts: number;
}

/** The logins on the way to a host: that on the host itself, which one ssh makes, and those on ProxyJump hosts, by others. */
export interface Logins {
  readonly own: AskingLogin;
  /** Empty where the configuration does not tell them all. */
  readonly hops: readonly AskingLogin[];
}

/**
 * Reads which logins ssh makes on the way to a host. Hosts behind a ProxyCommand, and jumps of a jump host's own, are
 * not told by the configuration.
 * @throws Cancelled
 */
export async function loginsTo(
  config: HostConfig,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<Logins> {
  const configs = await jumpConfigs(config, environment, signal);
  const isAll = configs.every(
    ({ proxyJump, proxyCommand }) => proxyJump === undefined && proxyCommand === undefined,
  );
  const hops: AskingLogin[] = [];
  for (const hop of isAll ? configs : []) hops.push(asking(hop, hops.at(-1)?.id));
  return { own: asking(config, hops.at(-1)?.id), hops };
}

/** The configurations of the ProxyJump hosts, nearest first; none when one of them cannot be read: ssh says why. */
async function jumpConfigs(
  { proxyJump }: HostConfig,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<HostConfig[]> {
  const jumps = proxyJump?.split(',').map((jump) => jump.trim()) ?? [];
  try {
    return await Promise.all(jumps.map((jump) => hostConfig(jump, environment, signal)));
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}

function asking(config: HostConfig, via: string | undefined): AskingLogin {
  const { user, hostName, hostKeyAlias, passwordPrompts: attempts } = config;
  // ssh cuts both: "%.30s@%.128s's password: "
  const account = `${user.slice(0, 30)}@${(hostKeyAlias ?? hostName).slice(0, 128)}`;
  return { id: loginId(config, via), name: loginName(config), account, attempts };
}
