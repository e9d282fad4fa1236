import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache';
import { run } from './run';

/** Debian's packages of any suite and architecture, without a change to this machine's own sources or packages. */
export interface PrivateApt {
  /** Runs apt-get or apt-cache with this configuration and returns its stdout. */
  run(program: 'apt-get' | 'apt-cache', args: readonly string[]): Promise<string>;
  /**
   * Downloads packages and unpacks them into `folder`. `withDependencies`: together with what they depend on and this
   * machine does not have.
   */
  unpack(packages: readonly string[], folder: string, withDependencies?: boolean): Promise<void>;
}

/** The mirror of Debian that this machine uses: other suites come from the same place. */
async function mirror(): Promise<string> {
  const own = process.env['RPS_TRACE_DEBIAN_MIRROR'];
  if (own !== undefined) return own;
  const list = await run('apt-get', [
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
  const today = new Date().toISOString().slice(0, 10);
  const root = await cached(`apt-${suites.join('-')}-${arch}-${today}`, async (folder) => {
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
    unpack: async (packages, folder, withDependencies = false) => {
      const debs = `${folder}.debs`;
      await mkdir(join(debs, 'partial'), { recursive: true });
      try {
        if (withDependencies) {
          const here = [
            '-o',
            `Dir::Cache::archives=${debs}`,
            '-o',
            'Dir::State::Status=/var/lib/dpkg/status',
          ];
          const install = ['install', '-y', '-q', '--download-only', '--no-install-recommends'];
          await run('apt-get', [...base, ...here, ...install, ...packages]);
        } else {
          await run('apt-get', [...base, '-q', 'download', ...packages], { cwd: debs });
        }
        for (const file of await readdir(debs)) {
          if (file.endsWith('.deb')) await run('dpkg', ['-x', join(debs, file), folder]);
        }
      } finally {
        await rm(debs, { recursive: true, force: true });
      }
    },
  };
}

function options(folder: string, arch: string): string[] {
  const settings = {
    'APT::Architecture': arch,
    'APT::Architectures': arch,
    'APT::Sandbox::User': '',
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
