import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { hashName } from '../../src/hosts/login/knownHosts';
import { makeAccount, type Account } from './account';
import { knownHostsCases, SERVERS } from './hostKeyCases';
import { optionCases, RELAY } from './hostKeyOptionCases';
import { HostKeyScene } from './hostKeyScene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';

let account: Account;
let host: HostKeyScene;
const servers = new Map<string, Sshd>();
/** Keys by name: those of the servers, and keys that no server has. */
const keys = new Map<string, string>();

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

describe('what ssh answers, both clients answer', () => {
  it.each([...knownHostsCases, ...optionCases])(
    'for %s',
    async (_what, { server, known = [], lines = [], ssh, only, file }) => {
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
    },
  );
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
