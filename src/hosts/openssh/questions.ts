import { Cancelled } from '../../problem';
import type { Prompts } from '../prompts';
import type { Asker } from '../ssh/asker';
import type { Question } from './askpass';
import { keyRejected } from './failure';

/** The texts with which ssh asks: sshconnect.c, check_host_key(); sshconnect2.c. */
const UNKNOWN_KEY =
  /^The authenticity of host '(\S+)(?: \([^)]*\))?' can't be established\.\s+(\S+) key fingerprint is (SHA256:[^\s.]+)/;
const PASSPHRASE = /^Enter passphrase for key '(.+)': $/s;
const PASSWORD = /^([^\s()]+@\S+)'s password: $/;
/** What the host itself asks; who asks stands in front of it since OpenSSH 8.5. */
const INTERACTIVE = /^\((\S+@\S+)\) (.*)$/s;

const AGAIN = 'That was not accepted. Try again.';

/** Puts ssh's questions to the person, each in its own form, and answers from memory what was asked before. */
export class Questions {
  readonly #answered = new Set<string>();

  constructor(
    private readonly prompts: Prompts,
    private readonly asker: Asker,
    /**
     * Whether a question of ssh can be told from one that a host made up to look like it. If not, nothing is answered
     * from memory.
     */
    private readonly isMarked: boolean,
    /** Told what the person has to do besides answering: touch a security key. */
    private readonly onNotice: (text: string) => void,
  ) {}

  /** Another login begins: what it asks first was not refused before. */
  startOver(): void {
    this.#answered.clear();
  }

  /** @throws Cancelled, Problem HOST_KEY_REJECTED: ssh has to be given up then. */
  async answer({ text, hint }: Question, signal: AbortSignal): Promise<string> {
    if (hint === 'none') {
      this.onNotice(text);
      return untilAborted(signal);
    }
    const [, host, keyType, fingerprint] = UNKNOWN_KEY.exec(text) ?? [];
    if (host !== undefined && keyType !== undefined && fingerprint !== undefined) {
      if (await this.prompts.acceptHostKey({ host, keyType, fingerprint }, signal)) return 'yes';
      throw keyRejected(host, `(${keyType} ${fingerprint}) was not accepted`);
    }
    const key = PASSPHRASE.exec(text)?.[1];
    if (key !== undefined) return this.#secret(`passphrase ${key}`, `Passphrase for key ${key}`);
    const account = PASSWORD.exec(text)?.[1];
    if (account !== undefined) return this.#secret(`password ${account}`, `Password for ${account}`);
    const [, asking = '', asked = text] = INTERACTIVE.exec(text) ?? [];
    if (asking !== '' && /^password:?\s*$/i.test(asked)) {
      return this.#secret(`password ${asking}`, `Password for ${asking}`);
    }
    // Anything else may be good only once: a code, the PIN of a security key.
    const title = `${asked.trim().replace(/:$/, '')}${asking === '' ? '' : ` (${asking})`}`;
    return this.asker.once({ title, detail: '', echo: /\(yes\/no/.test(text) });
  }

  async #secret(id: string, title: string): Promise<string> {
    const again = this.#answered.has(id);
    this.#answered.add(id);
    const request = { title, detail: again ? AGAIN : '', echo: false };
    if (!this.isMarked) return this.asker.once(request);
    if (again) await this.asker.forget(id);
    return this.asker.remembered(id, request);
  }
}

/** ssh ends the program that shows a notice when it is over. */
function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(new Cancelled());
    else signal.addEventListener('abort', () => reject(new Cancelled()), { once: true });
  });
}
