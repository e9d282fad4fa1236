import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, open, readFile, rm, writeFile } from 'node:fs/promises';
import type { SshClientChoice } from '../../src/hosts/openssh/choose';
import { Problem } from '../../src/problem';
import type { Account } from './account';
import { Scene } from './scene';
import type { Sshd } from './sshd';

/**
 * What becomes of a connection: it is made without a question, after the question about the key, or not at all. ssh
 * without strict checking makes some `without passwords`, which a sudo password would not be safe on either.
 */
export type Outcome = 'connects' | 'asks' | 'refuses' | 'without passwords';

/** What a client did, and what known_hosts holds then; the salt of a hashed name left out. */
export interface Answer {
  readonly outcome: Outcome;
  /** What a refusal is about. */
  readonly about: 'key' | 'algorithms' | 'configuration' | undefined;
  readonly knownHosts: string;
  /** What it said when it refused. */
  readonly said: string;
}

/** Asks real ssh and the clients of this project the same: whether they would connect to `web`. */
export class HostKeyScene {
  private constructor(
    readonly scene: Scene,
    private readonly account: Account,
    /** Public half of the key that logs in. */
    readonly key: string,
  ) {}

  static async create(account: Account): Promise<HostKeyScene> {
    const scene = await Scene.create();
    const key = await scene.makeKey('id');
    // What ssh asks is answered with yes, and written down.
    await writeFile(scene.path('askpass'), `#!/bin/sh\necho "$1" >>'${scene.path('asked')}'\necho yes\n`);
    await chmod(scene.path('askpass'), 0o755);
    return new HostKeyScene(scene, account, key);
  }

  end(): Promise<void> {
    return this.scene.end();
  }

  /** Makes `web` the server, with lines of ssh_config(5). A HostName among them stands before the server's own. */
  configure(sshd: Sshd, lines: readonly string[]): Promise<void> {
    const isName = (line: string) => line.startsWith('HostName ');
    const own = [this.scene.identity('id'), 'IdentitiesOnly yes'];
    const rest = [...own, ...lines.filter((line) => !isName(line))];
    const first = ['Host web', ...lines.filter(isName)].join('\n');
    return this.scene.configureWeb(sshd, this.account.name, rest, first);
  }

  /** What the system's ssh does. */
  async ssh(knownHosts: string): Promise<Answer> {
    await this.#begin(knownHosts);
    await rm(this.scene.path('asked'), { force: true });
    const ask = { SSH_ASKPASS: this.scene.path('askpass'), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: ':0' };
    // A program of ssh, which holds its stderr, may outlive it: what it says goes to a file.
    const stderr = await open(this.scene.path('stderr'), 'w');
    const child = spawn('ssh', ['-F', this.scene.configFile, 'web', 'true'], {
      env: { ...this.scene.env, ...ask },
      stdio: ['ignore', 'ignore', stderr.fd],
      detached: true,
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    await stderr.close();
    const said = await readFile(this.scene.path('stderr'), 'utf8');
    const asked = await readFile(this.scene.path('asked'), 'utf8').catch(() => '');
    if (code !== 0) return this.#answer('refuses', said, aboutOf(said));
    if (said.includes('to avoid man-in-the-middle')) return this.#answer('without passwords', said, 'key');
    return this.#answer(asked === '' ? 'connects' : 'asks', said);
  }

  /** What a client of this project does. */
  async ours(client: SshClientChoice, knownHosts: string): Promise<Answer> {
    await this.#begin(knownHosts);
    const { scene } = this;
    scene.client = client;
    scene.person.shown.length = 0;
    try {
      (await scene.open('web')).dispose();
      return await this.#answer(scene.person.shown.length === 0 ? 'connects' : 'asks', '');
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { code, message, hint } = error;
      const about =
        code === 'SSH_CONFIG' ? 'configuration' : code.startsWith('HOST_KEY') ? 'key' : aboutOf(message);
      return this.#answer('refuses', `${message} ${hint}`, about);
    }
  }

  #begin(knownHosts: string): Promise<void> {
    return writeFile(this.scene.knownHosts, knownHosts);
  }

  async #answer(outcome: Outcome, said: string, about?: Answer['about']): Promise<Answer> {
    const text = await readFile(this.scene.knownHosts, 'utf8');
    return { outcome, about, said, knownHosts: text.replace(/^\|1\|\S+/gm, '|1|') };
  }
}

function aboutOf(said: string): Answer['about'] {
  if (/Host key verification failed|Bad server host key/.test(said)) return 'key';
  return /no matching/.test(said) ? 'algorithms' : undefined;
}
