import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Problem } from '../../problem';
import { matchesPatternList } from '../sshconfig/pattern';

/** One line of a known_hosts file, sshd(8), section SSH_KNOWN_HOSTS FILE FORMAT. */
export interface KnownHost {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker: 'none' | 'revoked' | 'cert-authority';
  /** Patterns, or one hashed name. */
  readonly names: string;
  /** `ssh-ed25519`, `ssh-rsa`, … */
  readonly keyType: string;
  readonly key: Buffer;
}

/** What known_hosts says about a key that a host shows. */
export type KeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'changed'; readonly entry: KnownHost }
  | { readonly kind: 'revoked'; readonly entry: KnownHost };

/** The types of key that OpenSSH reads from known_hosts: sshkey.c, keyimpls. */
const KEY_TYPES =
  /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com|[\w-]+-cert-v01@openssh\.com)$/;

/** Reads the lines of known_hosts files. Lines that make no sense are passed over, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): KnownHost[] {
  return text.split(/\r?\n/).flatMap((content, index) => {
    const match = /^\s*(?:@(\S+)\s+)?([^\s#@]\S*)\s+([a-z]\S*)\s+([A-Za-z0-9+/]+={0,2})(?:\s|$)/.exec(
      content,
    );
    const [, marker = 'none', names, type, base64] = match ?? [];
    if (names === undefined || type === undefined || base64 === undefined) return [];
    if (marker !== 'none' && marker !== 'revoked' && marker !== 'cert-authority') return [];
    const key = Buffer.from(base64, 'base64');
    if (!KEY_TYPES.test(type) || keyType(key) !== type) return [];
    return [{ file, line: index + 1, marker, names, keyType: type, key }];
  });
}

/**
 * Reads known_hosts files one after the other. A file that is not there holds nothing; one that cannot be read might
 * hold the very key that is asked about, so that is an error and not "unknown".
 * @throws Problem SSH_CONFIG
 */
export async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const lists = files.map(async (file) => {
    try {
      return parseKnownHosts(await readFile(file, 'utf8'), file);
    } catch (cause) {
      if (isNodeError(cause) && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')) return [];
      const said = cause instanceof Error ? cause.message : String(cause);
      const hint = 'Make the file readable, or name another one with UserKnownHostsFile.';
      throw new Problem('SSH_CONFIG', `The known host keys cannot be read: ${said}`, hint, { cause });
    }
  });
  return (await Promise.all(lists)).flat();
}

/** The name under which known_hosts keeps a host: `web-1`, or `[web-1]:2222` when the port is not 22. */
export function knownHostName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

/** The lines that speak about a host. */
export function linesFor(lines: readonly KnownHost[], name: string): KnownHost[] {
  return lines.filter(({ names }) => namesHost(names, name));
}

function namesHost(names: string, name: string): boolean {
  if (!names.startsWith('|')) return matchesPatternList(name, names.toLowerCase().split(','));
  const salt = /^\|1\|([^|]+)\|[^|]+$/.exec(names)?.[1];
  return salt !== undefined && hashName(name, Buffer.from(salt, 'base64')) === names;
}

/** The hashed form of a name: `|1|salt|HMAC-SHA1(salt, name)`, hostfile.c, host_hash(). */
export function hashName(name: string, salt: Buffer): string {
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}

/**
 * Judges a key by the lines that speak about its host. A host that is known by any plain key and shows none of those has
 * changed, also when the key is of another type: hostfile.c, check_hostkeys_by_key_or_type().
 */
export function judgeKey(lines: readonly KnownHost[], key: Buffer): KeyVerdict {
  const revoked = lines.find((line) => line.marker === 'revoked' && line.key.equals(key));
  if (revoked) return { kind: 'revoked', entry: revoked };
  const plain = lines.filter((line) => line.marker === 'none');
  if (plain.some((line) => line.key.equals(key))) return { kind: 'known' };
  const entry = plain.find((line) => line.keyType === keyType(key)) ?? plain.at(-1);
  return entry === undefined ? { kind: 'unknown' } : { kind: 'changed', entry };
}

/** The type that an SSH public key blob names itself, RFC 4253, section 6.6. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? '' : key.toString('latin1', 4, 4 + key.readUInt32BE(0));
}

/** The bits of an RSA key's modulus; undefined for a key of another type. RFC 4253, section 6.6. */
export function rsaBits(key: Buffer): number | undefined {
  if (keyType(key) !== 'ssh-rsa') return undefined;
  let at = 0;
  const next = () => {
    if (key.length < at + 4) return Buffer.alloc(0);
    const begin = at + 4;
    at = begin + key.readUInt32BE(at);
    return key.subarray(begin, at);
  };
  next(); // the type
  next(); // the exponent
  const modulus = next();
  const first = modulus.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : 8 * (modulus.length - first) - Math.clz32(modulus[first] ?? 0) + 24;
}

/** A key's fingerprint as ssh-keygen prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

function isNodeError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}
