import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run } from './run';

const root = fileURLToPath(new URL('..', import.meta.url));
const LARGEST = 3 * 1024 * 1024;

/** Builds everything and returns the path of the one universal VSIX. */
export async function packageExtension(): Promise<string> {
  await run(process.execPath, ['scripts/bundle.mjs'], { cwd: root });
  const { name, version } = z
    .object({ name: z.string(), version: z.string() })
    .parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  await mkdir(join(root, 'dist'), { recursive: true });
  const vsix = join(root, `${name}-${version}.vsix`);
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  await run(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--no-rewrite-relative-links', '--out', vsix],
    { cwd: root },
  );
  const { size } = await stat(vsix);
  if (size > LARGEST) throw new Error(`${vsix} has ${size} bytes, more than ${LARGEST}.`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await packageExtension());
