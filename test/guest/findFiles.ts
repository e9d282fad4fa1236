import { run } from '../../scripts/run';

/** Paths of the files below `folder` whose path matches find's `-path` pattern. */
export async function findFiles(folder: string, pattern: string): Promise<string[]> {
  const found = await run('find', [folder, '-type', 'f', '-path', pattern]);
  return found.split('\n').filter((path) => path !== '');
}
