import { createAgent, type ParsedKey } from 'ssh2';
import type { Log } from '../prompts';
import type { Asker } from '../login/asker';
import type { HostConfig } from '../sshconfig/config';
import { KeyFile } from './keyFile';

/** A key that may be offered to a host, wherever its private half is. */
export interface Identity {
  /** For people: `key file /home/alice/.ssh/id_ed25519`, `agent key alice@laptop`. */
  readonly name: string;
  /** Returns undefined when the key cannot be had. @throws Cancelled */
  publicKey(): Promise<ParsedKey | undefined>;
  /**
   * Signs; `hash` is what an RSA signature is made with.
   * @throws Cancelled, or an Error when the agent refuses or the key stays locked.
   */
  sign(data: Buffer, hash: SigningHash | undefined): Promise<Buffer>;
}

export type SigningHash = 'sha1' | 'sha256' | 'sha512';

/**
 * The keys to offer, in ssh's order (sshconnect2.c, pubkey_prepare()): those of the configuration that the agent
 * holds, the agent's others unless IdentitiesOnly, then the key files.
 */
export async function identities(config: HostConfig, asker: Asker, log: Log): Promise<Identity[]> {
  const [agentKeys, files] = await Promise.all([listAgent(config, log), readFiles(config, log)]);
  const held = (key: ParsedKey) => agentKeys.find((other) => other.getPublicSSH().equals(key.getPublicSSH()));
  const configured = files.flatMap(({ publicKey }) => (publicKey && held(publicKey)) ?? []);
  const others = config.identitiesOnly ? [] : agentKeys.filter((key) => !configured.includes(key));
  const unheld = files.filter(({ isPrivate, publicKey }) => isPrivate && !(publicKey && held(publicKey)));
  return [
    ...[...configured, ...others].map((key) => agentIdentity(config.agent ?? '', key)),
    ...unheld.map((file) => fileIdentity(file, asker)),
  ];
}

async function readFiles(config: HostConfig, log: Log): Promise<KeyFile[]> {
  const read = config.identityFiles.map(async (path) => {
    try {
      return [await KeyFile.read(path)];
    } catch (error) {
      // ssh has default key files that most people do not have: they are not worth a line.
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!missing) log.warn(`The key file ${path} is not used: ${String(error)}`);
      return [];
    }
  });
  return (await Promise.all(read)).flat();
}

/** The keys of the agent. One that does not answer is not the end: there may be key files and a password. */
async function listAgent({ agent }: HostConfig, log: Log): Promise<ParsedKey[]> {
  if (agent === undefined) return [];
  return new Promise((resolve) => {
    createAgent(agent).getIdentities((error, keys = []) => {
      if (error) log.warn(`The SSH agent at ${agent} is not used: ${error.message}`);
      resolve(keys.flatMap((key) => ('getPublicSSH' in Object(key) ? [key as ParsedKey] : [])));
    });
  });
}

function agentIdentity(agent: string, key: ParsedKey): Identity {
  return {
    name: `agent key ${key.comment}`.trimEnd(),
    publicKey: () => Promise.resolve(key),
    sign: (data, hash) =>
      new Promise((resolve, reject) => {
        createAgent(agent).sign(key, data, hash === undefined ? {} : { hash }, (error, signature) => {
          if (signature) resolve(signature);
          else reject(error ?? new Error('the agent did not sign'));
        });
      }),
  };
}

function fileIdentity(file: KeyFile, asker: Asker): Identity {
  return {
    name: `key file ${file.path}`,
    publicKey: async () => file.publicKey ?? (await file.unlock(asker)),
    sign: async (data, hash) => {
      const key = await file.unlock(asker);
      if (key === undefined) throw new Error('the key was not unlocked');
      // ssh2 returns a failure to sign instead of throwing it, which its types do not say.
      const signature: Buffer | Error = key.sign(data, hash);
      if (!Buffer.isBuffer(signature)) throw new Error(String(signature));
      return signature;
    },
  };
}
