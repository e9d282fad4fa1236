import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { execText } from '../../src/hosts/shell';
import { Cancelled } from '../../src/problem';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, freePort, startSshd, type Sshd } from './sshd';

let account: Account;
let scene: Scene;
let sshd: Sshd;
const servers: Server[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
});
afterAll(() => account.remove());
beforeEach(async () => {
  scene = await Scene.create();
  sshd = await startSshd({ authorized: [await scene.makeKey('id')] });
  await configure('');
});
afterEach(async () => {
  await scene.end();
  sockets.splice(0).forEach((socket) => socket.destroy());
  servers.splice(0).forEach((server) => server.close());
  await sshd.stop();
});

/** Every host is the server, logged in to by the right key; `lines` come first. */
function configure(lines: string): Promise<void> {
  const host = `Host *\n  Port ${sshd.port}\n  User ${account.name}\n  IdentityFile ${scene.path('id')}`;
  return scene.configure(`${lines}\n${host}`);
}

/** Listens on a free port. */
async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A way to the server that can be cut. */
async function cuttable(): Promise<{ port: number; cut: () => void; freeze: () => void }> {
  const port = await listen((socket) => {
    const onward = connect(sshd.port, '127.0.0.1');
    sockets.push(onward);
    onward.on('error', () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  const cut = () => sockets.forEach((socket) => socket.destroy());
  const freeze = () => sockets.forEach((socket) => socket.unpipe().pause());
  return { port, cut, freeze };
}

describe('a host that cannot be reached', () => {
  it.each([
    ['has no such name', () => Promise.resolve('no-such-host.invalid'), /no host of this name/],
    ['refuses', async () => `127.0.0.1:${await freePort()}`, /refuses connections/],
    ['hangs up', async () => `127.0.0.1:${await listen((socket) => socket.end())}`, /no SSH connection/],
    [
      'is no SSH server',
      async () => `127.0.0.1:${await listen((socket) => socket.end('HTTP/1.1 400\r\n\r\n'))}`,
      /no SSH/,
    ],
  ])('and %s is named so', async (_how, destination, message) => {
    const failure = await scene.open(await destination()).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'HOST_UNREACHABLE' });
    expect(String(failure)).toMatch(message);
  });

  it('and never answers times out', async () => {
    await configure('ConnectTimeout 1');
    const port = await listen(() => undefined);
    const begun = performance.now();
    await expect(scene.open(`127.0.0.1:${port}`)).rejects.toThrow(/timed out/);
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  it('is given up when the person cancels', async () => {
    const port = await listen(() => undefined);
    const abort = new AbortController();
    const opening = scene.open(`127.0.0.1:${port}`, abort.signal);
    await expect.poll(() => sockets.length).toBe(1);
    const hungUp = once(sockets[0] ?? expect.fail(), 'close');
    sockets[0]?.resume();
    abort.abort();
    await expect(opening).rejects.toThrow(Cancelled);
    await hungUp;
  });
});

it('the time a person takes to answer does not count', async () => {
  await configure('ConnectTimeout 1');
  scene.person.acceptHostKey = () => sleep(2500, true);
  await scene.open('127.0.0.1');
});

it('a prompt closes when the host hangs up meanwhile', async () => {
  const { port, cut } = await cuttable();
  let isClosed = false;
  scene.person.acceptHostKey = async (_key, signal) => {
    cut();
    await once(signal, 'abort');
    isClosed = true;
    return false;
  };
  await expect(scene.open(`127.0.0.1:${port}`)).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  await expect.poll(() => isClosed).toBe(true);
});

it('the steps tell what is waited for', async () => {
  await scene.open('localhost');
  expect(new Set(scene.steps)).toEqual(
    new Set(['Connecting to localhost', `Authenticating as ${account.name}`]),
  );
});

describe('a connection that is lost', () => {
  it.each(['cut', 'freeze'] as const)('by a %s ends its programs as lost, and says so', async (way) => {
    await configure('ServerAliveInterval 1\nServerAliveCountMax 2');
    const link = await cuttable();
    const connection = await scene.open(`127.0.0.1:${link.port}`);
    const process = await connection.exec('cat');
    process.stdout.resume();
    process.stderr.resume();
    process.stdin.write('x');
    link[way]();
    expect(await process.exit).toEqual({ kind: 'lost' });
    expect(await connection.lost).toMatchObject({ code: 'CONNECTION_LOST' });
    process.stdin.on('error', () => undefined);
    const failed = new Promise((resolve) => process.stdin.write('nobody reads this', resolve));
    expect(await failed).toBeInstanceOf(Error);
    process.stdin.end();
    await expect(connection.exec('true')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(connection.upload(Buffer.alloc(9), '/tmp/x')).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
    });
    connection.dispose();
  });

  it('while a short answer or an upload is waited for throws', async () => {
    const link = await cuttable();
    const connection = await scene.open(`127.0.0.1:${link.port}`);
    const answer = execText(connection, 'sleep 60');
    link.freeze();
    const upload = connection.upload(Buffer.alloc(1000), '/tmp/never-written');
    setTimeout(link.cut, 100);
    await expect(answer).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    await expect(upload).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });
});

describe('a host behind others', () => {
  it('is reached by ProxyCommand', async () => {
    await configure(
      `Host behind\n  HostName 127.0.0.1\n  ProxyCommand bash -c 'exec 3<>/dev/tcp/%h/%p; cat <&3 & cat >&3'`,
    );
    const connection = await scene.open('behind');
    expect((await execText(connection, 'echo $SSH_CONNECTION')).stdout).toContain(String(sshd.port));
  });

  it('whose ProxyCommand fails is named so', async () => {
    await configure('Host behind\n  ProxyCommand echo no way >&2; exit 1');
    await expect(scene.open('behind')).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
    await expect.poll(() => scene.log).toContain('ProxyCommand: no way');
  });

  it('is reached by ProxyJump over several hosts, each with its own check and login', async () => {
    const second = await startSshd({ config: ['AllowTcpForwarding yes'] });
    try {
      await configure(
        [
          `Host behind\n  ProxyJump one,${account.name}@two`,
          `Host two\n  Port ${second.port}\n  HostName 127.0.0.1`,
        ]
          .concat('Host one behind\n  HostName 127.0.0.1\nHost *')
          .join('\n'),
      );
      scene.person.answers = [account.password];
      const connection = await scene.open('behind');
      expect((await execText(connection, 'id -un')).stdout.trim()).toBe(account.name);
      expect(scene.person.shown.map(({ host }) => host)).toEqual([
        `[127.0.0.1]:${sshd.port}`,
        `[127.0.0.1]:${second.port}`,
      ]);
      expect(scene.person.asked.map(({ title }) => title)).toEqual([`Password for ${account.name}@two`]);
      connection.dispose();
      await expect.poll(() => sshd.log().match(/Disconnected from user/g)?.length ?? 0).toBe(2);
    } finally {
      await second.stop();
    }
  });

  it('whose jump cannot reach it is named so', async () => {
    await configure(
      `Host behind\n  ProxyJump one\n  Port ${await freePort()}\n  HostName 127.0.0.1\nHost one\n  HostName 127.0.0.1`,
    );
    await expect(scene.open('behind')).rejects.toMatchObject({ code: 'HOST_UNREACHABLE' });
  });

  it('in a loop is refused', async () => {
    await configure('Host a\n  ProxyJump b\nHost b\n  ProxyJump a');
    await expect(scene.open('a')).rejects.toMatchObject({ code: 'SSH_CONFIG' });
  });
});
