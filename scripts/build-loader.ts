import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { machine } from 'node:os';
import { join } from 'node:path';
import { ensurePackages } from './apt';
import { cached } from './cache';
import { run } from './run';

/** `npm run build:loader`: makes dist/loader/rpstrace-x86_64 and dist/loader/rpstrace-aarch64, static and stripped. */

const architectures = ['x86_64', 'aarch64'] as const;
type Architecture = (typeof architectures)[number];

/** The same architecture in the words of Debian's package names. */
const debian: Record<Architecture, { name: string; compiler: string }> = {
  x86_64: { name: 'amd64', compiler: 'x86-64' },
  aarch64: { name: 'arm64', compiler: 'aarch64' },
};

const libraries = ['libbpf-dev', 'libelf-dev', 'zlib1g-dev', 'libzstd-dev'];
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
  return cached(`loader-libraries-${release}-${name}`, async (folder) => {
    const apt = join(folder, 'apt');
    for (const part of ['lists/partial', 'archives/partial', 'deb']) {
      await mkdir(join(apt, part), { recursive: true });
    }
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    const sources = join(apt, 'sources.list');
    await writeFile(sources, `deb [signed-by=${keyring}] http://deb.debian.org/debian ${release} main\n`);
    await writeFile(join(apt, 'status'), '');
    const settings = {
      'APT::Architecture': name,
      'APT::Architectures': name,
      'APT::Sandbox::User': '',
      'Acquire::Languages': 'none',
      'Dir::Etc::SourceList': sources,
      'Dir::Etc::SourceParts': '-',
      'Dir::State::Lists': join(apt, 'lists'),
      'Dir::State::Status': join(apt, 'status'),
      'Dir::Cache': apt,
    };
    const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
    const debs = join(apt, 'deb');
    await run('apt-get', [...options, '-q', 'update']);
    await run('apt-get', [...options, '-q', 'download', ...libraries], { cwd: debs });
    await run('sh', ['-c', `for deb in "$1"/*.deb; do dpkg -x "$deb" "$2"; done`, 'sh', debs, folder]);
    await rm(apt, { recursive: true });
  });
}

async function build(arch: Architecture): Promise<void> {
  const target = `dist/loader/rpstrace-${arch}`;
  const settings = [`ARCH=${arch}`];
  if (arch !== machine()) {
    const folder = await foreignLibraries(arch);
    settings.push(`LIBRARIES=-L${join(folder, 'usr/lib', `${arch}-linux-gnu`)}`);
  }
  await run('make', ['-C', 'bpf', ...settings]);
  const { size } = await stat(target);
  if (size > MOST_BYTES) throw new Error(`${target} has ${size} bytes, more than ${MOST_BYTES}`);
  console.log(`${target}  ${Math.round(size / 1024)} KiB`);
}

await ensurePackages([
  ...tools,
  ...architectures.filter((arch) => arch !== machine()).flatMap(crossTools),
  'debian-archive-keyring',
]);
for (const arch of architectures) await build(arch);
