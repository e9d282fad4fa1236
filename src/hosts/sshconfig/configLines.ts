import { readdir, readFile } from 'node:fs/promises';
import { Problem } from '../../problem';
import { expandTilde, pathsOf, sshFolder, type SshEnvironment } from './environment';
import { matchesPattern } from './pattern';

/** One directive of an SSH configuration file. */
export interface ConfigLine {
  /** In lower case. */
  readonly keyword: string;
  readonly args: readonly string[];
  /** The line as it stands in the file. */
  readonly text: string;
}

/** Takes a file's text apart as OpenSSH's readconf.c does: `keyword args` or `keyword=args`, with double quotes. */
export function configLines(text: string): ConfigLine[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, keyword, rest] = /^\s*([^\s=#]+)\s*(?:=\s*|\s)?(.*)$/.exec(line) ?? [];
    if (keyword === undefined || rest === undefined) return [];
    const args = [...rest.matchAll(/"([^"]*)"|(#.*)|([^\s"]+)/g)]
      .filter((match) => match[2] === undefined)
      .map((match) => match[1] ?? match[3] ?? '');
    return [{ keyword: keyword.toLowerCase(), args, text: line }];
  });
}

/**
 * The directives of a file. One that does not exist has none, as for OpenSSH.
 * @throws Problem SSH_CONFIG when it is there and cannot be read.
 */
export async function readConfigLines(file: string): Promise<ConfigLine[]> {
  try {
    return configLines(await readFile(file, 'utf8'));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw new Problem(
      'SSH_CONFIG',
      `The SSH configuration ${file} cannot be read: ${message}`,
      'Make it readable for your account, or remove it where it is included.',
      { cause },
    );
  }
}

/** The files that the arguments of an Include name, in order. */
export async function includedFiles(args: readonly string[], environment: SshEnvironment): Promise<string[]> {
  const lists = args.map((arg) => {
    const paths = pathsOf(environment);
    const path = expandTilde(arg, environment);
    return expandWildcards(
      paths.isAbsolute(path) ? path : paths.join(sshFolder(environment), path),
      environment,
    );
  });
  return (await Promise.all(lists)).flat();
}

/** glob(7) for `*` and `?`, which is what Include lines use. */
async function expandWildcards(path: string, environment: SshEnvironment): Promise<string[]> {
  const paths = pathsOf(environment);
  const { root } = paths.parse(path);
  let found = [root];
  for (const part of path.slice(root.length).split(paths.sep === '/' ? '/' : /[\\/]/)) {
    if (/[*?]/.test(part)) {
      const deeper = found.map(async (folder) => {
        const names = await readdir(folder).catch(() => []);
        const visible = names.filter((name) => matchesPattern(name, part) && !name.startsWith('.'));
        return visible.sort().map((name) => paths.join(folder, name));
      });
      found = (await Promise.all(deeper)).flat();
    } else {
      found = found.map((folder) => paths.join(folder, part));
    }
  }
  return found;
}
