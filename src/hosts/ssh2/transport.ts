import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { abortable, abortError } from '../abort';
import { HostLines } from '../hostLines';
import { unreachable } from '../login/unreachable';
import type { Log } from '../prompts';
import type { HostConfig } from '../sshconfig/config';
import type { SshEnvironment } from '../sshconfig/environment';
import { expandTokens } from '../sshconfig/tokens';

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
