import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const string = (value: string | Buffer) =>
  Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)]);

/**
 * Writes a key file as `ssh-keygen -t ed25519-sk` does: PROTOCOL.key and PROTOCOL.u2f of OpenSSH. No token has its other
 * half; an agent holds it like any other.
 */
export async function writeSecurityKey(path: string): Promise<void> {
  const publicKey = [string('sk-ssh-ed25519@openssh.com'), string(randomBytes(32)), string('ssh:')];
  const check = randomBytes(4);
  const rest = [Buffer.from([1]), string(randomBytes(16)), string(''), string('a token')];
  const body = Buffer.concat([check, check, ...publicKey, ...rest]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7].slice(0, (8 - (body.length % 8)) % 8));
  const key = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...[string('none'), string('none'), string(''), uint32(1)],
    ...[string(Buffer.concat(publicKey)), string(Buffer.concat([body, padding]))],
  ]);
  const lines = key.toString('base64').match(/.{1,70}/g) ?? [];
  const text = ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''];
  await writeFile(path, text.join('\n'), { mode: 0o600 });
}
