import { strictly, type Case } from './hostKeyCases';

/** Reaches this machine by whatever name. */
export const RELAY = `ProxyCommand bash -c 'exec 3<>/dev/tcp/127.0.0.1/%p; cat <&3 & cat >&3'`;

/** What other options of ssh_config(5) make of it. */
export const optionCases: [string, Case][] = [
  [
    'a revoked key in a file',
    {
      server: 'ed',
      known: ['{web} {ed.ed25519}'],
      file: ['revoked', '{ed.ed25519}\n'],
      lines: ['RevokedHostKeys {home}/revoked'],
      ssh: 'refuses',
      only: 'RevokedHostKeys',
    },
  ],
  [
    'another revoked key in a file',
    {
      server: 'ed',
      known: ['{web} {ed.ed25519}'],
      file: ['revoked', '{other.ed25519}\n'],
      lines: ['RevokedHostKeys {home}/revoked'],
      ssh: 'connects',
      only: 'RevokedHostKeys',
    },
  ],
  [
    'no file of revoked keys',
    {
      server: 'ed',
      known: ['{web} {ed.ed25519}'],
      lines: ['RevokedHostKeys {home}/gone'],
      ssh: 'refuses',
      only: 'RevokedHostKeys',
    },
  ],
  [
    'a command that knows the key',
    {
      server: 'ed',
      lines: ['KnownHostsCommand /bin/echo %H {ed.ed25519}', 'StrictHostKeyChecking yes'],
      ssh: 'connects',
      only: 'KnownHostsCommand',
    },
  ],
  [
    'a command that knows another key',
    {
      server: 'ed',
      lines: ['KnownHostsCommand /bin/echo %H {other.rsa}', 'StrictHostKeyChecking accept-new'],
      ssh: 'refuses',
      only: 'KnownHostsCommand',
    },
  ],
  [
    'HostKeyAlgorithms of another type',
    { server: 'rsa', lines: ['HostKeyAlgorithms ssh-ed25519'], ssh: 'refuses' },
  ],
  [
    'HostKeyAlgorithms of one type',
    { server: 'all', lines: ['HostKeyAlgorithms rsa-sha2-256'], ssh: 'asks' },
  ],
  [
    'HostKeyAlgorithms without the first',
    { server: 'all', lines: ['HostKeyAlgorithms -*ed25519*'], ssh: 'asks' },
  ],
  ['a host that signs by SHA-1', { server: 'sha1', known: ['{web} {sha1.rsa}'], ssh: 'refuses' }],
  [
    'a host that signs by SHA-1, which is allowed',
    {
      server: 'sha1',
      known: ['{web} {sha1.rsa}'],
      lines: ['HostKeyAlgorithms +ssh-rsa'],
      ssh: 'connects',
    },
  ],
  [
    'RequiredRSASize above the key',
    {
      server: 'rsa',
      known: ['{web} {rsa.rsa}'],
      lines: ['RequiredRSASize 3072'],
      ssh: 'refuses',
    },
  ],
  [
    'RequiredRSASize of the key',
    {
      server: 'rsa',
      known: ['{web} {rsa.rsa}'],
      lines: ['RequiredRSASize 2048'],
      ssh: 'connects',
    },
  ],
  ['old algorithms', { server: 'plain', known: ['{web} {plain.ed25519}'], ssh: 'connects' }],
  [
    'Ciphers that the host has not',
    { server: 'plain', lines: ['Ciphers aes256-gcm@openssh.com'], ssh: 'refuses' },
  ],
  ['MACs that the host has not', { server: 'plain', lines: ['MACs hmac-sha2-256'], ssh: 'refuses' }],
  [
    'KexAlgorithms that the host has not',
    { server: 'plain', lines: ['KexAlgorithms curve25519-sha256'], ssh: 'refuses' },
  ],
  [
    'algorithms that the host has',
    {
      server: 'plain',
      lines: ['Ciphers aes256-ctr,aes128-ctr', 'MACs +hmac-md5', 'KexAlgorithms -curve*'],
      ssh: 'asks',
    },
  ],
  ['MACs of ssh alone', { server: 'ed', lines: ['MACs umac-128@openssh.com'], ssh: 'asks', only: 'MACs' }],
  [
    'a certified host',
    {
      server: 'certified',
      known: ['@cert-authority * {authority}'],
      lines: strictly('yes'),
      ssh: 'connects',
      only: '@cert-authority',
    },
  ],
  [
    'an authority of other hosts',
    { server: 'certified', known: ['@cert-authority *.org {authority}'], ssh: 'asks' },
  ],
  [
    'a host that its authority has not certified',
    {
      server: 'ed',
      known: ['@cert-authority * {authority}'],
      lines: strictly('accept-new'),
      ssh: 'connects',
      only: '@cert-authority',
    },
  ],
  [
    'the authority’s own key',
    {
      server: 'ed',
      known: ['@cert-authority * {ed.ed25519}'],
      ssh: 'asks',
      only: '@cert-authority',
    },
  ],
  [
    'a host on this machine that is always trusted',
    {
      server: 'ed',
      known: ['{web} {other.ed25519}'],
      lines: ['NoHostAuthenticationForLocalhost yes'],
      ssh: 'connects',
    },
  ],
  [
    'an alias on this machine',
    {
      server: 'ed',
      known: ['x {other.ed25519}'],
      lines: ['NoHostAuthenticationForLocalhost yes', 'HostKeyAlias x'],
      ssh: 'refuses',
    },
  ],
  ['CheckHostIP on this machine', { server: 'ed', lines: ['CheckHostIP yes'], ssh: 'asks' }],
  [
    'VerifyHostKeyDNS',
    {
      server: 'ed',
      known: ['{web} {ed.ed25519}'],
      lines: ['VerifyHostKeyDNS yes'],
      ssh: 'connects',
      only: 'VerifyHostKeyDNS',
    },
  ],
  ['BatchMode', { server: 'ed', lines: ['BatchMode yes'], ssh: 'refuses', only: 'BatchMode' }],
  [
    'RekeyLimit',
    {
      server: 'ed',
      known: ['{web} {ed.ed25519}'],
      lines: ['RekeyLimit 1M'],
      ssh: 'connects',
      only: 'RekeyLimit',
    },
  ],
  ['BindAddress', { server: 'ed', lines: ['BindAddress 127.0.0.2'], ssh: 'asks' }],
  ['Compression', { server: 'ed', lines: ['Compression yes'], ssh: 'asks' }],
  [
    'a name that is a pattern',
    {
      server: 'ed',
      lines: [RELAY, 'HostName *,x.evil.example', 'StrictHostKeyChecking no'],
      ssh: 'refuses',
    },
  ],
];
