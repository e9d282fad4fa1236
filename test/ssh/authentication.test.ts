import { rename, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/problem';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd, type SshdOptions } from './sshd';

let account: Account;
let scene: Scene;
let sshd: Sshd | undefined;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
});
afterAll(() => account.remove());
beforeEach(async () => {
  scene = await Scene.create();
});
afterEach(async () => {
  await scene.end();
  await sshd?.stop();
  sshd = undefined;
});

/** Starts a server that is called `web` in the scene's configuration. */
async function web(options: SshdOptions, ...lines: string[]): Promise<void> {
  sshd = await startSshd(options);
  await scene.configureWeb(sshd, account.name, lines);
}

describe('key files', () => {
  it('log in without a question', async () => {
    await web({ authorized: [await scene.makeKey('id')] }, scene.identity('id'));
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toEqual([]);
  });

  it('of every common type log in', async () => {
    const keys = await Promise.all([
      scene.makeKey('rsa', '', '-t', 'rsa', '-b', '2048'),
      scene.makeKey('ecdsa', '', '-t', 'ecdsa', '-b', '384'),
      scene.makeKey('pem', '', '-t', 'rsa', '-b', '2048', '-m', 'PEM'),
    ]);
    for (const [index, name] of ['rsa', 'ecdsa', 'pem'].entries()) {
      await web({ authorized: [keys[index] ?? ''] }, `IdentityFile ${scene.path(name)}`);
      expect(await scene.whoAmI()).toBe(account.name);
      await sshd?.stop();
    }
  });

  it('are tried one after the other', async () => {
    await scene.makeKey('first');
    const second = await scene.makeKey('second');
    await web({ authorized: [second] }, scene.identity('first'), scene.identity('second'));
    expect(await scene.whoAmI()).toBe(account.name);
  });

  it.each([
    ['OpenSSH', [] as string[]],
    ['PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
  ])('in %s format are asked for their passphrase once per window', async (_format, args) => {
    const key = await scene.makeKey('id', 'open sesame', ...args);
    await rm(`${scene.path('id')}.pub`);
    await web({ authorized: [key] }, scene.identity('id'));
    scene.person.answers = ['wrong', 'open sesame'];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked.map(({ title }) => title)).toEqual(
      Array(2).fill(`Passphrase for key ${scene.path('id')}`),
    );
    expect(scene.person.asked[1]?.detail).toContain('wrong');
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toHaveLength(2);
    expect(scene.log).not.toContain('sesame');
  });

  it('that the host does not know are not asked for their passphrase', async () => {
    await scene.makeKey('id', 'open sesame');
    await web({ config: ['PasswordAuthentication no'] }, scene.identity('id'));
    await expect(scene.whoAmI()).rejects.toMatchObject({ code: 'AUTH_FAILED' });
    expect(scene.person.asked).toEqual([]);
  });

  it('give way to the password when their passphrase is not known', async () => {
    const key = await scene.makeKey('id', 'open sesame');
    await web({ authorized: [key] }, scene.identity('id'));
    scene.person.answers = ['', account.password];
    expect(await scene.whoAmI()).toBe(account.name);
  });
});

describe('the agent', () => {
  it('logs in with a key that is nowhere else', async () => {
    await web({ authorized: [await scene.makeKey('id')] });
    await scene.withAgent(['id'], async () => {
      await rename(scene.path('id'), scene.path('away'));
      expect(await scene.whoAmI()).toBe(account.name);
    });
  });

  it('is named by IdentityAgent', async () => {
    await web({ authorized: [await scene.makeKey('id')] }, `IdentityAgent ${scene.path('agent')}`);
    await scene.withAgent(['id'], async () => {
      scene.env = { ...process.env, SSH_AUTH_SOCK: undefined };
      expect(await scene.whoAmI()).toBe(account.name);
    });
  });

  it('offers only configured keys with IdentitiesOnly, found by their public half', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const key of keys) await scene.makeKey(key);
    const right = await scene.makeKey('right');
    await web({ authorized: [right] }, `IdentityFile ${scene.path('right.pub')}`, 'IdentitiesOnly yes');
    await scene.withAgent([...keys, 'right'], async () => expect(await scene.whoAmI()).toBe(account.name));
  });

  it('with the wrong keys only is not the end', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const key of keys) await scene.makeKey(key);
    await web({});
    scene.person.answers = [account.password];
    await scene.withAgent(keys, async () => expect(await scene.whoAmI()).toBe(account.name));
  });

  it('that is gone is not the end', async () => {
    await web({ authorized: [await scene.makeKey('id')] }, scene.identity('id'));
    scene.env = { ...process.env, SSH_AUTH_SOCK: scene.path('gone') };
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.log).toContain('SSH agent');
  });
});

describe('a password', () => {
  it('is asked for once per window', async () => {
    await web({});
    scene.person.answers = [account.password];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toMatchObject([{ title: `Password for ${account.name}@web`, echo: false }]);
    expect(scene.log).not.toContain(account.password);
  });

  it('is asked for again when it is wrong, and forgotten', async () => {
    await web({});
    scene.person.answers = ['wrong', account.password];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toHaveLength(2);
    expect(scene.person.asked[1]?.detail).toContain('not accepted');
  });

  it('that is wrong three times fails with what was tried and what the host offers', async () => {
    await web({});
    scene.person.answers = ['wrong', 'wrong', 'wrong', 'wrong'];
    const failure = await scene.open('web').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'AUTH_FAILED' });
    expect(String(failure)).toMatch(/offers “publickey, password”; tried: password, password, password/);
    expect(scene.person.asked).toHaveLength(3);
  });

  it('that is not typed cancels', async () => {
    await web({});
    await expect(scene.open('web')).rejects.toThrow(Cancelled);
  });

  it('is asked for by keyboard-interactive too', async () => {
    await web({ config: ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no'] });
    scene.person.answers = ['wrong', account.password];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toHaveLength(2);
  });
});

describe('partial success', () => {
  const both = ['AuthenticationMethods publickey,password'];

  it('of a key file goes on to the password', async () => {
    await web({ config: both, authorized: [await scene.makeKey('id')] }, scene.identity('id'));
    scene.person.answers = [account.password];
    expect(await scene.whoAmI()).toBe(account.name);
  });

  it('of an agent key goes on to the password', async () => {
    await web({ config: both, authorized: [await scene.makeKey('id')] });
    scene.person.answers = ['wrong', account.password];
    await scene.withAgent(['id'], async () => {
      await rm(scene.path('id'));
      expect(await scene.whoAmI()).toBe(account.name);
    });
  });

  it('of a password does not make it forgotten', async () => {
    await web(
      { config: ['AuthenticationMethods password,publickey'], authorized: [await scene.makeKey('id')] },
      scene.identity('id'),
    );
    scene.person.answers = [account.password];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(await scene.whoAmI()).toBe(account.name);
    expect(scene.person.asked).toHaveLength(1);
  });
});
