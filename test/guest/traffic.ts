import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guest } from './guest';

/** Starts real mixed traffic with RPS on in a guest; returns when it flows. It ends with the guest. */
export async function startTraffic(guest: Guest): Promise<void> {
  await guest.run('sh -s', { input: await readFile(join(import.meta.dirname, 'traffic.sh')) });
}
