import type { Connection } from '../hosts/connection';
import type { Prompts, SecretRequest } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import { Asker } from '../hosts/login/asker';
import type { OpenQuestion } from './stderr';

/** What sudo says (LC_ALL=C) between a wrong password and the next question: badpass_message in sudoers(5). */
const REFUSED = /Sorry, try again/;
/** Most characters of a host's text that are shown. */
const MAX_TEXT = 1000;

/**
 * Answers what one sudo asks: its password from memory the first time, from the person when there is none or it was
 * wrong; everything else from the person, each time.
 */
export class SudoAnswers {
  readonly #asker: Asker;
  readonly #id: string;
  readonly #label: string;
  #passwords = 0;
  #others = 0;
  /** Asked for more without a word about the password: which of the answers was which, nobody knows. */
  #isUnclear = false;

  constructor(
    { label, login }: Pick<Connection, 'label' | 'login'>,
    {
      prompts,
      secrets,
      signal,
    }: { readonly prompts: Prompts; readonly secrets: Secrets; readonly signal: AbortSignal },
  ) {
    this.#asker = new Asker(prompts, secrets, signal);
    this.#id = `sudo ${login}`;
    this.#label = label;
  }

  /** @throws Cancelled when the person does not answer, or sudo does not wait any longer */
  async answer(question: OpenQuestion): Promise<string> {
    if (question.kind === 'other') {
      this.#others++;
      const hostSays = `${question.before}${question.text}`.trim().slice(-MAX_TEXT);
      const request = { title: `sudo on ${this.#label} asks`, detail: '', hostSays, echo: false };
      return this.#asker.once(request, question.withdrawn);
    }
    const isFirst = this.#passwords++ === 0;
    const isRefused = REFUSED.test(question.before);
    if (!isFirst) {
      this.#isUnclear ||= !isRefused;
      // After a code nobody knows which of the two was wrong.
      if (isRefused && this.#others === 0) await this.#asker.refused(this.#id);
      else await this.#asker.forget(this.#id);
    }
    const request = this.#passwordRequest(isFirst, isRefused);
    if (this.#isUnclear) return this.#asker.once(request, question.withdrawn);
    return this.#asker.remembered(this.#id, request, question.withdrawn);
  }

  /** sudo has started the loader. */
  accepted(): Promise<void> {
    return this.#asker.accepted(this.#id);
  }

  /** sudo gave up because of the password. */
  refused(): Promise<void> {
    return this.#others === 0 && !this.#isUnclear ? this.#asker.refused(this.#id) : this.forget();
  }

  /** What sudo did not take must not be tried again in silence. */
  forget(): Promise<void> {
    return this.#asker.forget(this.#id);
  }

  #passwordRequest(isFirst: boolean, isRefused: boolean): SecretRequest {
    const title = `sudo password on ${this.#label}`;
    if (isFirst) return { title, detail: 'The loader needs root to attach to the kernel.', echo: false };
    if (!isRefused)
      return { title, detail: 'sudo asks for more: for the password again, or for a code.', echo: false };
    const detail =
      this.#others > 0 ? 'That was not accepted. Try again.' : 'That password was wrong. Try again.';
    return { title, detail, echo: false };
  }
}
