import { writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { startLoader } from '../../src/loader/start';
import { makeAccount, type Account } from './account';
import { PrivateEtc } from './privateEtc';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { loader, WELL } from './standIn';
import { startOptions } from './startOptions';

let account: Account;
let scene: Scene;
let first: Sshd;
let second: Sshd;
let etc: PrivateEtc;

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['sudo']);
  account = await makeAccount();
  etc = await PrivateEtc.create();
  await etc.fill({ 'sudoers.d/rps-trace': `${account.name} ALL=(ALL) ALL\n` });
});
afterAll(async () => {
  await etc.remove();
  await account.remove();
});
beforeEach(async () => {
  scene = await Scene.create();
  const options = { authorized: [await scene.makeKey('id')], seen: { etc: etc.path } };
  [first, second] = await Promise.all([startSshd(options), startSshd(options)]);
});
afterEach(async () => {
  await scene.end();
  await Promise.all([first.stop(), second.stop()]);
});

/** Lines of the configuration for a server on this machine. */
const host = (alias: string, { port }: Sshd, ...lines: string[]) =>
  [`Host ${alias}`, 'HostName 127.0.0.1', `Port ${port}`, ...lines].join('\n  ');

const anywhere = () => `Host *\n  User ${account.name}\n  StrictHostKeyChecking no\n`;

/** Logs in, and returns what the person was asked; whoever is not asked has no answer. */
async function logIn(destination: string): Promise<string[]> {
  scene.person.asked.length = 0;
  await (await scene.open(destination)).exec('true');
  return scene.person.asked.map(({ title }) => title);
}

/** How often a password was offered to a server. */
const offers = (sshd: Sshd) => sshd.log().match(/(Accepted|Failed) password/g)?.length ?? 0;

describe.each(['ssh2', 'openssh'] as const)('a password that was typed for one host, by %s,', (client) => {
  beforeEach(() => {
    scene.client = client;
  });

  /** It is known for the first host, and the person is asked for the second one's and does not type it. */
  async function isNotSentTo(one: string, other: string): Promise<void> {
    scene.person.answers = [account.password];
    expect(await logIn(one)).toHaveLength(1);
    expect(await logIn(one)).toEqual([]);
    await expect(logIn(other)).rejects.toThrow('cancelled');
    expect(scene.person.asked).toHaveLength(1);
    expect(offers(second)).toBe(0);
  }

  it('is not sent to another port of the same address', async () => {
    await scene.configure(`${anywhere()}  IdentityFile none`);
    await isNotSentTo(`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`);
    expect(scene.person.asked[0]?.title).toContain(`127.0.0.1:${second.port}`);
  });

  it('is not sent to another alias of the same address', async () => {
    const hosts = `${host('one', first)}\n${host('two', second)}`;
    await scene.configure(`${hosts}\n${anywhere()}  IdentityFile none`);
    await isNotSentTo('one', 'two');
  });

  it('is not sent to another host that has the same HostKeyAlias', async () => {
    const keys = await Promise.all([first, second].map((sshd) => sshd.publicKey('ed25519')));
    await writeFile(scene.knownHosts, keys.map((key) => `cluster ${key}\n`).join(''));
    const hosts = [host('one', first, 'HostKeyAlias cluster'), host('two', second, 'HostKeyAlias cluster')];
    await scene.configure(`${hosts.join('\n')}\n${anywhere()}  IdentityFile none`);
    await isNotSentTo('one', 'two');
  });

  it('is not sent to what its alias has become', async () => {
    const rest = `${anywhere()}  IdentityFile none`;
    await scene.configure(`${host('one', first)}\n${host('two', first)}\n${rest}`);
    scene.person.answers = [account.password];
    expect(await logIn('one')).toHaveLength(1);
    await scene.configure(`${host('one', second)}\n${rest}`);
    await expect(logIn('one')).rejects.toThrow('cancelled');
    expect(offers(second)).toBe(0);
  });

  it('is not sent to the host behind it, though ssh writes both alike, and each is remembered', async () => {
    const hosts = `${host('hop', first)}\n${host('behind', second, 'ProxyJump hop')}`;
    await scene.configure(`${hosts}\n${anywhere()}  IdentityFile none`);
    scene.person.answers = [account.password, account.password];
    const titles = ['hop', 'behind'].map((alias) => `Password for ${account.name}@${alias}`);
    expect(await logIn('behind')).toEqual(titles);
    expect(await logIn('behind')).toEqual([]);
    expect(await logIn('hop')).toEqual([]);
  });

  it('that was wrong is not remembered', async () => {
    await scene.configure(`${host('one', first)}\n${anywhere()}  IdentityFile none`);
    scene.person.answers = ['wrong', undefined];
    await expect(logIn('one')).rejects.toThrow('cancelled');
    scene.person.answers = [account.password];
    expect(await logIn('one')).toHaveLength(1);
    expect(offers(first)).toBe(2);
  });
});

it('by the system’s ssh, of two hops at one address nobody knows which asks: the person is asked', async () => {
  const hosts = [host('one', first), host('two', second), host('behind', first, 'ProxyJump one,two')];
  await scene.configure(`${hosts.join('\n')}\n${anywhere()}  IdentityFile none`);
  scene.client = 'openssh';
  for (const times of [3, 2]) {
    scene.person.answers = Array<string>(times).fill(account.password);
    expect(await logIn('behind')).toHaveLength(times);
  }
});

it('a sudo password is not given to another host that has the same alias now', async () => {
  const start = async (): Promise<string[]> => {
    scene.person.asked.length = 0;
    const connection = await scene.open('web');
    try {
      const { run } = await startLoader(connection, startOptions(scene, loader(WELL)));
      run.stop();
      await run.ended;
    } finally {
      connection.dispose();
    }
    return scene.person.asked.map(({ title }) => title);
  };
  await scene.configureWeb(first, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
  scene.person.answers = [account.password];
  expect(await start()).toEqual(['sudo password on web']);
  expect(await start()).toEqual([]);
  await scene.configureWeb(second, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
  await expect(start()).rejects.toThrow('cancelled');
});
