import type * as vscode from 'vscode';
import type { Vault } from '../hosts/secrets';

/** All secrets are kept under one key: the store of VS Code 1.90 cannot list its keys, and so could not be emptied. */
const KEY = 'rpsTrace.secrets';

/** VS Code's store of secrets, which the system's keyring encrypts. Used only while the person wants it to be. */
export class SecretVault implements Vault {
  /** One change after the other: each reads what the one before wrote. */
  #changes: Promise<void> = Promise.resolve();

  constructor(
    private readonly storage: vscode.SecretStorage,
    private readonly isWanted: () => boolean,
  ) {}

  async get(id: string): Promise<string | undefined> {
    return this.isWanted() ? (await this.#read()).get(id) : undefined;
  }

  async set(id: string, secret: string): Promise<void> {
    if (this.isWanted()) await this.#change((secrets) => secrets.set(id, secret));
  }

  forget(id: string): Promise<void> {
    return this.#change((secrets) => secrets.delete(id));
  }

  /** Forgets everything, whether the person still wants it to be remembered or not. */
  async clear(): Promise<void> {
    await this.storage.delete(KEY);
  }

  #change(change: (secrets: Map<string, string>) => unknown): Promise<void> {
    this.#changes = this.#changes
      .catch(() => undefined)
      .then(async () => {
        const secrets = await this.#read();
        change(secrets);
        if (secrets.size === 0) await this.storage.delete(KEY);
        else await this.storage.store(KEY, JSON.stringify([...secrets]));
      });
    return this.#changes;
  }

  async #read(): Promise<Map<string, string>> {
    const stored: unknown = JSON.parse((await this.storage.get(KEY)) ?? '[]');
    const entries = Array.isArray(stored) ? stored.filter(isEntry) : [];
    return new Map(entries);
  }
}

function isEntry(entry: unknown): entry is [string, string] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'string';
}
