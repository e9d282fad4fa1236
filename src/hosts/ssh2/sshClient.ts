import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { Problem } from '../../problem';
import { abortable } from '../abort';
import { routeTo } from '../sshconfig/route';
import type { HostConfig } from '../sshconfig/config';
import { ConnectTimer } from '../login/connectTimer';
import { HostKeyCheck } from './hostKey';
import { handshake } from './handshake';
import { loginId } from '../login/loginId';
import type { ReachOptions } from '../login/reachOptions';
import { timedOut } from '../login/unreachable';
import { readKnownHosts } from '../login/knownHosts';
import { dial, runProxyCommand } from './transport';

/** A logged-in ssh2 client, and the one it goes through when there is a ProxyJump. */
export interface SshClient {
  readonly client: Client;
  readonly config: HostConfig;
  /** Names the login: see `loginId`. */
  readonly id: string;
  /** Ends the connection and those it goes through. */
  end(): void;
}

/** How long a host may take to say goodbye, milliseconds. */
const GOODBYE_MS = 2000;

/**
 * Connects and logs in to a host by its configuration, through its ProxyJump hosts, each with its own configuration,
 * host key check and login.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG; Cancelled
 */
export async function reach(destination: string, options: ReachOptions): Promise<SshClient> {
  options.onStep(`Connecting to ${destination}`);
  const { nearest, beyond } = await routeTo(destination, options.environment, options.signal);
  for (const config of [nearest, ...beyond]) requireBuiltIn(config);
  let client = await login(nearest, undefined, options);
  for (const config of beyond) {
    const hop = client;
    try {
      client = await login(config, hop, options);
    } catch (error) {
      hop.end();
      throw error;
    }
  }
  return client;
}

async function login(
  config: HostConfig,
  hop: SshClient | undefined,
  options: ReachOptions,
): Promise<SshClient> {
  const attempt = new AbortController();
  const signal = AbortSignal.any([options.signal, attempt.signal]);
  const timer = new ConnectTimer(config.connectSeconds, () => attempt.abort(timedOut(config)));
  const client = new Client();
  const id = loginId(config, hop?.id);
  let transport: Duplex | undefined;
  try {
    const prompts = timer.pausing(options.prompts);
    const knownHosts = await readKnownHosts([...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]);
    options.onStep(`Connecting to ${config.alias}`);
    transport = await open(config, hop, options, signal);
    const address = transport instanceof Socket ? transport.remoteAddress : undefined;
    // From here to the handshake nothing is waited for: the transport may end meanwhile, and nobody would hear.
    const hostKey = new HostKeyCheck({ config, address, knownHosts, prompts, log: options.log, signal });
    await handshake(client, transport, hostKey, { config, id }, { ...options, prompts, signal });
    return owned(client, transport, hop, { config, id });
  } catch (error) {
    client.on('error', () => undefined);
    client.destroy();
    transport?.destroy();
    throw error;
  } finally {
    timer.stop();
    // Whatever still waits, a prompt for instance, waits for nothing now.
    attempt.abort();
  }
}

/** @throws Problem SSH_CONFIG for a protection that the configuration asks for and only the system's ssh gives. */
function requireBuiltIn({ alias, handovers }: HostConfig): void {
  const need = handovers.find(({ purpose }) => purpose === 'protection');
  if (need === undefined) return;
  throw new Problem(
    'SSH_CONFIG',
    `${alias} is configured with ${need.option}, which ssh2 cannot follow.`,
    'Set rpsTrace.ssh.client to auto, with OpenSSH’s ssh installed, or remove the option for this host.',
  );
}

function open(
  config: HostConfig,
  hop: SshClient | undefined,
  { environment, log }: ReachOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  if (hop !== undefined) return abortable(forward(hop, config), signal);
  if (config.proxyCommand === undefined) return dial(config, signal);
  return Promise.resolve(runProxyCommand(config.proxyCommand, config, environment, log, signal));
}

function forward(hop: SshClient, config: HostConfig): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    hop.client.forwardOut('127.0.0.1', 0, config.hostName, config.port, (error, channel) => {
      if (error === undefined) return resolve(channel);
      const message = `${hop.config.alias} cannot reach ${config.hostName} port ${config.port}: ${error.message}`;
      const hint = `Check the name as ${hop.config.alias} sees it, and that it allows forwarding (AllowTcpForwarding).`;
      reject(new Problem('HOST_UNREACHABLE', message, hint, { cause: error }));
    });
  });
}

function owned(
  client: Client,
  transport: Duplex,
  hop: SshClient | undefined,
  login: Pick<SshClient, 'config' | 'id'>,
): SshClient {
  const finish = () => {
    transport.destroy();
    hop?.end();
  };
  client.once('close', finish);
  const end = () => {
    client.end();
    setTimeout(finish, GOODBYE_MS).unref();
  };
  return { client, ...login, end };
}
