import { machineName } from './machine';

/** Where secrets outlive the window, for people who asked for that. `src/ui` implements it with VS Code's own store. */
export interface Vault {
  get(id: string): Promise<string | undefined>;
  set(id: string, secret: string): Promise<void>;
  forget(id: string): Promise<void>;
}

/**
 * Passwords and passphrases of this window that were accepted, in memory, so that each is asked for once, and in the
 * vault if there is one. Nothing here is ever logged, or put in an argument or the environment of a program.
 */
export class Secrets {
  readonly #secrets = new Map<string, string>();
  /** What was accepted once and then refused: it may be a code that is good only once. */
  readonly #unsteady = new Set<string>();

  /** @param machine where the secrets are used: the vault serves several machines. */
  constructor(
    private readonly vault?: Vault,
    private readonly machine = machineName(),
  ) {}

  /** @param id what the secret opens: see `loginId` for those of a login. */
  async get(id: string): Promise<string | undefined> {
    return this.#secrets.get(id) ?? (await this.vault?.get(this.#stored(id)));
  }

  /** Remembers a secret that has opened what `id` names. */
  async set(id: string, secret: string): Promise<void> {
    if (this.#unsteady.has(id)) return;
    this.#secrets.set(id, secret);
    await this.vault?.set(this.#stored(id), secret);
  }

  /** Drops a secret of which nobody knows whether it was refused. */
  async forget(id: string): Promise<void> {
    this.#secrets.delete(id);
    await this.vault?.forget(this.#stored(id));
  }

  /** Drops a secret that was refused. If it had been accepted before, it changes: this window remembers none for `id`. */
  async refuse(id: string): Promise<void> {
    if ((await this.get(id)) !== undefined) this.#unsteady.add(id);
    await this.forget(id);
  }

  /** Drops what this window knows. */
  clear(): void {
    this.#secrets.clear();
    this.#unsteady.clear();
  }

  #stored(id: string): string {
    return JSON.stringify([this.machine, id]);
  }
}
