import type { PrivateApt } from '../../scripts/privateApt';

/** Debian packages and everything they depend on, down to the C library, by name. */
export async function closure(apt: PrivateApt, packages: readonly string[]): Promise<string[]> {
  const plan = await apt.run('apt-get', ['install', '-s', '-q', '--no-install-recommends', ...packages]);
  return [...plan.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []);
}
