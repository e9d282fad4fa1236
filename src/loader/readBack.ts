import { createHash, randomBytes } from 'node:crypto';
import type { Connection } from '../hosts/connection';
import { abortable } from '../hosts/abort';
import { quote } from '../hosts/shell';

/** Most bytes read; the loader has less than a tenth of it. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Reads a file of the host and computes its SHA-256 here, for hosts that have no tool for it. Lower-case hexadecimal,
 * or undefined when the file cannot be read or is far too long.
 * @throws Problem CONNECTION_LOST; Cancelled
 */
export async function hashOfFile(
  connection: Connection,
  path: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Login shells and their rc files print banners: the file begins after a random mark.
  const mark = `rpstrace-${randomBytes(12).toString('hex')}\n`;
  const stop = new AbortController();
  const ends = AbortSignal.any([signal, stop.signal]);
  const process = await connection.exec(`sh -c ${quote(`echo ${mark.trim()}; cat ${quote(path)}`)}`, ends);
  process.stderr.resume();
  process.stdin.on('error', () => undefined).end();
  const chunks: Buffer[] = [];
  let length = 0;
  process.stdout.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > MOST_BYTES) stop.abort();
    else chunks.push(chunk);
  });
  const exit = await abortable(process.exit, signal);
  const bytes = Buffer.concat(chunks);
  const begin = bytes.indexOf(mark);
  if (exit.kind !== 'code' || exit.code !== 0 || begin < 0) return undefined;
  return createHash('sha256')
    .update(bytes.subarray(begin + mark.length))
    .digest('hex');
}
