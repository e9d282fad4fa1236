import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from '../../scripts/run';
import { findFiles } from './findFiles';

/** In the order in which they need each other; what a kernel has built in is not there as a module. */
const needed = [
  'virtio_ring',
  'virtio',
  'virtio_pci_modern_dev',
  'virtio_pci_legacy_dev',
  'virtio_pci',
  'virtio_blk',
];

/** Writes an initramfs that mounts the first virtio disk and hands over to its /sbin/init. */
export async function makeInitramfs(packages: string, path: string): Promise<void> {
  const root = `${path}.tree`;
  for (const folder of ['bin', 'dev', 'new']) await mkdir(join(root, folder), { recursive: true });
  await copyFile((await findFiles(packages, '*/bin/busybox')).join(), join(root, 'bin/busybox'));

  const modules: string[] = [];
  for (const name of needed) {
    for (const found of await findFiles(packages, `*/${name}.ko*`)) {
      const copy = join(root, basename(found));
      await copyFile(found, copy);
      if (copy.endsWith('.xz')) await run('xz', ['-d', copy]);
      modules.push(`${name}.ko`);
    }
  }
  await writeFile(join(root, 'init'), init(modules));
  await chmod(join(root, 'init'), 0o755);
  await run('sh', ['-c', 'find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >"$0"', path], { cwd: root });
  await rm(root, { recursive: true });
}

const init = (modules: readonly string[]) => `#!/bin/busybox sh
alias mount='/bin/busybox mount'
mount -t devtmpfs devtmpfs /dev
for module in ${modules.join(' ')}; do /bin/busybox insmod /$module; done
mount -t ext4 /dev/vda /new
mount --move /dev /new/dev
exec /bin/busybox switch_root /new /sbin/init
`;
