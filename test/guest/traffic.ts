import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guest } from './guest';

/** How long the traffic flows when nothing ends it before, seconds. */
const LONGEST = 4 * 3600;

/** Starts real mixed traffic with RPS on in a guest; returns when it flows. It ends with the guest. */
export async function startTraffic(guest: Guest): Promise<void> {
  const input = await readFile(join(import.meta.dirname, 'traffic.sh'));
  await guest.run(`cat >/root/traffic.sh && bash /root/traffic.sh start ${LONGEST}`, { input });
}
