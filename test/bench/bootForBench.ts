import { buildLoader } from '../../scripts/build-loader';
import { bootGuest, type Guest, type GuestOptions } from '../guest/guest';
import { putLoader } from '../guest/loaderRun';

/** A guest that has the loader, and a folder with a pipe for its stdin. */
export async function bootForBench(options: GuestOptions = {}): Promise<Guest> {
  await buildLoader();
  const guest = await bootGuest(options);
  await putLoader(guest);
  await guest.run('mkdir /tmp/bench; mkfifo /tmp/bench/stdin');
  return guest;
}
