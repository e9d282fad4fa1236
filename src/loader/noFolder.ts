import { Problem } from '../problem';

/** Longest path that is shown to a person, characters. */
const LONGEST = 200;

/** Why a folder of a host cannot have the loader, by the word with which `findFolder` tells it. */
const reasons: Readonly<Record<string, (folder: string) => string>> = {
  missing: (folder) => `${folder} cannot be made`,
  foreign: (folder) => `${folder} belongs to another account or is a symbolic link`,
  open: (folder) => `${folder} or a folder above it can be changed by other accounts`,
  full: (folder) => `${folder} cannot be written to or is full`,
  noexec: (folder) => `${folder} does not let programs run (noexec)`,
  rootless: (folder) =>
    `${folder} does not let root run programs (NFS with root_squash, or FUSE without allow_root)`,
};

/**
 * The Problem of a host without a folder for the loader.
 * @param told lines `passed REASON FOLDER`, untrusted
 */
export function noFolder(label: string, told: string): Problem {
  const passed = Array.from(told.matchAll(/^passed (\w+) (.*)$/gm), ([, word = '', folder = '']) =>
    Object.hasOwn(reasons, word) ? reasons[word]?.(folder.slice(0, LONGEST)) : undefined,
  ).filter((reason) => reason !== undefined);
  const [home = '?', varTmp = '?', tmp = '?', shm = '?'] = passed.slice(-4);
  return new Problem(
    'UPLOAD_FAILED',
    `${label} has no folder that is closed to other accounts and from which the loader can be run.`,
    `Passed over: ${home}; ${varTmp}; ${tmp}; ${shm}. Mend one of them, and start again.`,
  );
}
