import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/apt';
import { cached } from '../../scripts/cache';
import { privateApt } from '../../scripts/privateApt';
import { run, runAsRoot } from '../../scripts/run';

const SUITE = 'trixie';
const packages = [
  ...['openssh-server', 'sudo', 'kmod', 'procps', 'busybox-static'],
  ...['iproute2', 'iputils-ping', 'iperf3', 'ethtool', 'tcpdump'],
  ...['bpftool', 'bpftrace'],
];
const rootfs = join(import.meta.dirname, 'rootfs');

/**
 * The guest's root file system and its keys. Accounts: root (password `root`), alice (`alice-pw`, sudo with it), bob
 * (sudo without a password, logs in by key only), carol (`carol-pw`, no sudo). The client key opens all of them.
 */
export interface Image {
  /** An ext4 image, to be used as a snapshot. */
  readonly disk: string;
  readonly privateKeyPath: string;
  /** `ssh-ed25519 …`, the only host key that the guest has. */
  readonly hostKey: string;
}

/** Makes the image, or finds it in the cache. Needs root for a minute when it is made. */
export async function getImage(): Promise<Image> {
  const files = (await readdir(rootfs)).sort();
  const recipe = createHash('sha256').update(JSON.stringify([SUITE, packages, files]));
  for (const file of files) recipe.update(await readFile(join(rootfs, file)));
  const folder = await cached(`image-${recipe.digest('hex').slice(0, 12)}`, makeImage);
  const [type, key] = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ');
  return {
    disk: join(folder, 'root.ext4'),
    privateKeyPath: join(folder, 'client'),
    hostKey: `${String(type)} ${String(key)}`,
  };
}

async function makeImage(folder: string): Promise<void> {
  console.error('making the guest image');
  await ensurePackages(['debootstrap', 'debian-archive-keyring', 'e2fsprogs', 'openssh-client']);
  for (const name of ['client', 'host']) {
    await run('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      '',
      '-C',
      `guest ${name}`,
      '-f',
      join(folder, name),
    ]);
  }
  const mirror = await (
    await privateApt([SUITE])
  ).run('apt-get', [...['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages']]);
  const tree = join(folder, 'tree');
  const disk = join(folder, 'root.ext4');
  try {
    const options = ['--variant=minbase', `--include=${packages.join()}`];
    await runAsRoot('debootstrap', [...options, SUITE, tree, mirror.trim()]);
    await runAsRoot('install', ['-d', join(tree, 'etc/guest')]);
    const guestFiles = (await readdir(rootfs)).map((file) => join(rootfs, file));
    const keys = ['client.pub', 'host', 'host.pub'].map((file) => join(folder, file));
    await runAsRoot('cp', [...guestFiles, ...keys, join(tree, 'etc/guest')]);
    await runAsRoot('chroot', [tree, '/bin/sh', '/etc/guest/setup']);
    await runAsRoot('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', tree, disk, '2G']);
    await runAsRoot('chown', [String(process.getuid?.()), disk]);
  } finally {
    await runAsRoot('rm', ['-rf', '--one-file-system', tree]);
  }
}
