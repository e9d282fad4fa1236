import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { hostConfig, type HostConfig } from '../../src/hosts/sshconfig/config';
import { sshEnvironment } from '../../src/hosts/sshconfig/environment';
import { Scene } from './scene';
import { ensureOpenSsh } from './sshd';

let scene: Scene;
beforeAll(async () => {
  await ensureOpenSsh();
  scene = await Scene.create();
});
afterAll(() => scene.end());

/** The configuration of a host, from ssh or, with a program that is not there, from the files. */
async function read(text: string, destination: string, program = 'ssh'): Promise<HostConfig> {
  await writeFile(scene.configFile, text.replaceAll('{ssh}', `${scene.home}/.ssh`));
  const { home, configFile } = scene;
  const env = { HOME: home, PATH: process.env['PATH'], SSH_AUTH_SOCK: '/agent' };
  return hostConfig(
    destination,
    sshEnvironment({ home, configFile, program, env }),
    new AbortController().signal,
  );
}

/** What decides where and as whom a connection is made. */
const effective = ({ hostName, port, user, identityFiles, identitiesOnly, agent, ...rest }: HostConfig) => {
  const { proxyJump, proxyCommand, strictHostKeyChecking, userKnownHostsFiles, hostKeyAlias } = rest;
  // Of the defaults, the files are read without the kinds that ssh2 knows nothing of.
  const keys = identityFiles.filter((file) => !/id_(dsa|xmss|\w+_sk)$/.test(file));
  const { algorithms, handovers, checkHostIp, trustsLocalhost, requiredRsaSize, bindAddress, methods } = rest;
  const address = { hostName, port, user, hostKeyAlias, proxyJump, proxyCommand, bindAddress };
  const limits = { algorithms, handovers, checkHostIp, trustsLocalhost, requiredRsaSize, methods };
  return { ...address, ...limits, keys, identitiesOnly, agent, strictHostKeyChecking, userKnownHostsFiles };
};

const KNOWN = 'UserKnownHostsFile /kh\n';
const cases: [string, string, string][] = [
  ['nothing', KNOWN, 'web'],
  ['an alias', 'Host web\nHostName 192.0.2.1\nUser alice\nPort 2222\n', 'web'],
  ['another alias', 'Host web\nHostName 192.0.2.1\nHost *\nUser bob\n', 'db'],
  ['the first value', 'Host web\nPort 1\nHost *\nPort 2\n', 'web'],
  ['patterns', 'Host *.example.org !bad.example.org\nUser good\nHost *\nUser other\n', 'a.example.org'],
  ['negation', 'Host *.example.org !bad.example.org\nUser good\nHost *\nUser other\n', 'bad.example.org'],
  ['a question mark', 'Host db-?\nUser good\nHost *\nUser other\n', 'db-1'],
  ['several names', 'Host a web b\nUser good\n', 'web'],
  ['equals signs and case', 'host=web\n  hOsTnAmE = 192.0.2.1\n\tPORT=77\n', 'web'],
  ['quotes', 'Host "web"\nIdentityFile "{ssh}/a key"\n', 'web'],
  ['a typed user', 'Host web\nUser alice\n', 'bob@web'],
  ['a typed port', 'Host web\nPort 2222\n', 'web:2200'],
  ['a typed URI', 'Host web\nPort 2222\nUser alice\n', 'ssh://bob@web:2200'],
  ['IPv6', 'Host 2001:db8::1\nUser six\n', '[2001:db8::1]:2222'],
  ['%h in HostName', 'Host web\nHostName %h.example.org\n', 'web'],
  [
    'several keys in order',
    'Host web\nIdentityFile {ssh}/b\nIdentityFile {ssh}/a\nHost *\nIdentityFile {ssh}/c\n',
    'web',
  ],
  ['tokens in keys', 'Host web\nHostName h\nPort 7\nUser u\nIdentityFile {ssh}/%h_%p_%r_%n_%%\n', 'web'],
  ['IdentitiesOnly', 'IdentitiesOnly yes\n', 'web'],
  ['IdentityAgent', 'IdentityAgent /run/agent\n', 'web'],
  ['IdentityAgent none', 'IdentityAgent none\n', 'web'],
  ['IdentityAgent SSH_AUTH_SOCK', 'IdentityAgent SSH_AUTH_SOCK\n', 'web'],
  ['IdentityAgent $SSH_AUTH_SOCK', 'IdentityAgent $SSH_AUTH_SOCK\n', 'web'],
  ['ProxyJump', 'Host web\nProxyJump a,bob@b:2222\n', 'web'],
  ['ProxyJump none', 'Host web\nProxyJump none\nHost *\nProxyJump a\n', 'web'],
  ['ProxyCommand', 'Host web\nProxyCommand nc -X 5 "%h" %p\n', 'web'],
  ['ProxyCommand before ProxyJump', 'Host web\nProxyCommand nc %h %p\nHost *\nProxyJump a\n', 'web'],
  ['ProxyJump before ProxyCommand', 'Host web\nProxyJump a\nHost *\nProxyCommand nc %h %p\n', 'web'],
  ['StrictHostKeyChecking', 'StrictHostKeyChecking accept-new\n', 'web'],
  ['StrictHostKeyChecking off', 'StrictHostKeyChecking off\n', 'web'],
  ['HostKeyAlias', 'Host web\nHostKeyAlias other\n', 'web'],
  ['several known_hosts', 'UserKnownHostsFile /a /b\n', 'web'],
  ['a known_hosts with a space', 'UserKnownHostsFile "/a b/c" /d\n', 'web'],
  ['Match host', 'Match host web\nUser good\nMatch host other\nPort 1\n', 'web'],
  ['Match user', 'Match user bob\nPort 77\n', 'bob@web'],
  ['Match originalhost', 'Host web\nHostName x\nMatch originalhost web\nPort 77\n', 'web'],
  ['Match all', 'Match all\nPort 77\n', 'web'],
  ['Include', 'Include {ssh}/included\nHost web\nPort 1\n', 'web'],
  ['Include in a section that applies', 'Host web\nInclude {ssh}/included\nHost *\nPort 1\n', 'web'],
  ['Include in a section that does not apply', 'Host other\nInclude {ssh}/included\nHost *\nPort 1\n', 'web'],
  ['what follows an Include', 'Host other\nInclude {ssh}/included\nUser wrong\nHost *\nUser right\n', 'web'],
  ['Include with a pattern', 'Include {ssh}/inc*\n', 'web'],
  [
    'values in capitals',
    'StrictHostKeyChecking YES\nIdentitiesOnly TRUE\nPasswordAuthentication No\n',
    'web',
  ],
  ['a value in quotes', 'StrictHostKeyChecking "yes"\nCiphers "aes256-ctr"\n', 'web'],
  ['former names', 'ChallengeResponseAuthentication no\nPubkeyAcceptedKeyTypes ssh-ed25519\n', 'web'],
  ['PubkeyAuthentication unbound', 'PubkeyAuthentication unbound\n', 'web'],
  ['lists', 'Ciphers aes256-gcm@openssh.com\nMACs hmac-sha2-512\nKexAlgorithms curve25519-sha256\n', 'web'],
  ['lists in order', 'Ciphers aes256-ctr,aes128-ctr\nHostKeyAlgorithms rsa-sha2-512,ssh-ed25519\n', 'web'],
  ['appended lists', 'HostKeyAlgorithms +ssh-rsa\nCiphers +aes128-cbc\nMACs +hmac-md5\n', 'web'],
  ['lists without', 'HostKeyAlgorithms -rsa*,ssh-ed25519*\nMACs -*sha1*\nKexAlgorithms -diffie*\n', 'web'],
  ['lists in front', 'KexAlgorithms ^ecdh-sha2-nistp384\nPubkeyAcceptedAlgorithms ^rsa-sha2-256\n', 'web'],
  ['lists of patterns', 'HostKeyAlgorithms ecdsa-sha2-nistp*\nPubkeyAcceptedAlgorithms +ssh-r?a\n', 'web'],
  ['lists of which ssh2 has none', 'MACs umac-64@openssh.com\n', 'web'],
  ['RequiredRSASize', 'RequiredRSASize 3072\n', 'web'],
  ['BindAddress', 'BindAddress 127.0.0.1\n', 'web'],
  ['BindAddress by a name', 'BindAddress localhost\n', 'web'],
  ['checks of addresses', 'CheckHostIP yes\nNoHostAuthenticationForLocalhost yes\n', 'web'],
  ['revoked keys', `${KNOWN}RevokedHostKeys /revoked\nKnownHostsCommand /bin/keys "%H"\n`, 'web'],
  ['keys in DNS', 'VerifyHostKeyDNS ask\nBatchMode yes\nRekeyLimit 1G\n', 'web'],
  ['options that are off', 'VerifyHostKeyDNS no\nRevokedHostKeys none\nRekeyLimit default none\n', 'web'],
  ['IgnoreUnknown', 'IgnoreUnknown New*,Other\nNewProtection yes\nOther yes\n', 'web'],
  ['Match host after HostName', 'Host web\nHostname db\nMatch host db\nPort 77\n', 'web'],
  ['an Include after HostName', 'Host web\nhostname db\nMatch host db\nInclude {ssh}/included\n', 'web'],
  ['Match exec for another host', 'Match originalhost db exec "true"\nPort 77\n', 'web'],
  ['CanonicalizeHostname for another host', 'Host db\nCanonicalizeHostname yes\n', 'web'],
];

describe('the files read without an ssh program', () => {
  beforeAll(() =>
    writeFile(scene.path('included'), 'User included\nHost web\nPort 99\nHost other\nPort 98\n'),
  );

  it.each(cases)('say the same as ssh about %s', async (_what, text, destination) => {
    const whole = text + (text.includes('KnownHosts') ? '' : `\nHost *\n${KNOWN}`);
    const asked = await read(whole, destination);
    expect(effective(await read(whole, destination, '/no/such/ssh'))).toEqual(effective(asked));
    // What ssh itself prints, so that both cannot be wrong in the same way.
    const [, host = '', port] = /^(?:ssh:\/\/)?(.*?)(?::(\d+))?$/.exec(destination) ?? [];
    const target = [...(port === undefined ? [] : ['-p', port]), host.replace(/[[\]]/g, '')];
    const printed = await run('ssh', ['-F', scene.configFile, '-G', ...target]);
    expect(printed).toContain(`\nhostname ${asked.hostName}\n`);
    expect(printed).toContain(`\nport ${asked.port}\n`);
    expect(printed).toContain(`user ${asked.user}\n`);
  });

  it.each([
    ['a Match exec', 'Match exec "touch {ssh}/ran"\nPort 77\n', 'Match exec'],
    ['a Match exec for the host', 'Match originalhost web exec "touch {ssh}/ran"\nPort 77\n', 'Match exec'],
    ['a negated Match', 'Match !host db\nStrictHostKeyChecking yes\n', 'Match !host'],
    [
      'CanonicalizeHostname',
      'CanonicalDomains example.org\nCanonicalizeHostname yes\n',
      'CanonicalizeHostname',
    ],
    ['an Include with brackets', 'Include {ssh}/inc[a-z]*\n', 'Include'],
    ['an Include of another home', 'Include ~root/.ssh/config\n', 'Include ~root/.ssh/config'],
  ])('refuse %s, which only ssh understands, and run nothing', async (_what, text, named) => {
    const reading = read(text, 'web', '/no/such/ssh');
    await expect(reading).rejects.toMatchObject({ code: 'SSH_CONFIG' });
    await expect(reading).rejects.toThrow(`with ${named}`);
    await expect(run('test', ['-e', scene.path('ran')])).rejects.toThrow();
  });

  it('hand over for an option that nobody knows', async () => {
    const { handovers } = await read('NewProtection yes\n', 'web', '/no/such/ssh');
    expect(handovers).toEqual([{ option: 'newprotection', purpose: 'protection' }]);
  });
});

describe('the configuration', () => {
  it('has defaults that notice a dead connection', async () => {
    expect(await read('', 'web')).toMatchObject({
      keepaliveSeconds: 15,
      keepaliveCount: 3,
      connectSeconds: 20,
    });
    const text = 'ServerAliveInterval 5\nServerAliveCountMax 2\nConnectTimeout 7\nAddressFamily inet6\n';
    const expected = { keepaliveSeconds: 5, keepaliveCount: 2, connectSeconds: 7, addressFamily: 6 };
    expect(await read(text, 'web')).toMatchObject(expected);
    expect(await read(text, 'web', '/no/such/ssh')).toMatchObject(expected);
  });

  it('names the account that runs this when it names none', async () => {
    expect((await read('', 'web')).user).toBe(userInfo().username);
    expect((await read('', 'web', '/no/such/ssh')).user).toBe(userInfo().username);
  });

  it('limits the ways to log in', async () => {
    const text = 'PasswordAuthentication no\nPreferredAuthentications publickey,password\n';
    expect([...(await read(text, 'web')).methods]).toEqual(['publickey']);
  });

  it('that is broken is told in the words of ssh', async () => {
    const reading = read('Host web\nPort nonsense\n', 'web');
    await expect(reading).rejects.toMatchObject({ code: 'SSH_CONFIG' });
    await expect(reading).rejects.toThrow(/bad|terminating|nonsense/i);
  });
});
