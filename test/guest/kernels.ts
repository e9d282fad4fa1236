import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/apt';
import { cached } from '../../scripts/cache';
import { privateApt } from '../../scripts/privateApt';
import { run } from '../../scripts/run';
import { traits, type Architecture } from './architecture';
import { closure } from './closure';
import { findFiles } from './findFiles';
import { makeInitramfs } from './initramfs';

/** Debian's cloud kernels, by the suite that carries them. */
const suites = { '5.10': 'bullseye', '6.1': 'bookworm', '6.12': 'trixie', '7.2': 'sid' } as const;

export type KernelName = keyof typeof suites;
export const kernelNames = Object.keys(suites) as KernelName[];

/** Paths of what QEMU boots. `modules` is an ext4 image of the whole /usr/lib/modules. */
export interface Kernel {
  readonly vmlinuz: string;
  readonly initramfs: string;
  readonly modules: string;
}

/** Fetches a kernel, or finds it in the cache. Throws when its suite has moved on to another version. */
export async function getKernel(name: KernelName, arch: Architecture): Promise<Kernel> {
  const { debian } = traits[arch];
  const folder = await cached(`kernel-${name}-${debian}`, (draft) => fetchKernel(name, debian, draft));
  return {
    vmlinuz: join(folder, 'vmlinuz'),
    initramfs: join(folder, 'initramfs'),
    modules: join(folder, 'modules.ext4'),
  };
}

async function fetchKernel(name: KernelName, debian: string, folder: string): Promise<void> {
  console.error(`fetching Linux ${name} for ${debian}`);
  await ensurePackages(['cpio', 'e2fsprogs', 'kmod', 'xz-utils']);
  const apt = await privateApt([suites[name]], debian);
  // The image is one package up to 6.12 and is split into binary and modules after that.
  const parts = (await closure(apt, [`linux-image-cloud-${debian}`])).filter((each) =>
    /^linux-(image|binary|modules)-\d/.test(each),
  );
  if (!parts.some((part) => part.includes(`-${name}.`))) {
    throw new Error(`Debian ${suites[name]} has no Linux ${name} any more, but ${parts.join(' ')}`);
  }
  const tree = join(folder, 'tree');
  await apt.unpack([...parts, 'busybox-static'], tree);
  const usr = await usrOf(tree);
  const [release] = await readdir(join(usr, 'lib/modules'));
  const [vmlinuz] = await findFiles(tree, '*/vmlinuz*');
  if (release === undefined || vmlinuz === undefined)
    throw new Error(`${parts.join(' ')}: no kernel in there`);

  // By path: /sbin is not among the folders that are searched for a person who is not root.
  await run('/sbin/depmod', ['-b', usr, release]);
  await makeInitramfs(tree, join(folder, 'initramfs'));
  await rename(vmlinuz, join(folder, 'vmlinuz'));
  const modules = join(folder, 'modules.ext4');
  const ext4 = ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', join(usr, 'lib/modules')];
  await run('/sbin/mke2fs', [...ext4, modules, '256M']);
  await rm(tree, { recursive: true });
}

/** Packages put modules below /usr from trixie on, and below / before. */
async function usrOf(tree: string): Promise<string> {
  const lib = await readdir(join(tree, 'lib')).catch((): string[] => []);
  return lib.includes('modules') ? tree : join(tree, 'usr');
}
