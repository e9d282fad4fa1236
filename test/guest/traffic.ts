import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guest } from './guest';

const script = join(import.meta.dirname, 'traffic.sh');

export interface Traffic {
  /** Ends every flow and takes away the namespaces, the bridge and the masks. */
  stop(): Promise<void>;
}

/**
 * Starts mixed traffic with RPS on in a guest: about a thousand decisions a second, over most pairs of CPUs, on
 * loopback, veth pairs and a bridge. It ends by itself after `seconds`, six hours unless told.
 */
export async function startTraffic(guest: Guest, seconds = 6 * 3600): Promise<Traffic> {
  await guest.run('cat >/run/traffic.sh', { input: await readFile(script) });
  await guest.run(`bash /run/traffic.sh start ${seconds}`);
  return {
    stop: async () => {
      await guest.run('bash /run/traffic.sh stop');
    },
  };
}
