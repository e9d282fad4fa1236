import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ServerHostKeyAlgorithm } from 'ssh2';
import { Problem } from '../../problem';
import type { Log, Prompts } from '../prompts';
import type { HostConfig } from './config';
import {
  fingerprint,
  hashName,
  judgeKey,
  keyType,
  knownHostName,
  linesFor,
  readKnownHosts,
  type KeyVerdict,
  type KnownHost,
} from './knownHosts';

/** The signature algorithms of each key type, best first. */
const ALGORITHMS: Record<string, readonly ServerHostKeyAlgorithm[]> = {
  'ssh-ed25519': ['ssh-ed25519'],
  'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
  'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
  'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
};

/** Decides whether the key that a host shows is to be trusted: one check for one connection. */
export class HostKeyCheck {
  readonly #name: string;
  /** What speaks about the host, and what speaks about it without its port. */
  readonly #lines: readonly KnownHost[];
  readonly #portless: readonly KnownHost[];
  #accepted: Buffer | undefined;

  /** @throws Problem SSH_CONFIG when a known_hosts file cannot be read. */
  static async create(
    config: HostConfig,
    prompts: Prompts,
    log: Log,
    signal: AbortSignal,
  ): Promise<HostKeyCheck> {
    const lines = await readKnownHosts([...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]);
    return new HostKeyCheck(config, prompts, log, signal, lines);
  }

  private constructor(
    private readonly config: HostConfig,
    private readonly prompts: Prompts,
    private readonly log: Log,
    private readonly signal: AbortSignal,
    lines: readonly KnownHost[],
  ) {
    const { hostKeyAlias, hostName, port } = config;
    // HostKeyAlias stands for host and port: sshconnect.c, get_hostfile_hostname_ipaddr().
    this.#name = hostKeyAlias?.toLowerCase() ?? knownHostName(hostName, port);
    this.#lines = linesFor(lines, this.#name);
    this.#portless = hostKeyAlias === undefined ? linesFor(lines, knownHostName(hostName, 22)) : [];
  }

  /** Algorithms to offer: those of known keys first, so that a host with several shows one that can be checked. */
  get algorithms(): ServerHostKeyAlgorithm[] {
    const lines = this.#lines.length > 0 ? this.#lines : this.#portless;
    const known = lines.filter((line) => line.marker === 'none').map((line) => keyType(line.key));
    const types = new Set([...known, ...Object.keys(ALGORITHMS)]);
    return [...types].flatMap((type) => ALGORITHMS[type] ?? []);
  }

  /**
   * Returns when the key may be trusted; a new one that was accepted is then in known_hosts.
   * @throws Problem HOST_KEY_CHANGED, HOST_KEY_REJECTED; Cancelled
   */
  async check(key: Buffer): Promise<void> {
    // The host shows its key again whenever the session keys are renewed.
    if (this.#accepted?.equals(key) === true) return;
    const verdict = this.#judge(key);
    switch (verdict.kind) {
      case 'known':
        break;
      case 'changed':
        throw this.#changed(key, verdict.entry);
      case 'revoked':
        throw this.#rejected(
          `is revoked in ${verdict.entry.file} line ${verdict.entry.line}`,
          'Do not connect. Ask whoever runs the host for its new key.',
        );
      case 'unknown':
        await this.#meet(key);
    }
    this.#accepted = key;
  }

  /** A key that is known for the host on port 22 is good on another one too: sshconnect.c, check_host_key(). */
  #judge(key: Buffer): KeyVerdict {
    const verdict = judgeKey(this.#lines, key);
    if (verdict.kind !== 'unknown') return verdict;
    const portless = judgeKey(this.#portless, key);
    return portless.kind === 'changed' ? verdict : portless;
  }

  /** A key seen for the first time: StrictHostKeyChecking says what to do. */
  async #meet(key: Buffer): Promise<void> {
    const shown = { host: this.#name, keyType: keyType(key), fingerprint: fingerprint(key) };
    const { strictHostKeyChecking } = this.config;
    if (strictHostKeyChecking === 'yes') {
      throw this.#rejected(
        `(${shown.keyType} ${shown.fingerprint}) is not known, and StrictHostKeyChecking forbids to accept new ones`,
        'Add the key to known_hosts, after comparing it with the one on the host.',
      );
    }
    if (strictHostKeyChecking === 'ask' && !(await this.prompts.acceptHostKey(shown, this.signal))) {
      throw this.#rejected(
        `(${shown.keyType} ${shown.fingerprint}) was not accepted`,
        'On the host, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" prints the fingerprint to compare.',
      );
    }
    await this.#add(key);
  }

  /** Adds an accepted key as ssh does: a failure is told and does not stop the connection. */
  async #add(key: Buffer): Promise<void> {
    const [file] = this.config.userKnownHostsFiles;
    if (file === undefined) return;
    const name = this.config.hashKnownHosts ? hashName(this.#name, randomBytes(20)) : this.#name;
    try {
      // Mostly ~/.ssh, and mostly there; if not, opening the file tells. Node's recursive mkdir may hang in /proc.
      await mkdir(dirname(file), 0o700).catch(() => undefined);
      await appendLine(file, `${name} ${keyType(key)} ${key.toString('base64')}`);
      this.log.info(`Added the ${keyType(key)} key of ${this.#name} to ${file}.`);
    } catch (error) {
      this.log.warn(`The key of ${this.#name} could not be added to ${file}: ${String(error)}`);
    }
  }

  #changed(key: Buffer, { file, line }: KnownHost): Problem {
    return new Problem(
      'HOST_KEY_CHANGED',
      `The ${keyType(key)} key of ${this.#name} is not the one in ${file} line ${line}. It shows ${fingerprint(key)}.`,
      'Somebody may be listening in between, or the host was set up anew. Only if you know that it was, ' +
        `forget the old key with: ssh-keygen -f "${file}" -R "${this.#name}"`,
    );
  }

  #rejected(reason: string, hint: string): Problem {
    return new Problem('HOST_KEY_REJECTED', `The host key of ${this.#name} ${reason}.`, hint);
  }
}

/** Appends a line, also to a file whose last line has no end. */
async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const cut = bytesRead === 1 && buffer[0] !== 10;
    await file.appendFile(`${cut ? '\n' : ''}${line}\n`);
  } finally {
    await file.close();
  }
}
