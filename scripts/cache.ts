import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things that are slow to make are kept between runs and clones. */
export const cacheFolder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'rps-trace');

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/**
 * Returns the path of a cached folder, calling `make` with an empty folder to fill when it is not there yet. Whatever
 * decides its content belongs in `name`. An interrupted `make` leaves nothing that a later call would take for whole.
 */
export async function cached(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(cacheFolder, name);
  if (await exists(folder)) return folder;
  const draft = `${folder}.${process.pid}.tmp`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true });
  try {
    await make(draft);
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}
