import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join, parse, sep } from 'node:path';
import { expandTilde, sshFolder, type SshEnvironment } from './environment';
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

/** The directives of a file, or none when it cannot be read, which OpenSSH does not mind in an Include either. */
export async function readConfigLines(file: string): Promise<ConfigLine[]> {
  return configLines(await readFile(file, 'utf8').catch(() => ''));
}

/** The files that the arguments of an Include name, in order. */
export async function includedFiles(args: readonly string[], environment: SshEnvironment): Promise<string[]> {
  const lists = args.map((arg) => {
    const path = expandTilde(arg, environment.home);
    return expandWildcards(isAbsolute(path) ? path : join(sshFolder(environment), path));
  });
  return (await Promise.all(lists)).flat();
}

/** glob(7) for `*` and `?`, which is what Include lines use. */
async function expandWildcards(path: string): Promise<string[]> {
  const { root } = parse(path);
  let found = [root];
  for (const part of path.slice(root.length).split(sep)) {
    if (/[*?]/.test(part)) {
      const deeper = found.map(async (folder) => {
        const names = await readdir(folder).catch(() => []);
        const visible = names.filter((name) => matchesPattern(name, part) && !name.startsWith('.'));
        return visible.sort().map((name) => join(folder, name));
      });
      found = (await Promise.all(deeper)).flat();
    } else {
      found = found.map((folder) => join(folder, part));
    }
  }
  return found;
}
