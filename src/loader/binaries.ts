import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../problem';

/** Architectures the loader is built for, as `uname -m` names them. */
export const archs = ['x86_64', 'aarch64'] as const;
export type Arch = (typeof archs)[number];

/** A file that goes to hosts. */
export interface Binary {
  readonly bytes: Uint8Array;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly sha256: string;
}
/** The loaders, as they lie in the extension. */
export type Binaries = Readonly<Record<Arch, Binary>>;

export const binaryOf = (bytes: Uint8Array): Binary => ({
  bytes,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/**
 * Reads the loaders that come with the extension from `folder`.
 * @throws Problem LOADER_MISSING when one is not there: the extension was packaged without building it.
 */
export async function readBinaries(folder: string): Promise<Binaries> {
  const [x86_64, aarch64] = await Promise.all([readBinary(folder, 'x86_64'), readBinary(folder, 'aarch64')]);
  return { x86_64, aarch64 };
}

const loaderFile = (folder: string, arch: Arch) => join(folder, `rpstrace-${arch}`);

/** Path of the loader in `folder` that runs on this machine, or undefined when none does. */
export function ownLoader(folder: string): string | undefined {
  if (process.platform !== 'linux') return undefined;
  if (process.arch === 'x64') return loaderFile(folder, 'x86_64');
  return process.arch === 'arm64' ? loaderFile(folder, 'aarch64') : undefined;
}

async function readBinary(folder: string, arch: Arch): Promise<Binary> {
  const file = loaderFile(folder, arch);
  try {
    return binaryOf(await readFile(file));
  } catch (cause) {
    throw new Problem(
      'LOADER_MISSING',
      `The loader for ${arch} is not in this installation (${file}).`,
      'Reinstall the extension. In a source tree, run: npm run build:loader',
      { cause },
    );
  }
}
