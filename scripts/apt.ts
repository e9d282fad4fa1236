import { locksFolder } from './cache';
import { exclusively } from './exclusively';
import { run, runAsRoot } from './run';

const wait = ['-o', 'DPkg::Lock::Timeout=600', '-y', '-q', '--no-install-recommends'];
const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** Which of `packages` (`name` or `name:arch`) are not installed. */
export async function missingPackages(packages: readonly string[]): Promise<string[]> {
  const installed = await run('sh', [
    '-c',
    `dpkg-query -W -f '\${db:Status-Abbrev} \${Package} \${Package}:\${Architecture}\\n' | sed -n 's/^ii *//p'`,
  ]);
  const have = new Set(installed.split(/\s+/));
  return packages.filter((name) => !have.has(name));
}

/** Installs what is missing of Debian's `packages`; a second call finds nothing to do. */
export async function ensurePackages(packages: readonly string[]): Promise<void> {
  if ((await missingPackages(packages)).length === 0) return;
  await alone(() => install(packages));
}

/** What apt-get or apt-cache says of this machine's own packages. */
export const askApt = (program: 'apt-get' | 'apt-cache', args: readonly string[]): Promise<string> =>
  alone(() => run(program, args));

/** apt waits for nobody who renews the package lists meanwhile, and cannot read them then. */
const alone = <T>(work: () => Promise<T>): Promise<T> => exclusively(locksFolder, 'packages', work);

async function install(packages: readonly string[]): Promise<void> {
  const missing = await missingPackages(packages);
  if (missing.length === 0) return;
  console.error(`installing ${missing.join(' ')}`);
  try {
    await runAsRoot('apt-get', ['update', '-q'], { env });
    await runAsRoot('apt-get', ['install', ...wait, ...missing], { env });
  } catch (cause) {
    const command = `apt-get install ${missing.join(' ')}`;
    throw new Error(`These packages are needed and could not be installed. As root, try: ${command}`, {
      cause,
    });
  }
}
