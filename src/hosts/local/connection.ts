import { spawn, type ChildProcess } from 'node:child_process';
import { hostname } from 'node:os';
import { Problem } from '../../problem';
import { throwIfAborted } from '../abort';
import type { Connection, Exit, Process } from '../connection';
import { machineName } from '../machine';
import { uploadByCat } from '../upload';

/** How long a program may take to leave after its stdin was closed, milliseconds. */
const GRACE_MS = 3000;

/**
 * This machine. Commands are run by /bin/sh, each in its own process group.
 * @throws Problem NOT_LINUX where there is no kernel to trace.
 */
export function localConnection(): Connection {
  if (process.platform !== 'linux') {
    throw new Problem(
      'NOT_LINUX',
      'This machine does not run Linux, so it has no get_rps_cpu() to trace.',
      'Choose a Linux host of your SSH configuration, or type user@host.',
    );
  }
  return new LocalConnection();
}

class LocalConnection implements Connection {
  readonly label = `this host (${hostname()})`;
  readonly login = `local ${machineName()}`;
  /** The machine that runs this cannot be lost. */
  readonly lost = new Promise<Error>(() => undefined);
  readonly #running = new Set<ChildProcess>();
  #disposed = false;

  async exec(command: string, signal?: AbortSignal): Promise<Process> {
    throwIfAborted(signal);
    if (this.#isDisposed()) {
      throw new Problem('CONNECTION_LOST', 'The connection to this host was closed.', 'Start again.');
    }
    const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe', detached: true });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (cause) =>
        reject(
          new Problem('HOST_ANSWER', `/bin/sh could not be started: ${cause.message}`, 'Look at the log.'),
        ),
      );
    });
    this.#running.add(child);
    const stop = () => end(child);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted === true || this.#isDisposed()) stop();
    const exit = new Promise<Exit>((resolve) => {
      child.once('close', (code, killedBy) => {
        signal?.removeEventListener('abort', stop);
        this.#running.delete(child);
        resolve(killedBy === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal: killedBy });
      });
    });
    return { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, exit };
  }

  upload(bytes: Uint8Array, path: string, signal?: AbortSignal): Promise<void> {
    return uploadByCat(this, bytes, path, signal);
  }

  #isDisposed(): boolean {
    return this.#disposed;
  }

  dispose(): void {
    this.#disposed = true;
    this.#running.forEach(end);
  }
}

/** Closes a program's stdin; if it has not left after the grace period, its whole group is killed. */
function end(child: ChildProcess): void {
  child.stdin?.on('error', () => undefined).end();
  const timer = setTimeout(() => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It left in this moment, or it runs as root and leaves by the end of its stdin.
    }
  }, GRACE_MS);
  timer.unref();
  child.once('close', () => clearTimeout(timer));
}
