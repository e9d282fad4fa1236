import { beforeAll } from 'vitest';
import type { Guest } from './guest';

/** Boots a guest before the tests of a file or of a `describe()`, prepares it, and stops it after them. */
export function bootForTests(
  boot: () => Promise<Guest>,
  prepare: (guest: Guest) => Promise<void> | void,
): void {
  let guest: Guest;
  beforeAll(async () => {
    guest = await boot();
    return () => guest.stop();
  });
  // Apart, so that the guest is stopped when it fails, and nothing else is said when the boot does.
  beforeAll(() => prepare(guest));
}
