import { matchesPattern } from './pattern';

/** Lists of algorithms by the keyword that sets them, the most wanted first. */
export interface Algorithms {
  readonly kexalgorithms: readonly string[];
  readonly hostkeyalgorithms: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  readonly pubkeyacceptedalgorithms: readonly string[];
}

const SIGNATURES = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

/**
 * What OpenSSH 9.2 offers when its configuration says nothing, without certificates, security keys and what else ssh2
 * does not know. It holds where no ssh can be asked; of ssh-rsa, which signs by SHA-1, nothing is in it.
 */
export const defaultAlgorithms: Algorithms = {
  kexalgorithms: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group-exchange-sha256',
    'diffie-hellman-group16-sha512',
    'diffie-hellman-group18-sha512',
    'diffie-hellman-group14-sha256',
  ],
  hostkeyalgorithms: SIGNATURES,
  ciphers: [
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
  ],
  macs: [
    'hmac-sha2-256-etm@openssh.com',
    'hmac-sha2-512-etm@openssh.com',
    'hmac-sha1-etm@openssh.com',
    'hmac-sha2-256',
    'hmac-sha2-512',
    'hmac-sha1',
  ],
  pubkeyacceptedalgorithms: SIGNATURES,
};

/**
 * What a list of ssh_config(5) stands for: `+` appends to the default, `-` removes, `^` puts in front; names are
 * patterns. `ssh -G` prints lists that are resolved already. kex.c, kex_assemble_names().
 * @param all the names that a pattern can match
 */
export function resolveAlgorithms(
  list: string | undefined,
  byDefault: readonly string[],
  all: readonly string[],
): string[] {
  if (list === undefined) return [...byDefault];
  const [, sign = '', rest = ''] = /^([-+^]?)(.*)$/s.exec(list.trim()) ?? [];
  const patterns = rest.split(',').map((pattern) => pattern.trim());
  const isNamed = (name: string) => patterns.some((pattern) => matchesPattern(name, pattern));
  if (sign === '-') return byDefault.filter((name) => !isNamed(name));
  const named = patterns.flatMap((pattern) =>
    /[*?]/.test(pattern) ? all.filter((name) => matchesPattern(name, pattern)) : [pattern],
  );
  const whole = { '': named, '+': [...byDefault, ...named], '^': [...named, ...byDefault] }[sign] ?? named;
  return [...new Set(whole)].filter((name) => name !== '');
}
