import type { Prompt } from 'ssh2';
import type { Asker } from '../login/asker';

/** An answer that a host has been sent and that may be remembered. */
export interface Sent {
  /** What it is remembered under, and whether nothing else was asked, so that a refusal means it; undefined for none. */
  remembered(): { readonly id: string; readonly isAlone: boolean } | undefined;
}

/** One SSH_MSG_USERAUTH_INFO_REQUEST, untrusted text: RFC 4256, section 3.2. */
export interface InfoRequest {
  readonly name: string;
  readonly instructions: string;
  readonly prompts: readonly Prompt[];
}

/** The only prompt for an account's password that is known as such: that of pam_unix. Codes have prompts like "One-time password". */
const PASSWORD = /^password: ?$/i;
/** Most characters of a host's text that are shown. */
const MAX_TEXT = 1000;

/**
 * One attempt to log in by keyboard-interactive: the host may ask anything, in several requests. A host cannot be told
 * from its words to ask for a password and not for a code that is good once. So an answer is remembered only when the
 * host says nothing but "Password:", hides what is typed, and has asked nothing before.
 */
export class Interactive implements Sent {
  #requests = 0;
  /** Whether the first request was for the password. */
  #hasPassword = false;
  /** A request for the password came after another one: which of them were refused, nobody knows. */
  #isUnclear = false;

  constructor(
    private readonly asker: Asker,
    private readonly login: {
      /** What the password is remembered under; undefined when it must not be. */
      readonly id: string | undefined;
      /** The login, as people write it. */
      readonly account: string;
      /** Whether an attempt before this one was refused. */
      readonly isAgain: boolean;
    },
  ) {}

  remembered(): { id: string; isAlone: boolean } | undefined {
    const { id } = this.login;
    if (id === undefined || !this.#hasPassword || this.#isUnclear) return undefined;
    return { id, isAlone: this.#requests === 1 };
  }

  /** Asks the person each question of a request, or answers from memory. @throws Cancelled */
  async answer({ name, instructions, prompts }: InfoRequest): Promise<string[]> {
    const { asker, login } = this;
    const isFirst = this.#requests++ === 0;
    const [only] = prompts;
    const isPassword = prompts.length === 1 && only?.echo !== true && PASSWORD.test(only?.prompt ?? '');
    const detail = login.isAgain && isFirst ? 'That was not accepted.' : '';
    const hostSays = [name, instructions]
      .filter((text) => text !== '')
      .join('\n')
      .slice(0, MAX_TEXT);
    if (isPassword && isFirst && name === '' && instructions === '' && login.id !== undefined) {
      this.#hasPassword = true;
      return [
        await asker.remembered(login.id, { title: `Password for ${login.account}`, detail, echo: false }),
      ];
    }
    if (isPassword && this.#hasPassword && !this.#isUnclear && login.id !== undefined) {
      this.#isUnclear = true;
      await asker.forget(login.id);
    }
    const answers: string[] = [];
    for (const { prompt, echo = false } of prompts) {
      const title = `${prompt.slice(0, MAX_TEXT).trim().replace(/:$/, '')} (${login.account})`;
      answers.push(await asker.once({ title, detail, hostSays, echo }));
    }
    return answers;
  }
}
