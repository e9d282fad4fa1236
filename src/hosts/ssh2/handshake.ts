import type { Duplex } from 'node:stream';
import type {
  Algorithms,
  AnyAuthMethod,
  CipherAlgorithm,
  Client,
  KexAlgorithm,
  MacAlgorithm,
  ServerHostKeyAlgorithm,
} from 'ssh2';
import { Problem } from '../../problem';
import { abortable } from '../abort';
import { HostLines } from '../hostLines';
import { Asker } from '../login/asker';
import type { ReachOptions } from '../login/reachOptions';
import { Authentication } from './authentication';
import type { HostConfig } from '../sshconfig/config';
import type { HostKeyCheck } from './hostKey';
import { hostVerifier } from './hostVerifier';
import { identities } from './identities';
import { withinLimits } from './keyLimits';
import type { SshClient } from './sshClient';

/**
 * Speaks SSH over `transport` until the host has let the user in.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED; Cancelled
 */
export async function handshake(
  client: Client,
  transport: Duplex,
  hostKey: HostKeyCheck,
  { config, id }: Pick<SshClient, 'config' | 'id'>,
  { prompts, secrets, log, signal, onStep }: ReachOptions,
): Promise<void> {
  const asker = new Asker(prompts, secrets, signal);
  const ready = new Promise<void>((resolve, reject) => {
    const authentication = new Authentication({
      config,
      id,
      identities: async () =>
        (await identities(config, asker, log)).map((each) => withinLimits(each, config)),
      asker,
      log,
      onFailed: reject,
    });
    client.once('ready', () => void authentication.succeeded().then(resolve, reject));
    client.on('error', (error) => {
      // A key of the agent that did not sign: there may be others.
      if (error.level !== 'agent') reject(explain(error, config, authentication));
    });
    client.once('close', () => reject(hungUp(config, 'it closed the connection')));
    const lines = new HostLines((line) => log.info(`${config.alias}: ${line}`));
    client.on('banner', (text) => lines.tell(text));
    client.once('handshake', () => onStep(`Authenticating as ${config.user}`));
    client.on('change password', () => reject(authentication.problem('the password has expired')));
    client.connect({
      sock: transport,
      username: config.user,
      // Its clock would run while the person reads a prompt; ConnectTimer's does not.
      readyTimeout: 0,
      keepaliveInterval: config.keepaliveSeconds * 1000,
      keepaliveCountMax: config.keepaliveCount,
      algorithms: offered(config, hostKey),
      hostVerifier: hostVerifier((key) => hostKey.check(key), reject),
      authHandler: (offered: readonly string[] | null, partial: boolean | null, next) => {
        // Giving up by `false` is documented by ssh2, and missing in its types.
        const go = next as (method: AnyAuthMethod | false) => void;
        void authentication.next(offered, partial).then(go);
      },
    });
  });
  await abortable(ready, signal);
}

/**
 * In ssh2 all connections share the buffers of this cipher, and one inside another (ProxyJump) waits for ever. It comes
 * last, as in ssh2's own list.
 */
const CHACHA = 'chacha20-poly1305@openssh.com';

/** What is offered to the host: only what the configuration allows. ssh2's own lists hold SHA-1 signatures too. */
function offered({ algorithms, compression }: HostConfig, hostKey: HostKeyCheck): Algorithms {
  const ciphers = [...algorithms.ciphers].sort((a, b) => Number(a === CHACHA) - Number(b === CHACHA));
  return {
    kex: [...algorithms.kexalgorithms] as KexAlgorithm[],
    serverHostKey: hostKey.algorithms as ServerHostKeyAlgorithm[],
    cipher: ciphers as CipherAlgorithm[],
    hmac: [...algorithms.macs] as MacAlgorithm[],
    compress: compression ? ['zlib@openssh.com', 'none'] : ['none'],
  };
}

function explain(
  error: Error & { level?: string; code?: unknown },
  config: HostConfig,
  authentication: Authentication,
): Problem {
  if (error.level === 'client-authentication') return authentication.problem('');
  // A number is the reason of SSH_MSG_DISCONNECT (RFC 4253, section 11.1), for instance after too many keys.
  if (typeof error.code === 'number') return authentication.problem(error.message);
  return hungUp(config, error.message, error);
}

function hungUp({ alias, port }: HostConfig, reason: string, cause?: Error): Problem {
  return new Problem(
    'HOST_UNREACHABLE',
    `${alias} answered on port ${port}, but no SSH connection came to be: ${reason}.`,
    'Check that an SSH server runs on that port, and what its log says.',
    { cause },
  );
}
