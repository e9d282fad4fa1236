import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ensurePackages } from '../../scripts/apt';
import { cached } from '../../scripts/cache';
import { privateApt } from '../../scripts/privateApt';
import { run, runAsRoot } from '../../scripts/run';
import { traits, type Architecture } from './architecture';
import { closure } from './closure';

const SUITE = 'trixie';
const packages = [
  ...['openssh-server', 'sudo', 'kmod', 'procps', 'busybox-static'],
  ...['iproute2', 'iputils-ping', 'iperf3', 'ethtool', 'tcpdump', 'wireguard-tools'],
  ...['bpftool', 'bpftrace'],
];
/** Those of them that tests of other architectures use, and what debootstrap would have added. */
const foreignPackages = [
  ...[
    'base-passwd',
    'bash',
    'coreutils',
    'findutils',
    'grep',
    'sed',
    'mawk',
    'hostname',
    'perl-base',
    'mount',
  ],
  ...['util-linux', 'openssh-server', 'kmod', 'procps', 'busybox-static'],
  ...['iproute2', 'iputils-ping', 'iperf3', 'ethtool', 'tcpdump', 'wireguard-tools'],
];
const rootfs = join(import.meta.dirname, 'rootfs');
const foreignSetup = join(import.meta.dirname, 'foreign/setup');

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
export async function getImage(arch: Architecture): Promise<Image> {
  const files = (await readdir(rootfs)).sort();
  const native = arch === 'x86_64';
  const recipe = createHash('sha256').update(
    JSON.stringify(native ? [SUITE, packages, files] : [SUITE, foreignPackages, arch, files]),
  );
  for (const file of files) recipe.update(await readFile(join(rootfs, file)));
  if (!native) recipe.update(await readFile(foreignSetup));
  const folder = await cached(`image-${recipe.digest('hex').slice(0, 12)}`, (draft) =>
    makeImage(draft, (tree) => (native ? bootstrap(draft, tree) : unpackForeign(arch, draft, tree))),
  );
  const [type, key] = (await readFile(join(folder, 'host.pub'), 'utf8')).split(' ');
  return {
    disk: join(folder, 'root.ext4'),
    privateKeyPath: join(folder, 'client'),
    hostKey: `${String(type)} ${String(key)}`,
  };
}

async function makeImage(folder: string, fill: (tree: string) => Promise<void>): Promise<void> {
  console.error('making the guest image');
  await ensurePackages(['debootstrap', 'debian-archive-keyring', 'e2fsprogs', 'openssh-client']);
  for (const name of ['client', 'host']) {
    const file = join(folder, name);
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `guest ${name}`, '-f', file]);
  }
  const tree = join(folder, 'tree');
  const disk = join(folder, 'root.ext4');
  try {
    await fill(tree);
    await runAsRoot('mke2fs', ['-q', '-t', 'ext4', '-O', '^has_journal', '-d', tree, disk, '2G']);
    await runAsRoot('chown', [String(process.getuid?.()), disk]);
  } finally {
    await runAsRoot('rm', ['-rf', '--one-file-system', tree]);
  }
}

/** What both kinds of image find in /etc/guest. */
async function guestFiles(folder: string): Promise<string[]> {
  const keys = ['client.pub', 'host', 'host.pub'].map((file) => join(folder, file));
  return [...(await readdir(rootfs)).map((file) => join(rootfs, file)), ...keys];
}

async function bootstrap(folder: string, tree: string): Promise<void> {
  const apt = await privateApt([SUITE]);
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const mirror = await apt.run('apt-get', targets);
  const options = ['--variant=minbase', `--include=${packages.join()}`];
  await runAsRoot('debootstrap', [...options, SUITE, tree, mirror.trim()]);
  await runAsRoot('install', ['-d', join(tree, 'etc/guest')]);
  await runAsRoot('cp', [...(await guestFiles(folder)), join(tree, 'etc/guest')]);
  await runAsRoot('chroot', [tree, '/bin/sh', '/etc/guest/setup']);
}

/**
 * Another architecture's programs cannot be run to set themselves up here: they are unpacked, and what root needs to
 * log in by key is written.
 */
async function unpackForeign(arch: Architecture, folder: string, tree: string): Promise<void> {
  const apt = await privateApt([SUITE], traits[arch].debian);
  await apt.unpack(['base-files'], tree); // first: it makes /bin and its like links into /usr
  await apt.unpack(await closure(apt, foreignPackages), tree);
  const guest = join(tree, 'etc/guest');
  await mkdir(guest);
  for (const file of await guestFiles(folder)) await copyFile(file, join(guest, basename(file)));
  await run('sh', [foreignSetup], { cwd: tree });
  await runAsRoot('chown', ['-R', '0:0', tree]);
}
