import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem';

/** Architectures the loader is built for, as `uname -m` names them. */
export const archs = ['x86_64', 'aarch64'] as const;
export type Arch = (typeof archs)[number];

/** A loader for one architecture, as it lies in the extension. */
export interface Binary {
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly sha256: string;
}
export type Binaries = Readonly<Record<Arch, Binary>>;

/**
 * Reads the loaders that come with the extension from `folder`.
 * @throws Problem LOADER_MISSING when one is not there: the extension was packaged without building it.
 */
export async function readBinaries(folder: string): Promise<Binaries> {
  const [x86_64, aarch64] = await Promise.all([readBinary(folder, 'x86_64'), readBinary(folder, 'aarch64')]);
  return { x86_64, aarch64 };
}

async function readBinary(folder: string, arch: Arch): Promise<Binary> {
  const file = join(folder, `rpstrace-${arch}`);
  try {
    const bytes = await readFile(file);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } catch (cause) {
    throw new Problem(
      'LOADER_MISSING',
      `The loader for ${arch} is not in this installation (${file}).`,
      'Reinstall the extension. In a source tree, run: npm run build:loader',
      { cause },
    );
  }
}
