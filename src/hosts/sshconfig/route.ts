import { Problem } from '../../problem';
import { hostConfig, type HostConfig } from './config';
import type { SshEnvironment } from './environment';

/** Deepest chain of ProxyJump; a longer one is a loop. */
const MAX_HOPS = 8;

/** The hosts that a connection goes through, each reached through the one before it. */
export interface Route {
  /** Reached from here. */
  readonly nearest: HostConfig;
  /** The others; the last one is the destination. */
  readonly beyond: readonly HostConfig[];
}

/**
 * The configurations of a destination and of the ProxyJump hosts in front of it, each with its own.
 * @throws Problem SSH_CONFIG, HOST_NAME_INVALID; Cancelled
 */
export async function routeTo(
  destination: string,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<Route> {
  const configs: HostConfig[] = [];
  let next: string | undefined = destination;
  /** Hosts that a list names in front of `next`; they stand for its own ProxyJump. */
  let named: string[] = [];
  while (next !== undefined) {
    if (configs.length > MAX_HOPS) {
      const message = `${destination} is to be reached through more than ${MAX_HOPS} hosts.`;
      const hint = 'Look for a loop in the ProxyJump lines of the SSH configuration.';
      throw new Problem('SSH_CONFIG', message, hint);
    }
    const config = await hostConfig(next, environment, signal);
    configs.unshift(config);
    // Of a list, the last host is the one next to the destination; it is reached through the others.
    if (named.length === 0) named = config.proxyJump?.split(',').map((hop) => hop.trim()) ?? [];
    next = named.pop();
  }
  const [nearest, ...beyond] = configs;
  if (nearest === undefined) throw new Error('a route has at least one host');
  return { nearest, beyond };
}
