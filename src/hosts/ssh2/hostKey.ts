import { Problem } from '../../problem';
import type { Log, Prompts } from '../prompts';
import { addKnownHost, isPlainName } from './addKnownHost';
import type { HostConfig } from '../sshconfig/config';
import {
  fingerprint,
  judgeKey,
  keyType,
  knownHostName,
  linesFor,
  rsaBits,
  type KeyVerdict,
  type KnownHost,
} from '../login/knownHosts';

/** The name by which known_hosts speaks about a host, and the lines that do. */
interface Known {
  readonly name: string;
  readonly lines: readonly KnownHost[];
}

/** What a check needs of the configuration and of the person. */
export interface HostKeyCheckOptions {
  readonly config: HostConfig;
  /** Where the host was dialled; undefined where another host or a program did that. */
  readonly address: string | undefined;
  /** All lines of the known_hosts files. */
  readonly knownHosts: readonly KnownHost[];
  readonly prompts: Prompts;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Decides whether the key that a host shows is to be trusted, as sshconnect.c, check_host_key() does: one check for one
 * connection. Where ssh goes on without passwords, for a changed or revoked key with StrictHostKeyChecking=no, this
 * refuses, as sudo's password would still be typed.
 */
export class HostKeyCheck {
  readonly #host: Known;
  /** The host without its port; undefined where it has none to leave out. */
  readonly #portless: Known | undefined;
  /** The host's address: CheckHostIP. */
  readonly #ip: Known | undefined;
  readonly #isExempt: boolean;
  #accepted: Buffer | undefined;

  constructor(private readonly options: HostKeyCheckOptions) {
    const { config, address, knownHosts } = options;
    const { hostKeyAlias, hostName, port } = config;
    const known = (name: string): Known => ({ name, lines: linesFor(knownHosts, name) });
    // HostKeyAlias stands for host and port: sshconnect.c, get_hostfile_hostname_ipaddr().
    this.#host = known(hostKeyAlias?.toLowerCase() ?? knownHostName(hostName, port));
    this.#portless =
      hostKeyAlias === undefined && port !== 22 ? known(knownHostName(hostName, 22)) : undefined;
    const isLocal = address !== undefined && LOOPBACK.test(address);
    const looksUpAddress = config.checkHostIp && address !== undefined && !isLocal && address !== hostName;
    this.#ip = looksUpAddress ? known(knownHostName(address, port)) : undefined;
    this.#isExempt = config.trustsLocalhost && isLocal && hostKeyAlias === undefined;
  }

  /**
   * Algorithms to offer, in the configuration's order unless known_hosts has no key of the first one's type: then those
   * of known keys come first, so that a host with several shows one that can be checked. sshconnect2.c,
   * order_hostkeyalgs(); ssh leaves a list that is set without `+` or `-` in its order, which `ssh -G` does not tell.
   */
  get algorithms(): string[] {
    const all = this.options.config.algorithms.hostkeyalgorithms;
    const { lines } = this.#host;
    const isRevoked = ({ key }: KnownHost) => judgeKey(lines, key).kind === 'revoked';
    const good = lines.filter((line) => line.marker === 'none' && !isRevoked(line));
    const types = new Set(good.map((line) => line.keyType));
    const isKnown = (algorithm: string) => types.has(algorithm.replace(/^rsa-sha2-.*/, 'ssh-rsa'));
    if (isKnown(all[0] ?? '')) return [...all];
    return [...all.filter(isKnown), ...all.filter((algorithm) => !isKnown(algorithm))];
  }

  /**
   * Returns true when the key may be trusted, at once unless the person is to be asked; a new key that was accepted is
   * then in known_hosts.
   * @throws Problem HOST_KEY_CHANGED, HOST_KEY_REJECTED; Cancelled
   */
  check(key: Buffer): true | Promise<true> {
    // The host shows its key again whenever the session keys are renewed.
    if (this.#accepted?.equals(key) === true) return true;
    const { requiredRsaSize } = this.options.config;
    const bits = rsaBits(key);
    if (bits !== undefined && bits < requiredRsaSize) {
      throw this.#rejected(
        `has ${bits} bits, and RequiredRSASize asks for ${requiredRsaSize}`,
        'Give the host a longer key, or lower RequiredRSASize for it.',
      );
    }
    const verdict = this.#isExempt ? KNOWN : this.#judge(key);
    switch (verdict.kind) {
      case 'known':
        this.#accepted = key;
        return true;
      case 'changed':
        throw this.#changed(key, verdict.entry);
      case 'revoked':
        throw this.#rejected(
          `is revoked in ${verdict.entry.file} line ${verdict.entry.line}`,
          'Do not connect. Ask whoever runs the host for its new key.',
        );
      case 'unknown':
        return this.#meet(key);
    }
  }

  #judge(key: Buffer): KeyVerdict {
    const verdict = this.#judgeName(key);
    if (this.#ip === undefined || verdict.kind === 'changed' || verdict.kind === 'revoked') return verdict;
    const ofAddress = judgeKey(this.#ip.lines, key);
    if (ofAddress.kind === 'revoked') return ofAddress;
    // ssh asks about a key that is another than its address has, and without strict checking only warns.
    if (ofAddress.kind === 'changed' && this.options.config.strictHostKeyChecking !== 'no') return ofAddress;
    if (ofAddress.kind === 'unknown' && verdict.kind === 'known') void this.#add(key, [this.#ip.name]);
    return verdict;
  }

  /** A key that is known for the host on port 22 is good on another one too: sshconnect.c, check_host_key(). */
  #judgeName(key: Buffer): KeyVerdict {
    const verdict = judgeKey(this.#host.lines, key);
    if (verdict.kind !== 'unknown' || this.#portless === undefined) return verdict;
    const portless = judgeKey(this.#portless.lines, key);
    return portless.kind === 'changed' ? verdict : portless;
  }

  /** A key seen for the first time: StrictHostKeyChecking says what to do. */
  async #meet(key: Buffer): Promise<true> {
    const { name } = this.#host;
    const lines = [...this.#host.lines, ...(this.#portless?.lines ?? [])];
    const shown = { host: name, keyType: keyType(key), fingerprint: fingerprint(key) };
    const { strictHostKeyChecking, hostKeyAlias, hostName, userKnownHostsFiles } = this.options.config;
    if (!isPlainName(hostKeyAlias ?? hostName)) {
      throw this.#rejected(
        'cannot be added to known_hosts, where such a name would stand for other hosts',
        'Give the host a name without commas, spaces and * ? ! | [ ] @ # in HostName or HostKeyAlias.',
      );
    }
    if (lines.some((line) => line.marker === 'cert-authority')) {
      throw this.#rejected(
        'is to be certified by a @cert-authority in known_hosts, which ssh2 cannot check',
        'Set rpsTrace.ssh.client to auto, with OpenSSH’s ssh installed, or add the key to known_hosts.',
      );
    }
    if (userKnownHostsFiles.length === 0) {
      throw this.#rejected(
        `(${shown.keyType} ${shown.fingerprint}) is not known, and there is no UserKnownHostsFile to add it to`,
        'Name a file with UserKnownHostsFile in the SSH configuration, and connect again.',
      );
    }
    if (strictHostKeyChecking === 'yes') {
      throw this.#rejected(
        `(${shown.keyType} ${shown.fingerprint}) is not known, and StrictHostKeyChecking forbids to accept new ones`,
        'Add the key to known_hosts, after comparing it with the one on the host.',
      );
    }
    if (
      strictHostKeyChecking === 'ask' &&
      !(await this.options.prompts.acceptHostKey(shown, this.options.signal))
    ) {
      throw this.#rejected(
        `(${shown.keyType} ${shown.fingerprint}) was not accepted`,
        'On the host, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" prints the fingerprint to compare.',
      );
    }
    const isNewAddress = this.#ip !== undefined && judgeKey(this.#ip.lines, key).kind === 'unknown';
    await this.#add(key, [name, ...(isNewAddress ? [this.#ip.name] : [])]);
    this.#accepted = key;
    return true;
  }

  /** Adds an accepted key as ssh does: a failure is told and does not stop the connection. */
  async #add(key: Buffer, names: readonly string[]): Promise<void> {
    const [file] = this.options.config.userKnownHostsFiles;
    if (file === undefined) return;
    try {
      await addKnownHost(file, names, key, this.options.config.hashKnownHosts);
      this.options.log.info(`Added the ${keyType(key)} key of ${names.join(', ')} to ${file}.`);
    } catch (error) {
      this.options.log.warn(`The key of ${names.join(', ')} could not be added to ${file}: ${String(error)}`);
    }
  }

  #changed(key: Buffer, { file, line }: KnownHost): Problem {
    const { name } = this.#host;
    return new Problem(
      'HOST_KEY_CHANGED',
      `The ${keyType(key)} key of ${name} is not the one in ${file} line ${line}. It shows ${fingerprint(key)}.`,
      'Somebody may be listening in between, or the host was set up anew. Only if you know that it was, ' +
        `forget the old key with: ssh-keygen -f "${file}" -R "${name}"`,
    );
  }

  #rejected(reason: string, hint: string): Problem {
    return new Problem('HOST_KEY_REJECTED', `The host key of ${this.#host.name} ${reason}.`, hint);
  }
}

const KNOWN: KeyVerdict = { kind: 'known' };
/** sshconnect.c, sockaddr_is_local(). */
const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
