import { describe, expect, it } from 'vitest';
import { Secrets } from '../../../src/hosts/secrets';
import { loginId, loginName } from '../../../src/hosts/login/loginId';
import { SecretVault } from '../../../src/ui/vault';

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

  it('that were accepted once and then refused may be codes: this window asks for them each time', async () => {
    const { storage } = store();
    const vault = new SecretVault(storage, () => true);
    const secrets = new Secrets(vault);
    await secrets.set('a', '123456');
    await secrets.refuse('a');
    await secrets.set('a', '654321');
    expect([await secrets.get('a'), await new Secrets(vault).get('a')]).toEqual([undefined, undefined]);
  });

  it('stored on one machine are not used on another one, where an alias may be another host', async () => {
    const { storage } = store();
    const vault = new SecretVault(storage, () => true);
    await new Secrets(vault, 'laptop').set('a', '1');
    expect(await new Secrets(vault, 'server').get('a')).toBeUndefined();
    expect(await new Secrets(vault, 'laptop').get('a')).toBe('1');
  });

  it('stored by the version 0.1.0, by names that fit several hosts, are not used', async () => {
    const { storage } = store();
    const vault = new SecretVault(storage, () => true);
    const ids = ['password alice@127.0.0.1', 'password alice@web:22', 'sudo web', loginId(web)];
    for (const id of ids) await vault.set(id, 'old');
    const found = await Promise.all(ids.map((id) => new Secrets(vault).get(id)));
    expect(found).toEqual(ids.map(() => undefined));
  });
});

const web = {
  ...{ user: 'alice', alias: 'web', hostName: '127.0.0.1', port: 22 },
  ...{ hostKeyAlias: undefined, proxyJump: undefined, proxyCommand: undefined },
};

describe('the name of a login', () => {
  it.each([
    ['user', { user: 'bob' }],
    ['alias', { alias: 'web-2' }],
    ['host', { hostName: '10.0.0.1' }],
    ['port', { port: 2222 }],
    ['HostKeyAlias', { hostKeyAlias: 'other' }],
    ['ProxyJump', { proxyJump: 'hop' }],
    ['ProxyCommand', { proxyCommand: 'nc %h %p' }],
  ])('is another one for another %s', (_what, change) => {
    expect(loginId({ ...web, ...change })).not.toBe(loginId(web));
  });

  it('is another one by another way', () => {
    expect(loginId(web, loginId({ ...web, alias: 'hop' }))).not.toBe(loginId(web));
  });

  it('tells people the port where no alias does', () => {
    expect(loginName(web)).toBe('alice@web');
    expect(loginName({ ...web, port: 2222 })).toBe('alice@web');
    expect(loginName({ ...web, alias: '127.0.0.1', port: 2222 })).toBe('alice@127.0.0.1:2222');
    expect(loginName({ ...web, alias: '::1', hostName: '::1', port: 2222 })).toBe('alice@[::1]:2222');
  });
});
