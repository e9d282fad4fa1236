/** Where secrets outlive the window, for people who asked for that. `src/ui` implements it with VS Code's own store. */
export interface Vault {
  get(id: string): Promise<string | undefined>;
  set(id: string, secret: string): Promise<void>;
  forget(id: string): Promise<void>;
}

/**
 * Passwords and passphrases of this window, in memory, so that each is asked for once, and in the vault if there is
 * one. Nothing here is ever logged, or put in an argument or the environment of a program.
 */
export class Secrets {
  readonly #secrets = new Map<string, string>();

  constructor(private readonly vault?: Vault) {}

  /** @param id what the secret opens, for instance `password alice@web-1:22`. */
  async get(id: string): Promise<string | undefined> {
    return this.#secrets.get(id) ?? (await this.vault?.get(id));
  }

  async set(id: string, secret: string): Promise<void> {
    this.#secrets.set(id, secret);
    await this.vault?.set(id, secret);
  }

  /** Drops a secret that proved wrong. */
  async forget(id: string): Promise<void> {
    this.#secrets.delete(id);
    await this.vault?.forget(id);
  }

  /** Drops what this window knows. */
  clear(): void {
    this.#secrets.clear();
  }
}
