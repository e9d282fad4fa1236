import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { askApt, ensurePackages } from '../../scripts/apt';
import { cached } from '../../scripts/cache';
import { privateApt } from '../../scripts/privateApt';
import { traits, type Architecture } from './architecture';
import { closure } from './closure';

/** Older ones oops recent kernels under thread=multi while these patch their own text. */
const OLDEST_GOOD = 10;

/** The start of a command line that runs QEMU for guests of an architecture: arguments are appended to it. */
export async function qemuCommand(arch: Architecture): Promise<readonly string[]> {
  const { qemu } = traits[arch];
  const program = `qemu-system-${arch}`;
  const candidate = await askApt('apt-cache', ['policy', qemu]);
  const major = /Candidate: (?:\d+:)?(\d+)\./.exec(candidate)?.[1];
  if (Number(major) >= OLDEST_GOOD) {
    await ensurePackages([qemu]);
    return [program];
  }
  return privateCommand(await cached(`qemu-10-${arch}`, (folder) => fetchPrivate(qemu, folder)), program);
}

/** QEMU with every library it needs, down to the C library: it runs whatever this distribution's versions are. */
async function fetchPrivate(qemu: string, folder: string): Promise<void> {
  console.error(`fetching QEMU 10: ${qemu}`);
  const apt = await privateApt(['trixie']);
  await apt.unpack(await closure(apt, [qemu, 'ipxe-qemu']), folder);
}

async function privateCommand(root: string, program: string): Promise<readonly string[]> {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  const loader = (await readdir(libraries)).find((name) => name.startsWith('ld-linux'));
  if (loader === undefined) throw new Error(`${libraries} has no dynamic loader`);
  const path = [libraries, join(libraries, 'pulseaudio')].join(':');
  const firmware = ['usr/share/qemu', 'usr/share/seabios'].flatMap((folder) => ['-L', join(root, folder)]);
  return [join(libraries, loader), '--library-path', path, join(root, 'usr/bin', program), ...firmware];
}
