import type { HostVerifier } from 'ssh2';

/**
 * Makes ssh2's verifier from a check that returns when the key may be trusted and throws when not.
 *
 * ssh2 fails open: it refuses a key only on exactly `false`, so an `async` verifier, whose promise is not `false`,
 * lets every key pass. This one is a plain function that returns nothing and always answers with a boolean.
 */
export function hostVerifier(
  check: (key: Buffer) => Promise<void>,
  onRefused: (error: unknown) => void,
): HostVerifier {
  return (key, verify) => {
    const answer = async () => {
      let trusted = false;
      try {
        await check(key);
        trusted = true;
      } catch (error) {
        onRefused(error);
      } finally {
        verify(trusted);
      }
    };
    answer().catch(onRefused);
  };
}
