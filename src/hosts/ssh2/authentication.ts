import type { AnyAuthMethod } from 'ssh2';
import { quoted } from '../../inert';
import { Cancelled, Problem } from '../../problem';
import type { Log } from '../prompts';
import type { Asker } from '../login/asker';
import type { HostConfig } from '../sshconfig/config';
import type { Identity } from './identities';
import { Interactive, type Sent } from './interactive';
import { loginName } from '../login/loginId';
import { OneKeyAgent } from './oneKeyAgent';

/** Keys offered to a host that accepts passwords too: sshd hangs up after 6 failures (MaxAuthTries). */
const MOST_KEYS = 5;

/** What logging in to one host needs. */
export interface AuthenticationOptions {
  readonly config: HostConfig;
  /** Names the login: see `loginId`. */
  readonly id: string;
  readonly identities: () => Promise<readonly Identity[]>;
  readonly asker: Asker;
  readonly log: Log;
  /** Told when the person cancels, or what is at fault here; the connection is then to be given up. */
  readonly onFailed: (error: unknown) => void;
}

/** Chooses what to try next to log in, in OpenSSH's order: none, keys, keyboard-interactive, password. */
export class Authentication {
  readonly #account: string;
  readonly #tried: string[] = [];
  #offered: readonly string[] = [];
  #identities: Identity[] | undefined;
  #keysTried = 0;
  #rounds = { interactive: 0, password: 0 };
  #askedWhatIsOffered = false;
  #agent: OneKeyAgent | undefined;
  /** What was sent last and may be remembered, until the host says what it makes of it. */
  #sent: Sent | undefined;
  /** Whether a password, or what the host asked, was a step on the way in: what comes after it may be a code. */
  #hasAnswered = false;

  constructor(private readonly options: AuthenticationOptions) {
    const { alias, user } = options.config;
    this.#account = `${user}@${alias}`;
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

  /** The host has let the user in: what was typed last is remembered. */
  succeeded(): Promise<void> {
    return this.#settle(true);
  }

  /** Why the host let nobody in. `said` is the host's last word, if it had one. */
  problem(said: string): Problem {
    const tried = this.#tried.length === 0 ? 'nothing here matches that' : `tried: ${this.#tried.join(', ')}`;
    const offered = this.#offered.length === 0 ? 'no way to log in' : quoted(this.#offered.join(', '));
    return new Problem(
      'AUTH_FAILED',
      `${this.#account} could not log in${said === '' ? '' : ` (${quoted(said)})`}. The host offers ${offered}; ${tried}.`,
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
    await this.#settle(partial);
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

  /** The host has taken what was sent last, or not. */
  async #settle(isTaken: boolean): Promise<void> {
    const sent = this.#sent;
    this.#sent = undefined;
    if (isTaken && sent !== undefined) this.#hasAnswered = true;
    const remembered = sent?.remembered();
    if (remembered === undefined) return;
    const { asker } = this.options;
    if (isTaken) await asker.accepted(remembered.id);
    else if (remembered.isAlone) await asker.refused(remembered.id);
    else await asker.forget(remembered.id);
  }

  #interactive(): AnyAuthMethod | undefined {
    const { asker, config, id, onFailed } = this.options;
    const round = this.#rounds.interactive;
    if (!this.#allows('keyboard-interactive') || round >= config.passwordPrompts) return undefined;
    this.#rounds.interactive++;
    this.#tried.push('keyboard-interactive');
    const interactive = new Interactive(asker, {
      id: this.#hasAnswered ? undefined : `keyboard-interactive ${id}`,
      account: loginName(config),
      isAgain: round > 0,
    });
    this.#sent = interactive;
    return {
      type: 'keyboard-interactive',
      username: config.user,
      prompt: (name, instructions, _language, prompts, finish) => {
        interactive.answer({ name, instructions, prompts }).then(finish, onFailed);
      },
    };
  }

  async #password(): Promise<AnyAuthMethod | undefined> {
    const { asker, config } = this.options;
    const round = this.#rounds.password;
    if (!this.#allows('password') || round >= config.passwordPrompts) return undefined;
    this.#rounds.password++;
    this.#tried.push('password');
    const id = `password ${this.options.id}`;
    this.#sent = { remembered: () => ({ id, isAlone: true }) };
    const password = await asker.remembered(id, {
      title: `Password for ${loginName(config)}`,
      detail: round === 0 ? '' : 'That was not accepted. Try again.',
      echo: false,
    });
    return { type: 'password', username: config.user, password };
  }
}
