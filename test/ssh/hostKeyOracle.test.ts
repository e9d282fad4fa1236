import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { hashName } from '../../src/hosts/ssh/knownHosts';
import { makeAccount, type Account } from './account';
import { HostKeyScene, type Outcome } from './hostKeyScene';
import { ensureOpenSsh, startSshd, type KeyKind, type Sshd } from './sshd';

let account: Account;
let host: HostKeyScene;
const servers = new Map<string, Sshd>();
/** Keys by name: those of the servers, and keys that no server has. */
const keys = new Map<string, string>();

/** Servers by the keys and the algorithms that they have. */
const SERVERS: Record<string, { hostKeys: KeyKind[]; config?: string[] }> = {
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

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
  host = await HostKeyScene.create(account);
  const bare = (text: string) => text.split(' ').slice(0, 2).join(' ');
  const started = Object.entries(SERVERS).map(async ([name, { hostKeys, config = [] }]) => {
    const lines = config.map((line) => line.replace('{home}', host.scene.path('')));
    const sshd = await startSshd({ authorized: [host.key], hostKeys, config: lines });
    servers.set(name, sshd);
    for (const kind of hostKeys) keys.set(`${name}.${kind}`, await sshd.publicKey(kind));
  });
  await Promise.all(started);
  keys.set('other.ed25519', bare(await host.scene.makeKey('other')));
  keys.set('other.rsa', bare(await host.scene.makeKey('other-rsa', '', '-t', 'rsa', '-b', '2048')));
  keys.set('authority', bare(await host.scene.makeKey('authority')));
  await writeFile(host.scene.path('certified.pub'), keys.get('certified.ed25519') ?? '');
  const sign = ['-q', '-s', host.scene.path('authority'), '-I', 'web', '-h', '-n', '127.0.0.1'];
  await run('ssh-keygen', [...sign, host.scene.path('certified.pub')]);
  await servers.get('certified')?.halt();
  await servers.get('certified')?.goOn();
});
afterAll(async () => {
  await host.end();
  await Promise.all([...servers.values()].map((sshd) => sshd.stop()));
  await account.remove();
});

/** `{web}` is the server's name in known_hosts, `{hashed}` its hashed form, `{x.y}` a key, `{home}` the folder ~/.ssh. */
function fill(text: string, port: number): string {
  const web = `[127.0.0.1]:${port}`;
  return text.replace(/\{([\w.]+)\}/g, (whole, name: string) => {
    if (name === 'web') return web;
    if (name === 'hashed') return hashName(web, Buffer.alloc(20, 7));
    if (name === 'home') return host.scene.path('').replace(/\/$/, '');
    return keys.get(name) ?? whole;
  });
}

interface Case {
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

/** Reaches this machine by whatever name. */
const RELAY = `ProxyCommand bash -c 'exec 3<>/dev/tcp/127.0.0.1/%p; cat <&3 & cat >&3'`;
const strictly = (value: string) => [`StrictHostKeyChecking ${value}`];
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

const cases: [string, Case][] = [
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

describe('what ssh answers, both clients answer', () => {
  it.each(cases)('for %s', async (_what, { server, known = [], lines = [], ssh, only, file }) => {
    const sshd = servers.get(server);
    if (sshd === undefined) throw new Error(`there is no server ${server}`);
    const text = known.map((line) => `${fill(line, sshd.port)}\n`).join('');
    if (file) await writeFile(host.scene.path(file[0]), fill(file[1], sshd.port));
    await host.configure(
      sshd,
      lines.map((line) => fill(line, sshd.port)),
    );
    const asked = await host.ssh(text);
    expect(asked.outcome, asked.said).toBe(ssh);
    // A sudo password is not typed on a connection on which ssh sends none.
    const { about, knownHosts } = asked;
    const expected = { outcome: ssh === 'without passwords' ? 'refuses' : ssh, about, knownHosts };
    expect(about === undefined).toBe(expected.outcome !== 'refuses');
    expect(await host.ours('auto', text)).toMatchObject(expected);
    const builtIn = await host.ours('ssh2', text);
    if (only === undefined) return expect(builtIn).toMatchObject(expected);
    expect(builtIn).toMatchObject({ outcome: 'refuses', knownHosts: text });
    expect(builtIn.said).toContain(only);
    expect(builtIn.said).toContain('rpsTrace.ssh.client');
  });
});

it('a name that would stand for several hosts is never written, where ssh lets a comma pass', async () => {
  const sshd = servers.get('ed');
  if (sshd === undefined) throw new Error('there is no server');
  const names = [
    'HostName web,mail.example',
    'HostKeyAlias web,mail.example',
    'HostKeyAlias *',
    'HostKeyAlias @revoked',
  ];
  for (const name of names) {
    await host.configure(sshd, [RELAY, name, 'StrictHostKeyChecking no']);
    const answer = await host.ours('ssh2', '');
    expect(answer).toMatchObject({ outcome: 'refuses', knownHosts: '' });
    expect(answer.said).toContain('stand for other hosts');
  }
});

it('a key that is revoked for the host on port 22 is refused on others, where ssh asks', async () => {
  const sshd = servers.get('ed');
  if (sshd === undefined) throw new Error('there is no server');
  await host.configure(sshd, []);
  const known = fill('@revoked 127.0.0.1 {ed.ed25519}\n', sshd.port);
  expect((await host.ssh(known)).outcome).toBe('asks');
  expect((await host.ours('ssh2', known)).outcome).toBe('refuses');
});

it('every server has its own keys', async () => {
  expect(new Set(keys.values()).size).toBe(keys.size);
  expect(await readFile(host.scene.path('certified-cert.pub'), 'utf8')).toContain('cert-v01');
});
