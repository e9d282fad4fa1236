import { Cancelled } from '../../problem';
import type { Prompts, SecretRequest } from '../prompts';
import type { Secrets } from '../secrets';

/** Asks the person for secrets during one login, and remembers those that may be remembered once they were accepted. */
export class Asker {
  /** Typed during this login, and not accepted yet. */
  readonly #typed = new Map<string, string>();

  constructor(
    private readonly prompts: Prompts,
    private readonly secrets: Secrets,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks for something that is good only once. @param withdrawn nobody waits for the answer any more @throws Cancelled */
  async once(request: SecretRequest, withdrawn?: AbortSignal): Promise<string> {
    const signal = withdrawn ? AbortSignal.any([this.signal, withdrawn]) : this.signal;
    const answer = await this.prompts.secret(request, signal);
    if (answer === undefined) throw new Cancelled();
    return answer;
  }

  /** Returns the secret that was typed or is remembered under `id`, or asks for it. @throws Cancelled */
  async remembered(id: string, request: SecretRequest, withdrawn?: AbortSignal): Promise<string> {
    const known = this.#typed.get(id) ?? (await this.secrets.get(id));
    if (known !== undefined) return known;
    const answer = await this.once(request, withdrawn);
    this.#typed.set(id, answer);
    return answer;
  }

  /** The secret under `id` was right: if it was typed, it is remembered from now on. An empty one is none. */
  async accepted(id: string): Promise<void> {
    const typed = this.#typed.get(id);
    this.#typed.delete(id);
    if (typed !== undefined && typed !== '') await this.secrets.set(id, typed);
  }

  /** The secret under `id` was wrong. */
  async refused(id: string): Promise<void> {
    this.#typed.delete(id);
    await this.secrets.refuse(id);
  }

  /** Drops the secret under `id`, of which nobody knows whether it was right. */
  async forget(id: string): Promise<void> {
    this.#typed.delete(id);
    await this.secrets.forget(id);
  }
}
