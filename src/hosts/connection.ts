import type { Readable, Writable } from 'node:stream';

/** How a process on a host ended. `lost` means that the connection went first, so nobody knows. */
export type Exit = { kind: 'code'; code: number } | { kind: 'signal'; signal: string } | { kind: 'lost' };

/** A program running on a host. Consume `stdout` and `stderr`: over SSH they share one window. */
export interface Process {
  /** Ending it is how a program is told to leave: see docs/protocol.md. */
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, never rejects, after stdout and stderr have ended. */
  readonly exit: Promise<Exit>;
}

/**
 * A host on which programs can be run. Nothing above `src/hosts` knows whether it is this machine, ssh2 or OpenSSH.
 * Every method throws a `Problem` with code CONNECTION_LOST when the host is gone, and `Cancelled` when its signal aborts.
 */
export interface Connection {
  /** What a person calls the host: `this host (web-1)`, `alice@web-2:2222`. */
  readonly label: string;
  /** Names the login, not for people: what is remembered of it is remembered under this. See `loginId`. */
  readonly login: string;
  /** Resolves with the cause when the connection ends by anything but `dispose`; stays pending otherwise. */
  readonly lost: Promise<Error>;
  /**
   * Runs `command` through the login shell of the account on the host, without a terminal. Whoever calls this quotes
   * what goes in: see `quote` in `src/hosts/shell.ts`. That shell may be fish or csh: a command is one line of words,
   * and anything that needs sh is given to it, by `sh -c` and `quote` or, if it has several lines, by `sh -s` and stdin.
   *
   * Aborting `signal` while the program starts throws `Cancelled`; after that it ends the program as `dispose` would.
   */
  exec(command: string, signal?: AbortSignal): Promise<Process>;
  /** Writes `bytes` to a new file at `path`, mode 0700. Throws `Problem` UPLOAD_FAILED when the host refuses. */
  upload(bytes: Uint8Array, path: string, signal?: AbortSignal): Promise<void>;
  /** Ends everything that runs over this connection. Never throws. */
  dispose(): void;
}
