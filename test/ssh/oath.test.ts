import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { startLoader } from '../../src/loader/start';
import { makeAccount, type Account } from './account';
import { CODE_PROMPT, Token, pamService } from './oath';
import { PrivateEtc } from './privateEtc';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { loader, WELL } from './standIn';
import { startOptions } from './startOptions';

let account: Account;
let etc: PrivateEtc;
let scene: Scene;
let sshd: Sshd;
let token: Token;

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['sudo', 'libpam-oath']);
  account = await makeAccount();
  etc = await PrivateEtc.create();
});
beforeEach(async () => {
  scene = await Scene.create();
  token = new Token(account.name);
});
afterEach(async () => {
  await scene.end();
  await sshd.stop();
});
afterAll(async () => {
  await etc.remove();
  await account.remove();
});

/** Everything that the person was asked: titles, details and what the host says, and nothing is left of the answers. */
function asked(): string[] {
  expect(scene.person.answers).toEqual([]);
  return scene.person.asked
    .splice(0)
    .map(({ title, detail, hostSays = '' }) => [title, detail, hostSays].join('\n'));
}
const code = expect.stringMatching(CODE_PROMPT) as unknown;

describe.each(['ssh2', 'openssh'] as const)('a host that asks for a code of pam_oath, by %s,', (client) => {
  async function host(...steps: ('password' | 'code')[]): Promise<void> {
    await etc.fill({ 'pam.d/sshd': pamService(...steps), 'users.oath': token.line });
    const config = ['UsePAM yes', 'KbdInteractiveAuthentication yes', 'PasswordAuthentication no'];
    sshd = await startSshd({ config, seen: { etc: etc.path } });
    await scene.configureWeb(sshd, account.name, ['IdentityFile none', 'StrictHostKeyChecking no']);
    scene.client = client;
  }

  it('gets each time one that the person types', async () => {
    await host('code');
    for (let login = 0; login < 2; login++) {
      scene.person.answers = [token.next()];
      expect(await scene.whoAmI()).toBe(account.name);
      expect(asked()).toEqual([code]);
    }
  });

  it('is not sent the password for it', async () => {
    await host('password', 'code');
    scene.person.answers = [account.password, token.next()];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(asked()).toEqual([expect.stringContaining('Password'), code]);
    // What a host asks by ssh is never answered from memory; by ssh2 "Password:" is known as such.
    const isKnown = client === 'ssh2';
    scene.person.answers = isKnown ? [token.next()] : [account.password, token.next()];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(asked()).toEqual(isKnown ? [code] : [expect.stringContaining('Password'), code]);
  });

  it('may ask for the code first', async () => {
    await host('code', 'password');
    for (let login = 0; login < 2; login++) {
      scene.person.answers = [token.next(), account.password];
      expect(await scene.whoAmI()).toBe(account.name);
      expect(asked()).toEqual([code, expect.stringContaining('Password')]);
    }
  });

  it('and is sent a wrong one, is asked again with everything', async () => {
    await host('password', 'code');
    scene.person.answers = [account.password, '000000', account.password, token.next()];
    expect(await scene.whoAmI()).toBe(account.name);
    expect(asked()).toHaveLength(4);
  });
});

describe('a sudo that asks for a code of pam_oath', () => {
  const PASSWORD = expect.stringContaining('sudo password on web') as unknown;

  async function host(steps: ('password' | 'code')[], ...sudoers: string[]): Promise<void> {
    const rules = [`${account.name} ALL=(ALL) ALL`, ...sudoers].map((line) => `${line}\n`).join('');
    await etc.fill({
      'pam.d/sudo': pamService(...steps),
      'users.oath': token.line,
      'sudoers.d/rps-trace': rules,
    });
    sshd = await startSshd({ authorized: [await scene.makeKey('id')], seen: { etc: etc.path } });
    await scene.configureWeb(sshd, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
  }

  /** Starts and stops the loader. */
  async function start(): Promise<void> {
    const connection = await scene.open('web');
    try {
      const { run } = await startLoader(connection, startOptions(scene, loader(WELL)));
      run.stop();
      expect(await run.ended).toMatchObject({ kind: 'end' });
    } finally {
      connection.dispose();
    }
  }

  it('gets the password from memory, and each time a code that the person types', async () => {
    await host(['password', 'code']);
    scene.person.answers = [account.password, token.next()];
    await start();
    expect(asked()).toEqual([PASSWORD, code]);
    scene.person.answers = [token.next()];
    await start();
    expect(asked()).toEqual([code]);
  });

  it('first, is not sent the password for it', async () => {
    await host(['code', 'password']);
    scene.person.answers = [token.next(), account.password];
    await start();
    expect(asked()).toEqual([code, PASSWORD]);
    scene.person.answers = [token.next()];
    await start();
    expect(asked()).toEqual([code]);
  });

  it('and nothing else, gets it', async () => {
    await host(['code']);
    for (let i = 0; i < 2; i++) {
      scene.person.answers = [token.next()];
      await start();
      expect(asked()).toEqual([code]);
    }
  });

  it('and gets a wrong one, asks for both again', async () => {
    await host(['password', 'code']);
    scene.person.answers = [account.password, '000000', account.password, token.next()];
    await start();
    expect(asked()).toEqual([PASSWORD, code, expect.stringContaining('not accepted'), code]);
  });

  it('by its own prompt for everything (passprompt_override) gets no code from memory, and no password', async () => {
    await host(['password', 'code'], 'Defaults passprompt_override');
    for (let i = 0; i < 2; i++) {
      scene.person.answers = [account.password, token.next()];
      await start();
      expect(asked()).toEqual([PASSWORD, expect.stringContaining('or for a code')]);
    }
  });
});
