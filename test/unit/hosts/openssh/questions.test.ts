import { describe, expect, it } from 'vitest';
import type { AskingLogin } from '../../../../src/hosts/openssh/logins';
import { Questions } from '../../../../src/hosts/openssh/questions';
import type { SecretRequest } from '../../../../src/hosts/prompts';
import { Secrets } from '../../../../src/hosts/secrets';
import { Asker } from '../../../../src/hosts/login/asker';

const never = new AbortController().signal;

const alice = (id: string): AskingLogin => ({
  ...{ id, name: `alice@${id}`, account: 'alice@127.0.0.1', attempts: 3 },
});

/** Questions of an ssh that may be making these logins, the secrets behind them, and what the person was asked. */
async function scene(logins: readonly AskingLogin[], answers: string[] = ['typed']) {
  const asked: SecretRequest[] = [];
  const prompts = {
    secret: (request: SecretRequest) => (asked.push(request), Promise.resolve(answers.shift())),
    acceptHostKey: () => Promise.resolve(false),
  };
  const secrets = new Secrets();
  await secrets.set('passphrase /key', 'phrase');
  await secrets.set('password web', 'password');
  const questions = new Questions(
    prompts,
    new Asker(prompts, secrets, never),
    () => logins,
    () => undefined,
  );
  const ask = (text: string, pid = 1) => questions.answer({ text, hint: '', pid }, never);
  return { ask, asked, questions, secrets };
}

const FOR_KEY = "Enter passphrase for key '/key': ";
const FOR_ACCOUNT = "alice@127.0.0.1's password: ";

describe('a question of ssh', () => {
  it.each([
    [FOR_KEY, 'phrase'],
    [FOR_ACCOUNT, 'password'],
  ])('%j is answered from memory', async (text, answer) => {
    const { ask, asked } = await scene([alice('web')]);
    expect(await ask(text)).toBe(answer);
    expect(asked).toEqual([]);
  });

  it.each([
    ['that a host imitates', `(alice@127.0.0.1) ${FOR_KEY}`, [alice('web')]],
    ['by a host for the password', '(alice@127.0.0.1) Password: ', [alice('web')]],
    ['by a host for a code', "(alice@127.0.0.1) One-time password (OATH) for `alice': ", [alice('web')]],
    ['for a new password', "Enter alice@127.0.0.1's new password: ", [alice('web')]],
    ['of an ssh that marks nothing, or of which nobody knows what it does', FOR_KEY, []],
    ['for the password of such an ssh', FOR_ACCOUNT, []],
    ['for the password of another account', "bob@127.0.0.1's password: ", [alice('web')]],
    ['for the password of one of two logins that ssh writes alike', FOR_ACCOUNT, [alice('web'), alice('db')]],
    ['for the password of another login at the same address', FOR_ACCOUNT, [alice('db')]],
    ['for a key whose name ssh has cut', `Enter passphrase for key '/${'k'.repeat(99)}': `, [alice('web')]],
  ])('%s is not, and is shown to the person', async (_what, text, logins) => {
    const { ask, asked, secrets } = await scene(logins);
    await secrets.set(`passphrase /${'k'.repeat(99)}`, 'of a longer name');
    expect(await ask(text)).toBe('typed');
    expect(asked).toHaveLength(1);
  });

  it('that a host asks shows who asks', async () => {
    const { ask, asked } = await scene([alice('web')]);
    await ask('(alice@127.0.0.1) Code: ');
    expect(asked[0]?.title).toBe('Code (alice@127.0.0.1)');
    await ask(`(alice@127.0.0.1) ${'x'.repeat(1e6)}`).catch(() => undefined);
    expect(asked[1]?.title.length).toBeLessThan(1100);
  });
});

it('a question of ssh that a host may have made up is shown as such', async () => {
  const { ask, asked } = await scene([]);
  await ask(FOR_KEY);
  expect(asked[0]?.detail).toMatch(/The host itself may be asking/);
});

describe('what is typed for ssh', () => {
  it('is remembered when the host has let the user in, the last one', async () => {
    const { ask, asked, questions, secrets } = await scene([alice('db')], ['wrong', 'right']);
    await ask(FOR_ACCOUNT);
    expect(await ask(FOR_ACCOUNT)).toBe('right');
    expect(asked[1]?.detail).toMatch(/not accepted/);
    expect(await secrets.get('password db')).toBeUndefined();
    await questions.accepted();
    expect(await secrets.get('password db')).toBe('right');
  });

  it('is not when ssh has asked as often as it does: it may have gone on to something else', async () => {
    const { ask, questions, secrets } = await scene([alice('db')], ['a', 'b', 'c']);
    for (let i = 0; i < 3; i++) await ask("Enter passphrase for key '/other': ");
    await questions.accepted();
    expect(await secrets.get('passphrase /other')).toBeUndefined();
  });

  it('is taken by another ssh on the way, without another question', async () => {
    const { ask, asked } = await scene([alice('db')], ['phrase']);
    for (const pid of [1, 2]) expect(await ask("Enter passphrase for key '/other': ", pid)).toBe('phrase');
    expect(asked).toHaveLength(1);
  });
});
