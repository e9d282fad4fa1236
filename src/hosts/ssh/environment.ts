import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the user's SSH lives. Tests use a throw-away folder; people have the default. */
export interface SshEnvironment {
  /** The folder `~` stands for. */
  readonly home: string;
  /** The configuration to read instead of the user's and the system's, as `ssh -F` does. */
  readonly configFile: string | undefined;
  /** The ssh program that is asked for the configuration. Where there is none, the files are read here. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether that program can share one connection (ControlMaster), which needs Unix sockets with open files in them. */
  readonly multiplexes: boolean;
}

export function sshEnvironment(changes: Partial<SshEnvironment> = {}): SshEnvironment {
  const multiplexes = process.platform !== 'win32';
  return {
    home: homedir(),
    configFile: undefined,
    program: 'ssh',
    env: process.env,
    multiplexes,
    ...changes,
  };
}

/** The user's folder for SSH, against which `Include` resolves relative names. */
export const sshFolder = (environment: SshEnvironment) => join(environment.home, '.ssh');

/** Replaces a leading `~/`. `~other/` is left as it is: then the file does not exist, and the log says so. */
export function expandTilde(path: string, home: string): string {
  return path === '~' ? home : /^~[/\\]/.test(path) ? join(home, path.slice(2)) : path;
}
