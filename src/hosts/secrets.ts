/**
 * Passwords and passphrases of this window, in memory only, so that each is asked for once. Nothing here is ever
 * written, logged, or put in an argument or the environment of a program.
 */
export class Secrets {
  readonly #secrets = new Map<string, string>();

  /** @param id what the secret opens, for instance `password alice@web-1:22`. */
  get(id: string): string | undefined {
    return this.#secrets.get(id);
  }

  set(id: string, secret: string): void {
    this.#secrets.set(id, secret);
  }

  /** Drops a secret that proved wrong. */
  forget(id: string): void {
    this.#secrets.delete(id);
  }

  clear(): void {
    this.#secrets.clear();
  }
}
