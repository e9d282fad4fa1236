import { Cancelled } from '../../problem';
import type { Prompts } from '../prompts';
import type { Asker } from '../login/asker';
import type { Question } from './askpass';
import { keyRejected } from './failure';
import type { AskingLogin } from './logins';

/** The texts with which ssh asks: sshconnect.c, check_host_key(); sshconnect2.c. */
const UNKNOWN_KEY =
  /^The authenticity of host '(\S+)(?: \([^)]*\))?' can't be established\.\s+(\S+) key fingerprint is (SHA256:[^\s.]+)/;
const PASSPHRASE = /^Enter passphrase for key '(.+)': $/s;
const PASSWORD = /^([^\s()]+@\S+)'s password: $/;
/** What the host itself asks; who asks stands in front of it since OpenSSH 8.5. */
const INTERACTIVE = /^\((\S+@\S+)\) (.*)$/s;

/** ssh cuts the name of a key file that is longer: then nobody knows which file it is. */
const MAX_KEY_NAME = 100;

/** Most characters of a host's text that are shown. */
const MAX_TEXT = 1000;

const AGAIN = 'That was not accepted. Try again.';
/** For a question that a host may have made up: ssh before 8.5 does not mark those. */
const CAUTION = 'The host itself may be asking this. Do not type what opens something else.';

/**
 * Puts ssh's questions to the person, each in its own form. Only ssh's own questions for a password or a passphrase are
 * answered from memory, and only for the login that they are asked for: what a host asks may be a code.
 */
export class Questions {
  /** By process and text: how often a secret was asked for, how often ssh does that at most, and what it is. */
  readonly #asked = new Map<string, Secret & { readonly times: number }>();

  constructor(
    private readonly prompts: Prompts,
    private readonly asker: Asker,
    /**
     * The logins that the ssh with this process id may be making. None when it is not known, or when its questions
     * cannot be told from those that a host made up to look like them: then nothing is answered from memory.
     */
    private readonly loginsOf: (pid: number) => readonly AskingLogin[],
    /** Told what the person has to do besides answering: touch a security key. */
    private readonly onNotice: (text: string) => void,
  ) {}

  /**
   * The host has let the user in: what was typed is remembered, unless ssh has asked as often as it does. Then it may
   * have gone on to something else because it was wrong.
   */
  async accepted(): Promise<void> {
    for (const { id, times, attempts } of this.#asked.values()) {
      if (id !== undefined && times < attempts) await this.asker.accepted(id);
    }
  }

  /** @throws Cancelled, Problem HOST_KEY_REJECTED: ssh has to be given up then. */
  async answer({ text, hint, pid }: Question, signal: AbortSignal): Promise<string> {
    if (hint === 'none') {
      this.onNotice(text);
      return untilAborted(signal);
    }
    const [, host, keyType, fingerprint] = UNKNOWN_KEY.exec(text) ?? [];
    if (host !== undefined && keyType !== undefined && fingerprint !== undefined) {
      if (await this.prompts.acceptHostKey({ host, keyType, fingerprint }, signal)) return 'yes';
      throw keyRejected(host, `(${keyType} ${fingerprint}) was not accepted`);
    }
    const logins = this.loginsOf(pid);
    const secret = secretOf(text, logins);
    if (secret !== undefined) return this.#secret(secret, `${pid} ${text}`, logins.length > 0);
    const [, asking = '', asked = text] = INTERACTIVE.exec(text) ?? [];
    // It may be good only once: a code, the PIN of a security key.
    const title = `${asked.slice(0, MAX_TEXT).trim().replace(/:$/, '')}${asking === '' ? '' : ` (${asking})`}`;
    return this.asker.once({ title, detail: '', echo: /\(yes\/no/.test(text) });
  }

  async #secret({ id, attempts, title }: Secret, question: string, isOfSsh: boolean): Promise<string> {
    const times = (this.#asked.get(question)?.times ?? 0) + 1;
    this.#asked.set(question, { id, attempts, title, times });
    const request = { title, detail: !isOfSsh ? CAUTION : times > 1 ? AGAIN : '', echo: false };
    if (id === undefined) return this.asker.once(request);
    if (times > 1) await this.asker.refused(id);
    return this.asker.remembered(id, request);
  }
}

/** A secret that ssh asks for itself. */
interface Secret {
  /** What it is remembered under; undefined when nobody knows what it is for. */
  readonly id: string | undefined;
  readonly attempts: number;
  readonly title: string;
}

/** Reads which secret ssh asks for; undefined when it is another question. */
function secretOf(text: string, logins: readonly AskingLogin[]): Secret | undefined {
  const key = PASSPHRASE.exec(text)?.[1];
  if (key !== undefined) {
    const isKnown = logins.length > 0 && Buffer.byteLength(key) < MAX_KEY_NAME;
    const attempts = Math.min(...logins.map((login) => login.attempts));
    return { id: isKnown ? `passphrase ${key}` : undefined, attempts, title: `Passphrase for key ${key}` };
  }
  const account = PASSWORD.exec(text)?.[1];
  if (account === undefined) return undefined;
  const [login, ...others] = logins.filter((each) => each.account === account);
  if (!login || others.length > 0) return { id: undefined, attempts: 0, title: `Password for ${account}` };
  return { id: `password ${login.id}`, attempts: login.attempts, title: `Password for ${login.name}` };
}

/** ssh ends the program that shows a notice when it is over. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(new Cancelled());
    else signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
  });
}
