import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { quoted } from '../../inert';
import { Problem } from '../../problem';
import { throwIfAborted } from '../abort';
import type { Connection, Exit, Process } from '../connection';
import type { ReachOptions } from '../login/reachOptions';
import { uploadByCat } from '../upload';
import { login, type Login } from './login';

/** How long ssh may take to say goodbye, milliseconds. */
const GOODBYE_MS = 2000;
/** ssh ends with 255 when a program does and when the connection is lost: then the tether ends too, within this time. */
const TOGETHER_MS = 500;

/**
 * Connects to a host by the system's ssh.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG, HOST_ANSWER; Cancelled
 */
export async function openSshConnection(destination: string, options: ReachOptions): Promise<Connection> {
  return new OpenSshConnection(destination, await login(destination, options));
}

class OpenSshConnection implements Connection {
  readonly login: string;
  readonly lost: Promise<Error>;
  readonly #running = new Set<ChildProcessWithoutNullStreams>();
  /** Settles when the connection has ended, whatever way. */
  readonly #over: Promise<void>;
  #gone: Problem | undefined;
  #disposed = false;

  constructor(
    readonly label: string,
    private readonly ssh: Login,
  ) {
    this.login = ssh.id;
    this.#over = new Promise((resolve) => {
      const end = () => {
        this.#gone ??= this.#problem();
        ssh.cleanUp();
        resolve();
      };
      if (ssh.tether.exitCode !== null || ssh.tether.signalCode !== null) end();
      else ssh.tether.once('close', end);
    });
    this.lost = new Promise((resolve) => {
      void this.#over.then(() => {
        if (!this.#disposed && this.#gone) resolve(this.#gone);
      });
    });
  }

  async exec(command: string, signal?: AbortSignal): Promise<Process> {
    throwIfAborted(signal);
    if (this.#disposed || this.#gone !== undefined) throw this.#gone ?? this.#problem();
    const child = await this.ssh.run(command);
    this.#running.add(child);
    const stop = () => end(child);
    const exit = new Promise<Exit>((resolve) => {
      child.once('close', (code, killedBy) => {
        signal?.removeEventListener('abort', stop);
        this.#running.delete(child);
        void this.#exit(code, killedBy).then(resolve);
      });
    });
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true || this.#hasEnded()) stop();
    throwIfAborted(signal);
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit };
  }

  upload(bytes: Uint8Array, path: string, signal?: AbortSignal): Promise<void> {
    return uploadByCat(this, bytes, path, signal);
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#running.forEach(end);
    // The tether carries the connection, and leaves when nothing else runs over it.
    this.ssh.tether.stdin.end();
    const timer = setTimeout(() => this.ssh.tether.kill(), GOODBYE_MS);
    void this.#over.then(() => clearTimeout(timer));
  }

  #hasEnded(): boolean {
    return this.#disposed || this.#gone !== undefined;
  }

  /** ssh does not tell a signal from the status 255. */
  async #exit(code: number | null, killedBy: NodeJS.Signals | null): Promise<Exit> {
    if (code === null || killedBy !== null) return { kind: 'lost' };
    if (code === 255) await Promise.race([this.#over, sleep(TOGETHER_MS, undefined, { ref: false })]);
    return code === 255 && this.#hasEnded() ? { kind: 'lost' } : { kind: 'code', code };
  }

  #problem(): Problem {
    if (this.#disposed) {
      return new Problem('CONNECTION_LOST', `The connection to ${this.label} was closed.`, 'Start again.');
    }
    const said = this.ssh.said().trim().split(/\r?\n/).at(-1) ?? '';
    const message = `The connection to ${this.label} was lost${said === '' ? '.' : `: ${quoted(said)}`}`;
    return new Problem('CONNECTION_LOST', message, 'Start again when the host can be reached.');
  }
}

/** Ends a program's input and the ssh it runs by; the channel closes with that, and sshd closes the program's pipes. */
function end(child: ChildProcessWithoutNullStreams): void {
  child.stdin.end();
  child.kill();
}
