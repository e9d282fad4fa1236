import { randomBytes } from 'node:crypto';
import type { Connection } from '../hosts/connection';
import { execText, quote, type Answer } from '../hosts/shell';
import { Problem } from '../problem';
import type { Binary } from './binaries';
import { folderOf, folders, OWN, ownFunction } from './folders';
import { noFolder } from './noFolder';
import { hashOfFile } from './readBack';
import { hashFunction, type Kind } from './survey';

/** Where a file may go on a host. */
export interface Places {
  /** The folder that is tried first. */
  readonly first?: string;
  /** Folders where root cannot run programs. */
  readonly rootless: readonly string[];
}

/**
 * Finds a folder that no other account can change, that has room, and from which programs may be run; tells why others
 * were passed over. In a folder where anybody makes things another account may have taken the name.
 */
const findFolder = (bytes: number, { first, rootless }: Places) => `
${ownFunction}
umask 077; u=$(id -u)
for d in ${first === undefined ? '' : quote(first)} ${folders}; do
  made=; [ -d "$d" ] || case $d in /*) mkdir -p "$d" 2>/dev/null && made=$d;; esac
  e=$(own "$d" mend); s=$?
  case $s in
    0) ;;
    ${OWN.foreign}) echo "passed foreign $d"; continue;;
    ${OWN.open}) echo "passed open $d"; [ -z "$made" ] || rmdir "$made"; continue;;
    *) echo "passed missing $d"; continue;;
  esac
  case $e in ${["''", ...rootless.map(quote)].join('|')}) echo "passed rootless $e"; continue;; esac
  t=$e/try.$$
  dd if=/dev/zero of="$t" bs=65536 count=${Math.ceil(bytes / 65536)} 2>/dev/null || { rm -f "$t"; echo "passed full $e"; continue; }
  printf '#!/bin/sh\\nexit 0\\n' >"$t" 2>/dev/null && chmod 700 "$t" && "$t" 2>/dev/null && rm -f "$t" && echo "folder $e" && exit
  rm -f "$t"; echo "passed noexec $e"
done`;

/** What people call the files. */
export const kindNames: Readonly<Record<Kind, string>> = { rpstrace: 'loader', btf: 'BTF file' };

/** After this many minutes an upload that has not got its name never will: the connection was cut. */
const STALE_MINUTES = 60;

/** Checks the upload before it gets its name, and removes others of its kind and what cut connections left. */
const settle = (kind: Kind, draft: string, sha256: string, isVerified: boolean) => `
${ownFunction}
${hashFunction}
d=${quote(folderOf(draft))}; t=${quote(draft)}
h=${isVerified ? sha256 : '$(hash "$t")'}; echo "hash $h"
[ -n "$h" ] || exit 1
if [ "$h" != ${sha256} ]; then rm -f "$t"; exit 1; fi
mv -f "$t" "$d/${kind}-${sha256}" || exit 1
u=$(id -u); new=$d/${kind}-${sha256}
for d in ${folders}; do
  d=$(own "$d" mend) || continue
  for f in "$d"/${kind}-*; do [ "$f" = "$new" ] || rm -f "$f"; done
  find "$d" -name 'upload.*' -mmin +${STALE_MINUTES} -exec rm -f {} \\; 2>/dev/null
  rmdir "$d" 2>/dev/null
done
:`;

/**
 * Puts a file on the host and returns its path, which is named after its content. The host's own hash of what
 * arrived is compared before the file gets that name.
 * @throws Problem UPLOAD_FAILED
 */
export async function place(
  connection: Connection,
  kind: Kind,
  binary: Binary,
  places: Places,
  signal: AbortSignal,
): Promise<string> {
  const found = await execText(connection, 'sh -s', {
    input: findFolder(binary.bytes.length, places),
    signal,
  });
  const folder = /^folder (\/.*)$/m.exec(found.stdout)?.[1];
  if (folder === undefined) throw noFolder(connection.label, found.stdout);
  const draft = `${folder}/upload.${randomBytes(8).toString('hex')}`;
  try {
    await connection.upload(binary.bytes, draft, signal);
    const path = `${folder}/${kind}-${binary.sha256}`;
    const settled = (isVerified: boolean) =>
      execText(connection, 'sh -s', { input: settle(kind, draft, binary.sha256, isVerified), signal });
    const first = await settled(false);
    if (isWell(first)) return path;
    // A host without a tool for it sends the file back.
    let hash = /^hash (.*)$/m.exec(first.stdout)?.[1] ?? '';
    if (hash === '') hash = (await hashOfFile(connection, draft, signal)) ?? '';
    if (hash === binary.sha256 && isWell(await settled(true))) return path;
    throw new Problem(
      'UPLOAD_FAILED',
      hash === ''
        ? `The ${kindNames[kind]} that was uploaded to ${connection.label} cannot be read back, so it could not be verified.`
        : `The ${kindNames[kind]} arrived on ${connection.label} damaged: its SHA-256 is ${hash}, not ${binary.sha256}.`,
      hash === ''
        ? 'Look at the disk of the host, or install coreutils (sha256sum) there.'
        : 'Start again; check the disk of the host.',
    );
  } catch (error) {
    // Whatever went wrong, a draft must not stay behind. The connection may be what went wrong: then nothing helps.
    await execText(connection, `rm -f ${quote(draft)}`, {}).catch(() => undefined);
    throw error;
  }
}

const isWell = ({ exit }: Answer) => exit.kind === 'code' && exit.code === 0;
