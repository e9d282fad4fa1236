import type { ClientChannel } from 'ssh2';
import { quoted } from '../../inert';
import { Problem } from '../../problem';
import { abortable, throwIfAborted } from '../abort';
import type { ReachOptions } from '../login/reachOptions';
import type { Connection, Process } from '../connection';
import { uploadByCat } from '../upload';
import { channelProcess } from './channelProcess';
import { reach, type SshClient } from './sshClient';

/**
 * Connects to a host by ssh2. One connection serves everything.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG; Cancelled
 */
export async function sshConnection(destination: string, options: ReachOptions): Promise<Connection> {
  return new SshConnection(destination, await reach(destination, options));
}

class SshConnection implements Connection {
  readonly login: string;
  readonly lost: Promise<Error>;
  #gone: Problem | undefined;
  #disposed = false;

  constructor(
    readonly label: string,
    private readonly ssh: SshClient,
  ) {
    this.login = ssh.id;
    let cause: Error | undefined;
    ssh.client.on('error', (error) => (cause = error));
    this.lost = new Promise((resolve) => {
      ssh.client.once('close', () => {
        this.#gone = this.#lostProblem(cause);
        if (!this.#disposed) resolve(this.#gone);
      });
    });
  }

  async exec(command: string, signal?: AbortSignal): Promise<Process> {
    throwIfAborted(signal);
    const opening = this.#open(command);
    try {
      const { channel, process } = await abortable(opening, signal);
      const close = () => end(channel);
      signal?.addEventListener('abort', close, { once: true });
      void process.exit.then(() => signal?.removeEventListener('abort', close));
      return process;
    } catch (error) {
      // It may still open: then nobody is there who would end it.
      opening.then(
        ({ channel }) => end(channel),
        () => undefined,
      );
      throw error;
    }
  }

  upload(bytes: Uint8Array, path: string, signal?: AbortSignal): Promise<void> {
    return uploadByCat(this, bytes, path, signal);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.ssh.end();
  }

  #open(command: string): Promise<{ channel: ClientChannel; process: Process }> {
    return new Promise((resolve, reject) => {
      if (this.#disposed || this.#gone !== undefined)
        return reject(this.#gone ?? this.#lostProblem(undefined));
      try {
        this.ssh.client.exec(command, (error, channel) => {
          if (error !== undefined) return reject(this.#gone ?? this.#refused(error));
          // A program may have ended in this very packet: its exit is listened for now, not a turn later.
          resolve({ channel, process: channelProcess(channel) });
        });
      } catch (error) {
        reject(this.#lostProblem(error));
      }
    });
  }

  #refused(cause: Error): Problem {
    const message = `${this.label} did not start a program: ${quoted(cause.message)}`;
    return new Problem(
      'HOST_ANSWER',
      message,
      'The account may be limited to other uses, or MaxSessions reached.',
      {
        cause,
      },
    );
  }

  #lostProblem(cause: unknown): Problem {
    if (this.#disposed)
      return new Problem('CONNECTION_LOST', `The connection to ${this.label} was closed.`, 'Start again.');
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    const hint = 'Start again when the host can be reached.';
    return new Problem('CONNECTION_LOST', `The connection to ${this.label} was lost${why}.`, hint, { cause });
  }
}

/** Ends a program's input and its channel; sshd then closes the program's pipes. */
function end(channel: ClientChannel): void {
  channel.end();
  channel.close();
}
