import { createHash } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Binaries } from '../../src/loader/binaries';

/** The first and the last frame of a loader. */
export const HELLO =
  '{"type":"hello","protocol":1,"loader":"0","pid":1,"backend":"fexit","kernel":"6","arch":"x86_64","interval_ms":1000,"cpus":[{"id":0,"node":0,"online":true}]}';
export const END = '{"type":"end","reason":"stdin closed","ns":2,"rows":[],"missed":0,"lost":0}';
/** What a loader does that has nothing to count. */
export const WELL = `echo '${HELLO}'; cat >/dev/null; echo '${END}'`;
/** What a sudo that asks nothing does. */
export const FREE_SUDO = 'while [ "$1" != -- ]; do shift; [ $# -gt 0 ] || exit 0; done; shift; exec "$@"';
/** What a sudo does that asks for the password and does not wait for it: passwd_timeout of sudoers(5). */
export const IMPATIENT_SUDO = `[ "$1" = -n ] && { echo 'sudo: a password is required' >&2; exit 1; }
while [ "$1" != -- ]; do [ "$1" = -p ] && m=$2; shift; done
printf '%s' "$m" >&2; sleep 0.1; printf '\\nsudo: timed out reading password\\nsudo: a password is required\\n' >&2; exit 1`;

/** A shell script in the loader's place. */
export function loader(script: string): Binaries {
  const bytes = Buffer.from(`#!/bin/sh\n${script}\n`);
  const binary = { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  return { x86_64: binary, aarch64: binary };
}

/** Makes a folder of programs, shell scripts by their names, that come before those of the host. */
export async function writePrograms(
  folder: string,
  programs: Readonly<Record<string, string>>,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o755 });
  for (const [name, script] of Object.entries(programs)) {
    const path = join(folder, name);
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
  }
}
