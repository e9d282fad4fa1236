import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Problem } from '../../problem';
import { abortable, abortError } from '../abort';
import { HostLines } from '../hostLines';
import type { Log } from '../prompts';
import type { HostConfig } from './config';
import type { SshEnvironment } from './environment';
import { expandTokens } from './tokens';

/** Opens a TCP connection to a host. @throws Problem HOST_UNREACHABLE that says how it failed; Cancelled */
export async function dial(config: HostConfig, signal: AbortSignal): Promise<Socket> {
  const { hostName: host, port, addressFamily: family, bindAddress: localAddress } = config;
  const socket = connect({ host, port, family, noDelay: true, ...(localAddress && { localAddress }) });
  try {
    await abortable(
      new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('error', (error: NodeJS.ErrnoException) => reject(unreachable(config, error)));
      }),
      signal,
    );
    return socket;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  }
}

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

/** How long a ProxyCommand may go on once nobody listens, to say what has become of it, milliseconds. */
const LAST_WORDS_MS = 500;

/**
 * Starts the configured ProxyCommand, by the user's shell as OpenSSH does, and returns its stdin and stdout as one
 * stream. The program ends soon after the stream is destroyed.
 */
export function runProxyCommand(
  command: string,
  config: HostConfig,
  environment: SshEnvironment,
  log: Log,
  signal: AbortSignal,
): Duplex {
  if (signal.aborted) throw abortError(signal);
  const expanded = expandTokens(command, config, environment);
  const { env, platform } = environment;
  const child =
    platform === 'win32'
      ? spawn(expanded, { shell: true, env, windowsHide: true })
      : spawn(env['SHELL'] ?? '/bin/sh', ['-c', `exec ${expanded}`], { env });
  const lines = new HostLines((line) => log.info(`ProxyCommand: ${line}`));
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.tell(text));
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin });
  child.once('error', (error) => stream.destroy(error));
  child.stdin.on('error', () => undefined);
  stream.on('error', (error) => log.warn(`ProxyCommand: ${error.message}`));
  stream.once('close', () => {
    const overdue = setTimeout(() => child.kill(), LAST_WORDS_MS);
    child.once('close', () => clearTimeout(overdue));
  });
  child.once('close', () => stream.destroy());
  return stream;
}
