import { Problem } from '../../problem';
import type { HostConfig } from '../sshconfig/config';

/** Why no TCP connection came to be, in words. */
export function unreachable(config: HostConfig, error: NodeJS.ErrnoException): Problem {
  const { alias, hostName, port } = config;
  const where = `${alias === hostName ? '' : `${alias}: `}${hostName}`;
  const problem = (message: string, hint: string) =>
    new Problem('HOST_UNREACHABLE', message, hint, { cause: error });
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return problem(
        `${where}: there is no host of this name.`,
        'Check the name, DNS, and the SSH configuration.',
      );
    case 'ECONNREFUSED':
      return problem(
        `${where} refuses connections on port ${port}.`,
        'Check the port, and that an SSH server runs there.',
      );
    case 'ETIMEDOUT':
      return timedOut(config);
    default:
      return problem(
        `${where} port ${port} cannot be reached: ${error.message}`,
        'Check the network and any VPN.',
      );
  }
}

/** A host that does not answer. */
export function timedOut({ alias, port, connectSeconds }: HostConfig): Problem {
  return new Problem(
    'HOST_UNREACHABLE',
    `${alias} did not answer on port ${port} within ${connectSeconds} seconds: timed out.`,
    'Check the network, any VPN or firewall. ConnectTimeout in the SSH configuration makes the wait longer.',
  );
}
