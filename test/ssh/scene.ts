import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../scripts/run';
import type { SshClientChoice } from '../../src/hosts/openssh/choose';
import type { Connection } from '../../src/hosts/connection';
import { openConnection } from '../../src/hosts/open';
import type { Log, Prompts, SecretRequest, UnknownHostKey } from '../../src/hosts/prompts';
import { execText } from '../../src/hosts/shell';
import { Secrets } from '../../src/hosts/secrets';

/** A person who answers by a list, and remembers what was asked. An unexpected question is cancelled. */
export class ScriptedPerson implements Prompts {
  readonly asked: SecretRequest[] = [];
  readonly shown: UnknownHostKey[] = [];
  answers: (string | undefined | Promise<string>)[] = [];
  acceptsKeys = true;

  secret(request: SecretRequest): Promise<string | undefined> {
    this.asked.push(request);
    return Promise.resolve(this.answers.shift());
  }

  acceptHostKey: Prompts['acceptHostKey'] = (key) => {
    this.shown.push(key);
    return Promise.resolve(this.acceptsKeys);
  };
}

/** A person's home with its own SSH configuration, and the connections made from there. */
export class Scene {
  readonly person = new ScriptedPerson();
  readonly secrets = new Secrets();
  readonly steps: string[] = [];
  client: SshClientChoice = 'auto';
  multiplexes = true;
  platform: NodeJS.Platform = process.platform;
  env: NodeJS.ProcessEnv = { ...process.env, SSH_AUTH_SOCK: undefined };
  #log = '';
  readonly #connections: Connection[] = [];

  static async create(): Promise<Scene> {
    const home = await mkdtemp(join(tmpdir(), 'rps-home-'));
    await mkdir(join(home, '.ssh'), { mode: 0o700 });
    return new Scene(home);
  }

  private constructor(readonly home: string) {}

  get configFile(): string {
    return this.path('config');
  }

  get knownHosts(): string {
    return this.path('known_hosts');
  }

  /** Keeps what is logged. */
  get logger(): Log {
    const write = (message: string) => (this.#log += `${message}\n`);
    return { info: write, warn: write, error: write };
  }

  /** Everything that was logged. */
  get log(): string {
    return this.#log;
  }

  /** A file in `~/.ssh`. */
  path(name: string): string {
    return join(this.home, '.ssh', name);
  }

  /** Writes the SSH configuration; what it does not say about keys and known hosts stays in this home. */
  async configure(text: string): Promise<void> {
    const rest = `Host *\n  UserKnownHostsFile ${this.knownHosts}\n  GlobalKnownHostsFile none\n`;
    await writeFile(this.configFile, `${text}\n${rest}`);
  }

  /** Describes `web`, which listens on this machine; `first` stands before it. */
  configureWeb(
    { port }: { readonly port: number },
    user: string,
    lines: readonly string[] = [this.identity('id')],
    first = '',
  ): Promise<void> {
    const web = ['Host web', 'HostName 127.0.0.1', `Port ${port}`, `User ${user}`, ...lines];
    return this.configure(`${first}\n${web.join('\n  ')}`);
  }

  /** The line that offers a key of `~/.ssh`. */
  identity(name: string): string {
    return `IdentityFile ${this.path(name)}`;
  }

  /** Logs in to `web` and asks who is there. */
  async whoAmI(): Promise<string> {
    return (await execText(await this.open('web'), 'id -un')).stdout.trim();
  }

  /** Runs an agent that holds `keys` of `~/.ssh`. */
  async withAgent(keys: readonly string[], work: () => Promise<void>): Promise<void> {
    const socket = this.path('agent');
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
    const before = this.env;
    this.env = { ...process.env, SSH_AUTH_SOCK: socket };
    try {
      for (let waited = 0; !existsSync(socket); waited += 20) {
        if (waited > 5000) throw new Error('the agent does not listen');
        await sleep(20);
      }
      for (const key of keys) await run('ssh-add', ['-q', this.path(key)], { env: this.env });
      await work();
    } finally {
      this.env = before;
      agent.kill();
    }
  }

  /** Makes a key pair, and returns its public half. */
  async makeKey(name: string, passphrase = '', ...args: string[]): Promise<string> {
    await run('ssh-keygen', [
      '-q',
      '-t',
      'ed25519',
      '-N',
      passphrase,
      '-C',
      name,
      '-f',
      this.path(name),
      ...args,
    ]);
    return (await readFile(`${this.path(name)}.pub`, 'utf8')).trim();
  }

  async open(destination: string, signal = new AbortController().signal): Promise<Connection> {
    const connection = await openConnection(
      { kind: 'ssh', destination },
      {
        prompts: this.person,
        secrets: this.secrets,
        log: this.logger,
        signal,
        onStep: (step) => this.steps.push(step),
        ssh: {
          home: this.home,
          configFile: this.configFile,
          env: this.env,
          multiplexes: this.multiplexes,
          platform: this.platform,
        },
        client: this.client,
      },
    );
    this.#connections.push(connection);
    return connection;
  }

  async end(): Promise<void> {
    for (const connection of this.#connections) connection.dispose();
    await rm(this.home, { recursive: true, force: true });
  }
}
