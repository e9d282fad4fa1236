import type { HostVerifier } from 'ssh2';

/**
 * Makes ssh2's verifier from a check that returns true, now or later, when the key may be trusted, and throws when not.
 *
 * ssh2 fails open: it refuses a key only on exactly `false`, so an `async` verifier, whose promise is not `false`,
 * lets every key pass. This one is a plain function that returns nothing and always answers with a boolean.
 *
 * A key that needs no question is answered before this returns: when the session keys are renewed, packets of the new
 * ones may be in the chunk that ssh2 is reading, and it decrypts them at once.
 */
export function hostVerifier(
  check: (key: Buffer) => true | Promise<true>,
  onRefused: (error: unknown) => void,
): HostVerifier {
  return (key, verify) => {
    const answer = (trusted: unknown) => verify(trusted === true);
    const refuse = (error: unknown) => {
      try {
        onRefused(error);
      } finally {
        verify(false);
      }
    };
    let trusted: unknown;
    try {
      trusted = check(key);
    } catch (error) {
      refuse(error);
      return;
    }
    if (trusted instanceof Promise) trusted.then(answer, refuse).catch(onRefused);
    else answer(trusted);
  };
}
