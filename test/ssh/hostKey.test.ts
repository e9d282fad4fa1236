import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { Client } from 'ssh2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../scripts/run';
import { hostVerifier } from '../../src/hosts/ssh2/hostVerifier';
import { execText } from '../../src/hosts/shell';
import { Problem } from '../../src/problem';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type KeyKind, type Sshd } from './sshd';

let account: Account;
let scene: Scene;
let sshd: Sshd;
let name: string;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
});
afterAll(() => account.remove());
beforeEach(async () => {
  scene = await Scene.create();
  await serve(['ed25519', 'rsa']);
});
afterEach(async () => {
  await scene.end();
  await sshd.stop();
});

/** Starts a server with fresh host keys, on the same port when there was one. */
async function serve(hostKeys: KeyKind[], port?: number): Promise<void> {
  const key = port === undefined ? await scene.makeKey('id') : await readFile(scene.path('id.pub'), 'utf8');
  sshd = await startSshd({ authorized: [key.trim()], hostKeys, ...(port !== undefined && { port }) });
  name = `[127.0.0.1]:${sshd.port}`;
  await configure();
}

/** `web` is the server; `lines` say how its key is checked. */
function configure(...lines: string[]): Promise<void> {
  return scene.configureWeb(sshd, account.name, [scene.identity('id'), ...lines]);
}

/** What ssh-keygen finds in known_hosts about the server. */
const found = () => run('ssh-keygen', ['-F', name, '-f', scene.knownHosts]).catch(() => '');

/** Whether the system's ssh, with the same files, connects without a question. */
const sshTrusts = () =>
  run('ssh', ['-F', scene.configFile, '-o', 'BatchMode=yes', 'web', 'true'], { env: scene.env }).then(
    () => true,
    () => false,
  );

describe('an unknown host key', () => {
  it('is shown with the fingerprint that ssh-keygen prints', async () => {
    await scene.open('web');
    await writeFile(scene.path('host.pub'), await sshd.publicKey('ed25519'));
    const printed = await run('ssh-keygen', ['-lf', scene.path('host.pub')]);
    expect(scene.person.shown).toEqual([
      { host: name, keyType: 'ssh-ed25519', fingerprint: printed.split(' ')[1] },
    ]);
  });

  it.each([
    ['plain', 'HashKnownHosts no'],
    ['hashed', 'HashKnownHosts yes'],
  ])('that is accepted is added in %s form, and neither ssh nor this asks again', async (form, line) => {
    await configure(line);
    await writeFile(scene.knownHosts, '# a comment without an end of line');
    await scene.open('web');
    await scene.open('web');
    expect(scene.person.shown).toHaveLength(1);
    expect(await found()).toContain(await sshd.publicKey('ed25519'));
    const text = await readFile(scene.knownHosts, 'utf8');
    expect(text).toMatch(/^# a comment without an end of line\n/);
    expect(text.includes('127.0.0.1')).toBe(form === 'plain');
    expect(await sshTrusts()).toBe(true);
  });

  it('that is not accepted is refused, and not added', async () => {
    scene.person.acceptsKeys = false;
    await expect(scene.open('web')).rejects.toMatchObject({ code: 'HOST_KEY_REJECTED' });
    expect(await found()).toBe('');
  });

  it('is accepted without a question by accept-new and no, refused without a question by yes', async () => {
    await configure('StrictHostKeyChecking yes');
    await expect(scene.open('web')).rejects.toMatchObject({ code: 'HOST_KEY_REJECTED' });
    await configure('StrictHostKeyChecking accept-new');
    await scene.open('web');
    await writeFile(scene.knownHosts, '');
    await configure('StrictHostKeyChecking no');
    await scene.open('web');
    expect(scene.person.shown).toEqual([]);
    expect(await found()).not.toBe('');
  });

  it('is accepted although known_hosts cannot be written', async () => {
    await configure('UserKnownHostsFile /proc/none/known_hosts');
    await scene.open('web');
    expect(scene.log).toContain('could not be added');
  });
});

describe('a known host', () => {
  it('whose key changed is refused, with the file and the line', async () => {
    await scene.open('web');
    await sshd.stop();
    await serve(['ed25519', 'rsa'], sshd.port);
    const failure = await scene.open('web').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'HOST_KEY_CHANGED' });
    expect(failure).toBeInstanceOf(Problem);
    expect(String(failure)).toContain(`${scene.knownHosts} line 1`);
    expect((failure as Problem).hint).toContain(`ssh-keygen -f "${scene.knownHosts}" -R "${name}"`);
    expect(scene.person.shown).toHaveLength(1);
    expect(await sshTrusts()).toBe(false);
  });

  it('is checked by the type of key that is known', async () => {
    await writeFile(scene.knownHosts, `${name} ${await sshd.publicKey('rsa')}\n`);
    await scene.open('web');
    expect(scene.person.shown).toEqual([]);
    expect(await sshTrusts()).toBe(true);
  });

  it('whose key is revoked is refused', async () => {
    const key = await sshd.publicKey('ed25519');
    await writeFile(scene.knownHosts, `${name} ${key}\n@revoked * ${key}\n`);
    await expect(scene.open('web')).rejects.toMatchObject({ code: 'HOST_KEY_REJECTED' });
    expect(await sshTrusts()).toBe(false);
  });

  it('is known on another port by the key of port 22', async () => {
    await writeFile(scene.knownHosts, `127.0.0.1 ${await sshd.publicKey('ed25519')}\n`);
    await scene.open('web');
    expect(scene.person.shown).toEqual([]);
    expect(await sshTrusts()).toBe(true);
  });

  it('is known by HostKeyAlias, by a pattern, and by the second file', async () => {
    const key = await sshd.publicKey('ed25519');
    await writeFile(scene.path('second'), `other,web-* ${key}\n`);
    const files = `${scene.knownHosts} ${scene.path('second')}`;
    await configure('HostKeyAlias web-7', `UserKnownHostsFile ${files}`, 'StrictHostKeyChecking yes');
    await scene.open('web');
    expect(await sshTrusts()).toBe(true);
  });

  it('is not taken for unknown when known_hosts cannot be read', async () => {
    await configure(`UserKnownHostsFile ${scene.home}`);
    await expect(scene.open('web')).rejects.toMatchObject({ code: 'SSH_CONFIG' });
    expect(scene.person.shown).toEqual([]);
  });
});

describe('the verifier given to ssh2', () => {
  /** Connects with a verifier around `check`, and tells whether the key passed. */
  function passes(check: (key: Buffer) => true | Promise<true>): Promise<boolean> {
    return new Promise((resolve) => {
      const client = new Client();
      client.once('handshake', () => {
        resolve(true);
        client.end();
      });
      client.once('error', () => resolve(false));
      const verifier = hostVerifier(check, () => undefined);
      client.connect({ host: '127.0.0.1', port: sshd.port, username: 'x', hostVerifier: verifier });
    });
  }

  it('lets a key pass only when its check returns true, at once or later', async () => {
    expect(await passes(() => true)).toBe(true);
    expect(await passes(() => Promise.resolve(true as const))).toBe(true);
    expect(await passes(() => Promise.reject(new Error('no')))).toBe(false);
    const throwsAtOnce = () => {
      throw new Error('no');
    };
    expect(await passes(throwsAtOnce)).toBe(false);
    for (const answer of [undefined, false, 'yes', Promise.resolve(undefined)]) {
      expect(await passes(() => answer as unknown as true)).toBe(false);
    }
  });
});

it('a known host stays connected while its session keys are renewed during an upload', async () => {
  await sshd.stop();
  sshd = await startSshd({
    authorized: [(await readFile(scene.path('id.pub'), 'utf8')).trim()],
    config: ['RekeyLimit 1M'],
  });
  await configure();
  await writeFile(scene.knownHosts, `[127.0.0.1]:${sshd.port} ${await sshd.publicKey('ed25519')}\n`);
  const connection = await scene.open('web');
  const bytes = randomBytes(4_000_000);
  const path = `/tmp/${account.name}-upload`;
  await connection.upload(bytes, path);
  const { stdout } = await execText(connection, `sha256sum <${path}; rm ${path}`);
  expect(stdout).toContain(createHash('sha256').update(bytes).digest('hex'));
});

describe('a host behind a switch of keys', () => {
  it('that shows another key the second time is refused', async () => {
    const first = sshd;
    const second = await startSshd({ hostKeys: ['ed25519'] });
    let target = first.port;
    const proxy = createServer((socket) => {
      const onward = connect(target, '127.0.0.1');
      socket.pipe(onward).pipe(socket);
      socket.on('error', () => onward.destroy());
      onward.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    try {
      await once(proxy, 'listening');
      const { port } = proxy.address() as AddressInfo;
      await scene.open(`web:${port}`);
      target = second.port;
      await expect(scene.open(`web:${port}`)).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
    } finally {
      proxy.close();
      await second.stop();
    }
  });
});
