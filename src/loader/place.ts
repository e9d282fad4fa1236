import { randomBytes } from 'node:crypto';
import type { Connection } from '../hosts/connection';
import { execText, quote } from '../hosts/shell';
import { Problem } from '../problem';
import type { Binary } from './binaries';
import { folders, hashFunction } from './survey';

/** Finds a folder that belongs to the account, is closed to others, and from which programs may be run. */
const findFolder = `
umask 077; u=$(id -u)
for d in ${folders}; do
  mkdir -p "$d" 2>/dev/null && [ -O "$d" ] && [ ! -L "$d" ] && chmod 700 "$d" || continue
  t=$d/try.$$
  printf '#!/bin/sh\\nexit 0\\n' >"$t" 2>/dev/null && chmod 700 "$t" && "$t" 2>/dev/null && rm -f "$t" && echo "folder $d" && exit
  rm -f "$t"
done`;

/** Checks the upload before it gets its name, and removes loaders of other versions. */
const settle = (draft: string, sha256: string) => `
${hashFunction}
d=${quote(draft.slice(0, draft.lastIndexOf('/')))}; t=${quote(draft)}
h=$(hash "$t"); echo "hash $h"
if [ "$h" != ${sha256} ]; then rm -f "$t"; exit 1; fi
mv -f "$t" "$d/rpstrace-${sha256}" || exit 1
for f in "$d"/rpstrace-*; do [ "$f" = "$d/rpstrace-${sha256}" ] || rm -f "$f"; done`;

/**
 * Puts the loader on the host and returns its path, which is named after its content. The host's own hash of what
 * arrived is compared before the file gets that name.
 * @throws Problem UPLOAD_FAILED
 */
export async function place(connection: Connection, binary: Binary, signal: AbortSignal): Promise<string> {
  const found = await execText(connection, 'sh -s', { input: findFolder, signal });
  const folder = /^folder (\/.*)$/m.exec(found.stdout)?.[1];
  if (folder === undefined) {
    throw new Problem(
      'UPLOAD_FAILED',
      `${connection.label} has no folder that this account may write to and run a program from.`,
      'The home, /var/tmp, /tmp and /dev/shm were tried. Free some space, or make one of them writable and executable.',
    );
  }
  const draft = `${folder}/upload.${randomBytes(8).toString('hex')}`;
  try {
    await connection.upload(binary.bytes, draft, signal);
    const settled = await execText(connection, 'sh -s', { input: settle(draft, binary.sha256), signal });
    if (settled.exit.kind === 'code' && settled.exit.code === 0) return `${folder}/rpstrace-${binary.sha256}`;
    const hash = /^hash (.*)$/m.exec(settled.stdout)?.[1] ?? '';
    throw new Problem(
      'UPLOAD_FAILED',
      hash === ''
        ? `${connection.label} has no tool that computes SHA-256, so the uploaded loader could not be verified.`
        : `The loader arrived on ${connection.label} damaged: its SHA-256 is ${hash}, not ${binary.sha256}.`,
      hash === ''
        ? 'Install coreutils (sha256sum) or openssl on the host.'
        : 'Start again; check the disk of the host.',
    );
  } catch (error) {
    // Whatever went wrong, a draft must not stay behind. The connection may be what went wrong: then nothing helps.
    await execText(connection, `rm -f ${quote(draft)}`, {}).catch(() => undefined);
    throw error;
  }
}
