import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { Problem } from '../problem';
import { binaryOf, type Binary } from './binaries';

/** Most bytes of a file with a kernel's types. BTF has about 5 MB; a vmlinux with all debug information does not belong on a host. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Where a kernel tells its types itself. */
export const KERNEL_BTF = '/sys/kernel/btf/vmlinux';

/**
 * Reads the file of this machine that holds the types of a host's kernel. The loader looks into it.
 * @throws Problem BTF_FILE when it cannot be read, is too long, or is not named from the root on: the folder where VS Code
 * was started may be one of somebody else's files.
 */
export async function readBtf(path: string): Promise<Binary> {
  const hint = 'Set rpsTrace.btf to a BTF file: pahole --btf_encode_detached FILE vmlinux makes one.';
  if (!isAbsolute(path)) {
    throw new Problem('BTF_FILE', `The path in rpsTrace.btf (${path}) is not absolute.`, hint);
  }
  let size: number;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error('not a regular file');
    ({ size } = found);
    if (size <= MOST_BYTES) return binaryOf(await readFile(path));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('BTF_FILE', `The file of rpsTrace.btf cannot be read: ${why}`, hint, { cause });
  }
  const message = `The file of rpsTrace.btf (${path}) has ${size} bytes, more than ${MOST_BYTES}.`;
  throw new Problem('BTF_FILE', message, hint);
}
