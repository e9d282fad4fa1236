import { Problem } from '../problem';

/**
 * Root cannot run the loader in the folder where it lies: a file system that takes root for nobody (NFS with root_squash),
 * or that only its account may enter (FUSE without allow_root).
 */
export class Rootless extends Problem {
  constructor(
    label: string,
    readonly folder: string,
    said: string,
  ) {
    super(
      'ROOTLESS_FOLDER',
      `Root cannot run programs in ${folder} on ${label}: ${said}`,
      'NFS with root_squash and FUSE without allow_root keep root out. Let root in there, or make /var/tmp, /tmp or /dev/shm a place for programs.',
    );
  }
}

/**
 * How sudo and doas say that they cannot run a program that the account has just seen as executable: sudo(8) and sudo-rs
 * that it is not found when root may not even look, else execve(2)'s error, as doas(1) does.
 */
const CANNOT_RUN =
  /^(sudo|doas): .*(command not found|invalid command|Permission denied|Operation not permitted)/;

/** What sudo or doas says when it cannot run the loader at `path`; undefined when it says nothing of that. */
export const saidRootless = (path: string, stderr: string): string | undefined =>
  stderr.split('\n').find((line) => CANNOT_RUN.test(line) && line.includes(path));
