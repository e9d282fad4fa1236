import type { Duplex } from 'node:stream';
import { Client } from 'ssh2';
import { Problem } from '../../problem';
import { abortable } from '../abort';
import type { Log, Prompts } from '../prompts';
import type { Secrets } from '../secrets';
import { hostConfig, type HostConfig } from './config';
import { ConnectTimer } from './connectTimer';
import type { SshEnvironment } from './environment';
import { HostKeyCheck } from './hostKey';
import { handshake } from './handshake';
import { loginId } from './loginId';
import { dial, runProxyCommand, timedOut } from './transport';

/** What reaching a host needs of the world. */
export interface ReachOptions {
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly environment: SshEnvironment;
  readonly signal: AbortSignal;
  /** Told what is being waited for. */
  readonly onStep: (step: string) => void;
}

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
/** Deepest chain of ProxyJump; a longer one is a loop. */
const MOST_HOPS = 8;

/**
 * Connects and logs in to a host by its configuration, through its ProxyJump hosts, each with its own configuration,
 * host key check and login.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG; Cancelled
 */
export async function reach(destination: string, options: ReachOptions): Promise<SshClient> {
  return reachVia(destination, undefined, options, 0);
}

/** @param jumps hosts to go through instead of those in the configuration, nearest first. */
async function reachVia(
  destination: string,
  jumps: readonly string[] | undefined,
  options: ReachOptions,
  depth: number,
): Promise<SshClient> {
  const { environment, signal } = options;
  options.onStep(`Connecting to ${destination}`);
  const config = await hostConfig(destination, environment, signal);
  if (depth > MOST_HOPS) {
    const message = `${destination} is to be reached through more than ${MOST_HOPS} hosts.`;
    throw new Problem(
      'SSH_CONFIG',
      message,
      'Look for a loop in the ProxyJump lines of the SSH configuration.',
    );
  }
  // Of a list, the last host is the one next to the destination; it is reached through the others.
  const through = [...(jumps ?? config.proxyJump?.split(',').map((hop) => hop.trim()) ?? [])];
  const last = through.pop();
  if (last === undefined) return login(config, undefined, options);
  const hop = await reachVia(last, through.length > 0 ? through : undefined, options, depth + 1);
  try {
    return await login(config, hop, options);
  } catch (error) {
    hop.end();
    throw error;
  }
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
    const hostKey = await HostKeyCheck.create(config, prompts, options.log, signal);
    options.onStep(`Connecting to ${config.alias}`);
    transport = await open(config, hop, options, signal);
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

function open(
  config: HostConfig,
  hop: SshClient | undefined,
  { environment, log }: ReachOptions,
  signal: AbortSignal,
): Promise<Duplex> {
  if (hop !== undefined) return abortable(forward(hop, config), signal);
  if (config.proxyCommand === undefined) return dial(config, signal);
  if (config.special.proxyUseFdpass) {
    const message = `${config.alias} is configured with ProxyUseFdpass, which ssh2 cannot do.`;
    const hint = 'Set rpsTrace.ssh.client to auto or openssh.';
    return Promise.reject(new Problem('SSH_CONFIG', message, hint));
  }
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
