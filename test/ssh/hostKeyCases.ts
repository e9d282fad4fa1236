import type { Outcome } from './hostKeyScene';
import type { KeyKind } from './sshd';

/** Servers by the keys and the algorithms that they have. */
export const SERVERS: Record<string, { hostKeys: KeyKind[]; config?: string[] }> = {
  all: { hostKeys: ['ed25519', 'ecdsa', 'rsa'] },
  ed: { hostKeys: ['ed25519'] },
  rsa: { hostKeys: ['rsa'] },
  sha1: { hostKeys: ['rsa'], config: ['HostKeyAlgorithms ssh-rsa'] },
  plain: {
    hostKeys: ['ed25519'],
    config: ['Ciphers aes128-ctr', 'MACs hmac-sha1', 'KexAlgorithms diffie-hellman-group14-sha256'],
  },
  certified: { hostKeys: ['ed25519'], config: ['HostCertificate {home}/certified-cert.pub'] },
};

/** One configuration. `{web}` and other names in braces are filled in. */
export interface Case {
  readonly server: string;
  /** Lines of known_hosts. */
  readonly known?: readonly string[];
  /** Lines of ssh_config(5). */
  readonly lines?: readonly string[];
  /** What ssh does. */
  readonly ssh: Outcome;
  /** What only the system's ssh follows: `auto` takes it, and the built-in client refuses by this name. */
  readonly only?: string;
  /** A file of ~/.ssh, and its text. */
  readonly file?: readonly [name: string, text: string];
}

export const strictly = (value: string) => [`StrictHostKeyChecking ${value}`];
const everyStrictness = (
  what: string,
  at: Omit<Case, 'ssh'>,
  outcomes: Readonly<Record<string, Outcome>>,
): [string, Case][] =>
  Object.entries(outcomes).map(([value, ssh]) => [
    `${what}, StrictHostKeyChecking ${value}`,
    { ...at, lines: [...(at.lines ?? []), ...strictly(value)], ssh },
  ]);
const CHANGED = { ask: 'refuses', 'accept-new': 'refuses', yes: 'refuses', no: 'without passwords' } as const;
const UNKNOWN = { ask: 'asks', 'accept-new': 'connects', yes: 'refuses', no: 'connects' } as const;

/** What known_hosts may say. */
export const knownHostsCases: [string, Case][] = [
  ...everyStrictness('an unknown host', { server: 'ed' }, UNKNOWN),
  ...everyStrictness('a host with another key', { server: 'ed', known: ['{web} {other.ed25519}'] }, CHANGED),
  ...everyStrictness(
    'a host known by another type',
    { server: 'rsa', known: ['{web} {other.ed25519}'] },
    CHANGED,
  ),
  ...everyStrictness('a host known by RSA', { server: 'ed', known: ['{web} {other.rsa}'] }, CHANGED),
  ...everyStrictness(
    'a revoked key',
    { server: 'ed', known: ['{web} {ed.ed25519}', '@revoked * {ed.ed25519}'] },
    CHANGED,
  ),
  ['a known host', { server: 'ed', known: ['{web} {ed.ed25519}'], lines: strictly('yes'), ssh: 'connects' }],
  [
    'the second of two keys',
    { server: 'ed', known: ['{web} {other.ed25519}', '{web} {ed.ed25519}'], ssh: 'connects' },
  ],
  ['another key that is revoked', { server: 'ed', known: ['@revoked * {other.ed25519}'], ssh: 'asks' }],
  ['a host of several keys known by RSA', { server: 'all', known: ['{web} {all.rsa}'], ssh: 'connects' }],
  ['a host of several keys known by ECDSA', { server: 'all', known: ['{web} {all.ecdsa}'], ssh: 'connects' }],
  [
    'a host of several keys with one changed',
    { server: 'all', known: ['{web} {all.rsa}', '{web} {other.ed25519}'], ssh: 'refuses' },
  ],
  [
    'a host of several keys known by one that is revoked',
    {
      server: 'all',
      known: ['{web} {all.rsa}', '@revoked * {all.rsa}', '{web} {all.ecdsa}'],
      ssh: 'connects',
    },
  ],
  ['a hashed name', { server: 'ed', known: ['{hashed} {ed.ed25519}'], ssh: 'connects' }],
  ['a hashed name with another key', { server: 'ed', known: ['{hashed} {other.rsa}'], ssh: 'refuses' }],
  ['a new name to be hashed', { server: 'ed', lines: ['HashKnownHosts yes'], ssh: 'asks' }],
  ['a name among others', { server: 'ed', known: ['a,{web},b {ed.ed25519} a comment'], ssh: 'connects' }],
  ['a pattern', { server: 'ed', known: ['[127.0.0.*]:* {ed.ed25519}'], ssh: 'connects' }],
  ['a negated pattern', { server: 'ed', known: ['!{web},* {other.ed25519}'], ssh: 'asks' }],
  ['a broken hash before a pattern', { server: 'ed', known: ['|1|x,* {ed.ed25519}'], ssh: 'asks' }],
  ['a line that names another type', { server: 'ed', known: ['{web} ssh-rsa {ed.ed25519}'], ssh: 'asks' }],
  ['a line of no type', { server: 'ed', known: ['{web} ssh-none AAAACHNzaC1ub25l'], ssh: 'asks' }],
  ['a line cut short', { server: 'ed', known: ['{web} ssh-ed25519'], ssh: 'asks' }],
  ['the key of another port', { server: 'ed', known: ['[127.0.0.1]:1 {other.ed25519}'], ssh: 'asks' }],
  [
    'the key of port 22',
    { server: 'ed', known: ['127.0.0.1 {ed.ed25519}'], lines: strictly('yes'), ssh: 'connects' },
  ],
  ['another key of port 22', { server: 'ed', known: ['127.0.0.1 {other.ed25519}'], ssh: 'asks' }],
  [
    'another key on the port, the right one on 22',
    {
      server: 'ed',
      known: ['127.0.0.1 {ed.ed25519}', '{web} {other.ed25519}'],
      ssh: 'refuses',
    },
  ],
  ['a key of several on port 22', { server: 'all', known: ['127.0.0.1 {all.rsa}'], ssh: 'asks' }],
  [
    'a HostKeyAlias',
    { server: 'ed', known: ['web-7 {ed.ed25519}'], lines: ['HostKeyAlias web-7'], ssh: 'connects' },
  ],
  [
    'a new HostKeyAlias',
    { server: 'ed', known: ['{web} {ed.ed25519}'], lines: ['HostKeyAlias web-7'], ssh: 'asks' },
  ],
  [
    'a HostKeyAlias of another host',
    {
      server: 'rsa',
      known: ['web-7 {ed.ed25519}'],
      lines: ['HostKeyAlias web-7'],
      ssh: 'refuses',
    },
  ],
  [
    'a second file',
    {
      server: 'ed',
      file: ['second', '{web} {ed.ed25519}\n'],
      lines: ['UserKnownHostsFile {home}/known_hosts {home}/second'],
      ssh: 'connects',
    },
  ],
  [
    'a file for everybody',
    {
      server: 'ed',
      file: ['global', '{web} {other.rsa}\n'],
      lines: ['GlobalKnownHostsFile {home}/global'],
      ssh: 'refuses',
    },
  ],
  ['no file', { server: 'ed', lines: ['UserKnownHostsFile none'], ssh: 'refuses' }],
  ['a file that keeps nothing', { server: 'ed', lines: ['UserKnownHostsFile /dev/null'], ssh: 'asks' }],
];
