import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { askApt } from './apt';
import { cached } from './cache';
import { run } from './run';

/** Debian's packages of any suite and architecture, without a change to this machine's own sources or packages. */
export interface PrivateApt {
  /** Runs apt-get or apt-cache with this configuration and returns its stdout. */
  run(program: 'apt-get' | 'apt-cache', args: readonly string[]): Promise<string>;
  /** Downloads packages, without what they depend on, and unpacks them into `folder`. */
  unpack(packages: readonly string[], folder: string): Promise<void>;
}

/** The mirror of Debian that this machine uses: other suites come from the same place. */
async function mirror(): Promise<string> {
  const own = process.env['RPS_TRACE_DEBIAN_MIRROR'];
  if (own !== undefined) return own;
  const list = await askApt('apt-get', [
    'indextargets',
    '--format',
    '$(LABEL) $(REPO_URI)',
    'Created-By: Packages',
  ]);
  const found = /^Debian (\S+)$/m.exec(list)?.[1];
  if (found !== undefined) return found;
  throw new Error(
    'No mirror of Debian is among the package sources of this machine. Name one in RPS_TRACE_DEBIAN_MIRROR, and install debian-archive-keyring.',
  );
}

/** A private apt for `suites`, for instance `['trixie']`. Its lists are fetched once a day. */
export async function privateApt(suites: readonly string[], arch = 'amd64'): Promise<PrivateApt> {
  const name = `apt-${suites.join('-')}-${arch}-`;
  const root = await cached(name + new Date().toISOString().slice(0, 10), async (folder) => {
    await removeOlder(name, folder);
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
    const from = await mirror();
    const lines = suites.map((suite) => `deb [signed-by=${keyring}] ${from} ${suite} main\n`);
    await writeFile(join(folder, 'sources.list'), lines.join(''));
    await writeFile(join(folder, 'nothing-installed'), '');
    await run('apt-get', [...options(folder, arch), '-q', 'update']);
  });
  const base = options(root, arch);
  return {
    run: (program, args) => run(program, [...base, ...args]),
    unpack: async (packages, folder) => {
      const debs = `${folder}.debs`;
      await mkdir(debs, { recursive: true });
      try {
        await run('apt-get', [...base, '-q', 'download', ...packages], { cwd: debs });
        for (const file of await readdir(debs)) {
          if (file.endsWith('.deb')) await run('dpkg', ['-x', join(debs, file), folder]);
        }
      } finally {
        await rm(debs, { recursive: true, force: true });
      }
    },
  };
}

/** Yesterday's lists are of no use any more. */
async function removeOlder(name: string, today: string): Promise<void> {
  const cache = dirname(today);
  const older = (await readdir(cache)).filter((entry) => entry.startsWith(name) && entry !== basename(today));
  for (const entry of older) await rm(join(cache, entry), { recursive: true, force: true });
}

function options(folder: string, arch: string): string[] {
  const settings = {
    'APT::Architecture': arch,
    'APT::Architectures': arch,
    'APT::Sandbox::User': '',
    // A mirror that lags behind still has what its signed lists name.
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Debug::NoLocking': '1',
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '-',
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::Status': join(folder, 'nothing-installed'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}
