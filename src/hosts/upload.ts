import { Problem } from '../problem';
import type { Connection } from './connection';
import { execText, quote } from './shell';

/**
 * Writes a new file by the host's own `cat`, which works where SFTP is off. The file is closed to others from its
 * first byte on, and an existing one is never written to (`set -C`).
 * @throws Problem UPLOAD_FAILED with what the host says, CONNECTION_LOST; Cancelled
 */
export async function uploadByCat(
  connection: Connection,
  bytes: Uint8Array,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const file = quote(path);
  const script = `umask 077; set -C; cat >${file} && chmod 700 ${file}`;
  const command = `exec sh -c ${quote(script)}`;
  const answer = await execText(connection, command, { input: bytes, ...(signal && { signal }) });
  if (answer.exit.kind === 'code' && answer.exit.code === 0) return;
  const said = answer.stderr.trim().split('\n').at(-1) ?? '';
  throw new Problem(
    'UPLOAD_FAILED',
    `${connection.label} could not write ${path}${said === '' ? '.' : `: ${said}`}`,
    'Free some space there, or make the folder writable for the account.',
  );
}
