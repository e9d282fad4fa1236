import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exclusively } from './exclusively';

/** Where things that are slow to make are kept between runs and clones. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rps-trace');
/** Where those who make or install the same thing wait for each other. */
export const locksFolder = join(cacheFolder, 'locks');

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Returns the path of a cached folder, calling `make` with an empty folder to fill when it is not there yet; somebody else
 * who is making it is waited for. Whatever decides its content belongs in `name`. An interrupted `make` leaves nothing that
 * a later call would take for whole.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (await exists(folder)) return folder;
  await exclusively(locksFolder, name, async () => {
    if (await exists(folder)) return;
    const draft = `${folder}.tmp`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft);
    try {
      await make(draft);
      await rename(draft, folder);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      throw error;
    }
  });
  return folder;
}
