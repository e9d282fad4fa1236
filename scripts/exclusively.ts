import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Does some work while no other process does work of this name, and waits until that has ended. flock(1) holds the lock, in
 * a file in `folder`, for as long as its stdin is open: so it ends with this process, however that ends.
 */
export async function exclusively<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  const holder = spawn('flock', [file, 'sh', '-c', 'echo; exec cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => {
        throw new Error(`flock could not lock ${file}`);
      }),
    ]);
    return await work();
  } finally {
    holder.stdin.end();
  }
}
