import { generateKeyPairSync } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { beforeAll, expect, it } from 'vitest';
import type { Identity } from '../../../../src/hosts/ssh2/identities';
import { interpret } from '../../../../src/hosts/sshconfig/config';
import { sshEnvironment } from '../../../../src/hosts/sshconfig/environment';
import { withinLimits } from '../../../../src/hosts/ssh2/keyLimits';

let rsa: ParsedKey;
beforeAll(() => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const key = ssh2.utils.parseKey(privateKey);
  if (key instanceof Error) throw key;
  rsa = key;
});

/** The key, as far as a configuration allows it. */
function limited(settings: Record<string, string>): Identity {
  const values = new Map(Object.entries(settings).map(([keyword, value]) => [keyword, [value]]));
  const identity: Identity = {
    name: 'key',
    publicKey: () => Promise.resolve(rsa),
    sign: () => Promise.resolve(Buffer.from('signature')),
  };
  return withinLimits(identity, interpret('web', values, sshEnvironment()));
}
const data = Buffer.from('data');

it('an RSA key signs by SHA-2, and by SHA-1 only where ssh-rsa is allowed', async () => {
  const plain = limited({});
  expect(await plain.publicKey()).toBe(rsa);
  expect(await plain.sign(data, 'sha256')).toBeInstanceOf(Buffer);
  for (const hash of [undefined, 'sha1'] as const) {
    await expect(plain.sign(data, hash)).rejects.toThrow('does not allow ssh-rsa');
    const allowed = limited({ pubkeyacceptedalgorithms: '+ssh-rsa' });
    expect(await allowed.sign(data, hash)).toBeInstanceOf(Buffer);
  }
});

it.each([
  [{ requiredrsasize: '3072' }, false],
  [{ requiredrsasize: '2048' }, true],
  [{ pubkeyacceptedalgorithms: 'ssh-ed25519' }, false],
  [{ pubkeyacceptedalgorithms: 'rsa-sha2-256' }, true],
])('a key of 2048 bits is offered by %j: %s', async (settings: Record<string, string>, isOffered) => {
  expect((await limited(settings).publicKey()) !== undefined).toBe(isOffered);
});
