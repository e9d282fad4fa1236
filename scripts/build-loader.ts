import { readFile, stat } from 'node:fs/promises';
import { machine } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './apt';
import { cached } from './cache';
import { privateApt } from './privateApt';
import { run } from './run';

/** `npm run build:loader`: makes dist/loader/rpstrace-x86_64 and dist/loader/rpstrace-aarch64, static and stripped. */

const architectures = ['x86_64', 'aarch64'] as const;
type Architecture = (typeof architectures)[number];

/** The same architecture in the words of Debian's package names. */
const debian: Record<Architecture, { name: string; compiler: string }> = {
  x86_64: { name: 'amd64', compiler: 'x86-64' },
  aarch64: { name: 'arm64', compiler: 'aarch64' },
};

const libraries = ['libbpf-dev', 'libelf-dev', 'zlib1g-dev', 'libzstd-dev', 'libpcap0.8-dev'];
const tools = ['clang', 'llvm', 'bpftool', 'make', 'gcc', 'libc6-dev', 'linux-libc-dev', ...libraries];
const crossTools = (arch: Architecture) => [
  `gcc-${debian[arch].compiler}-linux-gnu`,
  `libc6-dev-${debian[arch].name}-cross`,
];

/** The loader is uploaded to hosts before the first trace: it stays small. */
const MOST_BYTES = 2 * 1024 * 1024;

/** The Debian release to take another architecture's libraries from: this machine's, so that they suit its tools. */
async function debianRelease(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8');
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1];
  return /^ID=debian$/m.test(release) && codename !== undefined ? codename : 'bookworm';
}

/**
 * Returns a folder with the static libraries of another architecture. They are unpacked, not installed: this machine's
 * own package sources and architectures stay as they are.
 */
async function foreignLibraries(arch: Architecture): Promise<string> {
  const release = await debianRelease();
  const { name } = debian[arch];
  return cached(`loader-libraries-${libraries.length}-${release}-${name}`, async (folder) => {
    const apt = await privateApt([release], name);
    await apt.unpack(libraries, folder);
  });
}

async function build(arch: Architecture): Promise<void> {
  const target = `dist/loader/rpstrace-${arch}`;
  const settings = [`ARCH=${arch}`];
  if (arch !== machine()) {
    const folder = await foreignLibraries(arch);
    settings.push(`LIBRARIES=-L${join(folder, 'usr/lib', `${arch}-linux-gnu`)}`);
  }
  // Test files that run at the same time each begin with this.
  await run('flock', ['bpf', 'make', '-C', 'bpf', ...settings]);
  const { size } = await stat(target);
  if (size > MOST_BYTES) throw new Error(`${target} has ${size} bytes, more than ${MOST_BYTES}`);
  console.log(`${target}  ${Math.round(size / 1024)} KiB`);
}

/** Makes the loaders of every architecture, installing what that needs. A second call has nothing to compile. */
export async function buildLoader(): Promise<void> {
  const foreign = architectures.filter((arch) => arch !== machine());
  await ensurePackages([...tools, ...foreign.flatMap(crossTools), 'debian-archive-keyring']);
  for (const arch of architectures) await build(arch);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLoader();
