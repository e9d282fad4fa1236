import { describe, expect, it } from 'vitest';
import { Questions } from '../../../src/hosts/openssh/questions';
import type { SecretRequest } from '../../../src/hosts/prompts';
import { Secrets } from '../../../src/hosts/secrets';
import { Asker } from '../../../src/hosts/ssh/asker';
import { SecretVault } from '../../../src/ui/vault';

const never = new AbortController().signal;

/** VS Code's store, in memory. */
function store() {
  const kept = new Map<string, string>();
  const storage = {
    get: (key: string) => Promise.resolve(kept.get(key)),
    store: (key: string, value: string) => Promise.resolve(void kept.set(key, value)),
    delete: (key: string) => Promise.resolve(void kept.delete(key)),
    onDidChange: () => ({ dispose: () => undefined }),
  };
  return { kept, storage };
}

describe('secrets', () => {
  it('outlive the window only when that is wanted', async () => {
    const { kept, storage } = store();
    await new Secrets(new SecretVault(storage, () => false)).set('a', '1');
    expect(kept.size).toBe(0);
    const wanted = new SecretVault(storage, () => true);
    const first = new Secrets(wanted);
    await Promise.all([first.set('a', '1'), first.set('b', '2')]);
    const second = new Secrets(wanted);
    expect([await second.get('a'), await second.get('b')]).toEqual(['1', '2']);
    expect(await new Secrets(new SecretVault(storage, () => false)).get('a')).toBeUndefined();
  });

  it('are gone when they proved wrong, or when all are forgotten', async () => {
    const { kept, storage } = store();
    const vault = new SecretVault(storage, () => true);
    const secrets = new Secrets(vault);
    await secrets.set('a', '1');
    await secrets.set('b', '2');
    await secrets.forget('a');
    expect(await new Secrets(vault).get('a')).toBeUndefined();
    secrets.clear();
    await vault.clear();
    expect(await secrets.get('b')).toBeUndefined();
    expect(kept.size).toBe(0);
  });
});

describe('a question of ssh', () => {
  const ask = async (text: string, isMarked: boolean) => {
    const asked: SecretRequest[] = [];
    const prompts = {
      secret: (request: SecretRequest) => (asked.push(request), Promise.resolve('typed')),
      acceptHostKey: () => Promise.resolve(false),
    };
    const secrets = new Secrets();
    await secrets.set('passphrase /key', 'remembered');
    const questions = new Questions(prompts, new Asker(prompts, secrets, never), isMarked, () => undefined);
    return { answer: await questions.answer({ text, hint: '' }, never), asked };
  };

  it('is answered from memory', async () => {
    expect(await ask("Enter passphrase for key '/key': ", true)).toEqual({ answer: 'remembered', asked: [] });
  });

  it('that a host imitates is not, and shows who asks', async () => {
    const { answer, asked } = await ask("(alice@web) Enter passphrase for key '/key': ", true);
    expect(answer).toBe('typed');
    expect(asked[0]?.title).toContain('alice@web');
  });

  it('that an old ssh does not mark is not', async () => {
    expect((await ask("Enter passphrase for key '/key': ", false)).answer).toBe('typed');
  });
});
