import { homedir } from 'node:os';
import { posix, win32, type PlatformPath } from 'node:path';

/** Where the user's SSH lives. Tests use a throw-away folder; people have the default. */
export interface SshEnvironment {
  /** What this runs on, as Node names it: it decides how paths look and where ssh and its agent are. */
  readonly platform: NodeJS.Platform;
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
  const { platform = process.platform, env = process.env } = changes;
  const isWindows = platform === 'win32';
  return {
    platform,
    home: (isWindows && env['USERPROFILE']) || homedir(),
    configFile: undefined,
    program: 'ssh',
    env,
    multiplexes: !isWindows,
    ...changes,
  };
}

/** How paths are put together there. */
export const pathsOf = ({ platform }: SshEnvironment): PlatformPath => (platform === 'win32' ? win32 : posix);

/** The user's folder for SSH, against which `Include` resolves relative names. */
export const sshFolder = (environment: SshEnvironment) => pathsOf(environment).join(environment.home, '.ssh');

/** The folder for the SSH of everybody on the machine: SSHDIR in pathnames.h of OpenSSH, and of its port to Windows. */
export const systemFolder = ({ platform, env }: SshEnvironment) =>
  platform === 'win32' ? win32.join(programData(env), 'ssh') : '/etc/ssh';

/** Where Windows keeps what belongs to all users. */
export const programData = (env: NodeJS.ProcessEnv) => env['ProgramData'] ?? 'C:\\ProgramData';

/** Replaces a leading `~/`. `~other/` is left as it is: then the file does not exist, and the log says so. */
export function expandTilde(path: string, environment: SshEnvironment): string {
  const { home } = environment;
  if (path === '~') return home;
  return /^~[/\\]/.test(path) ? pathsOf(environment).join(home, path.slice(2)) : path;
}
