import { Client } from 'ssh2';

export interface RunOptions {
  /** Who runs it; root unless told. */
  readonly user?: User;
  readonly input?: string | Buffer;
  /** Seconds, 60 unless told. */
  readonly timeout?: number;
}

export type User = 'root' | 'alice' | 'bob' | 'carol';

export interface Outcome {
  /** 128 + n stands for a signal, as in a shell. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs commands in a guest over one SSH connection per user, kept open because logging in takes seconds there. */
export class Sessions {
  private readonly clients = new Map<User, Promise<Client>>();

  constructor(private readonly login: { host: string; port: number; privateKey: Buffer }) {}

  /** Runs a command by the user's shell. Throws when it takes too long, never for its exit code. */
  async run(command: string, { user = 'root', input, timeout = 120 }: RunOptions = {}): Promise<Outcome> {
    const client = await this.client(user);
    return new Promise((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error) {
          reject(error);
          return;
        }
        const stdout: Buffer[] = [];
        const stderr: Buffer[] = [];
        let code: number | undefined;
        const timer = setTimeout(() => {
          channel.close();
          reject(
            new Error(
              `no end after ${timeout} s: ${command}\n${Buffer.concat([...stdout, ...stderr]).toString()}`,
            ),
          );
        }, timeout * 1000);
        channel.on('data', (chunk: Buffer) => stdout.push(chunk));
        channel.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
        channel.on('exit', (status: number | null) => (code = status ?? 128));
        channel.on('close', () => {
          clearTimeout(timer);
          if (code === undefined) reject(new Error(`the connection broke during: ${command}`));
          else
            resolve({
              code,
              stdout: Buffer.concat(stdout).toString(),
              stderr: Buffer.concat(stderr).toString(),
            });
        });
        channel.end(input);
      });
    });
  }

  async end(): Promise<void> {
    for (const client of await Promise.allSettled(this.clients.values())) {
      if (client.status === 'fulfilled') client.value.end();
    }
  }

  private client(user: User): Promise<Client> {
    const open = this.clients.get(user) ?? this.connect(user);
    this.clients.set(user, open);
    return open;
  }

  private connect(user: User): Promise<Client> {
    const client = new Client();
    const forget = () => this.clients.delete(user);
    return new Promise((resolve, reject) => {
      client.on('ready', () => resolve(client));
      client.on('error', reject);
      client.on('close', forget);
      client.connect({ ...this.login, username: user, readyTimeout: 60_000 });
    });
  }
}
