import { Cancelled } from '../../problem';
import type { Prompts, SecretRequest } from '../prompts';
import type { Secrets } from '../secrets';

/** Asks the person for secrets while one host is being reached, and remembers those that may be remembered. */
export class Asker {
  constructor(
    private readonly prompts: Prompts,
    private readonly secrets: Secrets,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks for something that is good only once. @throws Cancelled */
  async once(request: SecretRequest): Promise<string> {
    const answer = await this.prompts.secret(request, this.signal);
    if (answer === undefined) throw new Cancelled();
    return answer;
  }

  /** Returns the secret that is remembered under `id`, or asks for it and remembers it. @throws Cancelled */
  async remembered(id: string, request: SecretRequest): Promise<string> {
    const known = await this.secrets.get(id);
    if (known !== undefined) return known;
    const answer = await this.once(request);
    await this.secrets.set(id, answer);
    return answer;
  }

  /** Drops a secret that proved wrong. */
  forget(id: string): Promise<void> {
    return this.secrets.forget(id);
  }
}
