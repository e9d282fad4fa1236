import type { AnyAuthMethod, Prompt } from 'ssh2';
import { Cancelled, Problem } from '../../problem';
import type { Log } from '../prompts';
import type { Asker } from './asker';
import type { HostConfig } from './config';
import type { Identity } from './identities';
import { OneKeyAgent } from './oneKeyAgent';

/** Keys offered to a host that accepts passwords too: sshd hangs up after 6 failures (MaxAuthTries). */
const MOST_KEYS = 5;

/** What logging in to one host needs. */
export interface AuthenticationOptions {
  readonly config: HostConfig;
  readonly identities: () => Promise<readonly Identity[]>;
  readonly asker: Asker;
  readonly log: Log;
  /** Told when the person cancels, or what is at fault here; the connection is then to be given up. */
  readonly onFailed: (error: unknown) => void;
}

/** Chooses what to try next to log in, in OpenSSH's order: none, keys, keyboard-interactive, password. */
export class Authentication {
  readonly #account: string;
  readonly #passwordId: string;
  readonly #tried: string[] = [];
  #offered: readonly string[] = [];
  #identities: Identity[] | undefined;
  #keysTried = 0;
  #rounds = { interactive: 0, password: 0 };
  #askedWhatIsOffered = false;
  #agent: OneKeyAgent | undefined;
  #usedPassword = false;

  constructor(private readonly options: AuthenticationOptions) {
    const { alias, hostKeyAlias, hostName, port, user } = options.config;
    this.#account = `${user}@${alias}`;
    this.#passwordId = `password ${user}@${hostKeyAlias ?? hostName}:${port}`;
  }

  /** ssh2's authHandler. `offered` is null before the host has said what it accepts; false gives up. */
  async next(offered: readonly string[] | null, partial: boolean | null): Promise<AnyAuthMethod | false> {
    try {
      return await this.#choose(offered, partial === true);
    } catch (error) {
      this.options.onFailed(error);
      return false;
    }
  }

  /** Why the host let nobody in. `said` is the host's last word, if it had one. */
  problem(said: string): Problem {
    const tried = this.#tried.length === 0 ? 'nothing here matches that' : `tried: ${this.#tried.join(', ')}`;
    const offered = this.#offered.join(', ') || 'no way to log in';
    return new Problem(
      'AUTH_FAILED',
      `${this.#account} could not log in${said === '' ? '' : ` (${said})`}. The host offers ${offered}; ${tried}.`,
      /too many/i.test(said)
        ? 'Name the right key with IdentityFile and IdentitiesOnly in the SSH configuration.'
        : `Check user name, key and password: "ssh ${this.#account}" in a terminal must work.`,
    );
  }

  async #choose(offered: readonly string[] | null, partial: boolean): Promise<AnyAuthMethod | false> {
    const { config } = this.options;
    const none = { type: 'none', username: config.user } as const;
    if (!this.#askedWhatIsOffered) {
      this.#askedWhatIsOffered = true;
      return none;
    }
    if (this.#agent?.signed === true) {
      // The host took the key's signature and wants more. ssh2 does not pass on what, for the method `agent`: ask.
      this.#agent = undefined;
      this.#rounds = { interactive: 0, password: 0 };
      return none;
    }
    this.#offered = offered ?? [];
    if (partial) this.#rounds = { interactive: 0, password: 0 };
    else if (this.#usedPassword) await this.options.asker.forget(this.#passwordId);
    this.#usedPassword = false;
    return (await this.#key()) ?? this.#interactive() ?? (await this.#password()) ?? false;
  }

  #allows(method: string): boolean {
    return this.#offered.includes(method) && this.options.config.methods.has(method);
  }

  async #key(): Promise<AnyAuthMethod | undefined> {
    if (!this.#allows('publickey')) return undefined;
    const most = this.#allows('keyboard-interactive') || this.#allows('password') ? MOST_KEYS : Infinity;
    this.#identities ??= [...(await this.options.identities())];
    while (this.#keysTried < most) {
      const identity = this.#identities.shift();
      if (identity === undefined) return undefined;
      const key = await identity.publicKey();
      if (key === undefined) continue;
      this.#keysTried++;
      this.#tried.push(identity.name);
      this.#agent = new OneKeyAgent(identity, key, (error) => this.#notSigned(identity, error));
      return { type: 'agent', username: this.options.config.user, agent: this.#agent };
    }
    return undefined;
  }

  #notSigned(identity: Identity, error: unknown): void {
    if (error instanceof Cancelled) this.options.onFailed(error);
    else this.options.log.warn(`${this.#account}: ${identity.name} did not sign: ${String(error)}`);
  }

  #interactive(): AnyAuthMethod | undefined {
    const { config, onFailed } = this.options;
    const round = this.#rounds.interactive;
    if (!this.#allows('keyboard-interactive') || round >= config.passwordPrompts) return undefined;
    this.#rounds.interactive++;
    this.#tried.push('keyboard-interactive');
    return {
      type: 'keyboard-interactive',
      username: config.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        const said = [name, instructions, round === 0 ? '' : 'That was not accepted.'].filter(
          (text) => text !== '',
        );
        this.#answer(said.join('\n'), prompts).then(finish, onFailed);
      },
    };
  }

  /** Asks each question. A single one for a password is the account's password; anything else may be good only once. */
  async #answer(detail: string, prompts: readonly Prompt[]): Promise<string[]> {
    const { asker } = this.options;
    const [only] = prompts;
    if (prompts.length === 1 && only?.echo !== true && /password/i.test(only?.prompt ?? '')) {
      return [await this.#accountPassword(detail)];
    }
    const answers: string[] = [];
    for (const { prompt, echo = false } of prompts) {
      const title = `${prompt.trim().replace(/:$/, '')} (${this.#account})`;
      answers.push(await asker.once({ title, detail, echo }));
    }
    return answers;
  }

  async #password(): Promise<AnyAuthMethod | undefined> {
    const { config } = this.options;
    const round = this.#rounds.password;
    if (!this.#allows('password') || round >= config.passwordPrompts) return undefined;
    this.#rounds.password++;
    this.#tried.push('password');
    const password = await this.#accountPassword(round === 0 ? '' : 'That was not accepted. Try again.');
    return { type: 'password', username: config.user, password };
  }

  #accountPassword(detail: string): Promise<string> {
    this.#usedPassword = true;
    const title = `Password for ${this.#account}`;
    return this.options.asker.remembered(this.#passwordId, { title, detail, echo: false });
  }
}
