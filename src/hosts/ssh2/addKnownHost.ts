import { randomBytes } from 'node:crypto';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hashName, keyType } from '../login/knownHosts';

/**
 * Whether a name may be written to known_hosts: there `*`, `,` and the like would make it speak about other hosts.
 * ssh refuses most of these characters too: sshconnect.c, check_host_key().
 */
export function isPlainName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return name !== '' && !/[\s\u0000-\u001f\u007f,*?!|[\]@#'"\\]/.test(name);
}

/**
 * Adds a key to a known_hosts file, for names that `isPlainName` or that an address and port make. Hashed, each name has
 * a line of its own, as ssh writes them.
 * @throws Error when the file cannot be written
 */
export async function addKnownHost(
  file: string,
  names: readonly string[],
  key: Buffer,
  hashed: boolean,
): Promise<void> {
  // Mostly ~/.ssh, and mostly there; if not, opening the file tells. Node's recursive mkdir may hang in /proc.
  await mkdir(dirname(file), 0o700).catch(() => undefined);
  const hosts = hashed ? names.map((name) => hashName(name, randomBytes(20))) : [names.join(',')];
  for (const host of hosts) await appendLine(file, `${host} ${keyType(key)} ${key.toString('base64')}`);
}

/** Appends a line, also to a file whose last line has no end. */
async function appendLine(path: string, line: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const cut = bytesRead === 1 && buffer[0] !== 10;
    await file.appendFile(`${cut ? '\n' : ''}${line}\n`);
  } finally {
    await file.close();
  }
}
