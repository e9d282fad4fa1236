import { join } from 'node:path';
import { includedFiles, readConfigLines } from './ssh/configLines';
import { sshEnvironment, sshFolder, type SshEnvironment } from './ssh/environment';
import { parseTarget } from './target';

/** How deep Include may nest: OpenSSH's READCONF_MAX_DEPTH. */
const MOST_DEPTH = 16;

/** The hosts that the user's SSH configuration and what it includes name, in the order of the files. */
export async function sshAliases(changes: Partial<SshEnvironment> = {}): Promise<string[]> {
  const environment = sshEnvironment(changes);
  const file = environment.configFile ?? join(sshFolder(environment), 'config');
  const names = await namesIn(file, environment, 0);
  return [...new Set(names)].filter(isHost);
}

async function namesIn(file: string, environment: SshEnvironment, depth: number): Promise<string[]> {
  if (depth > MOST_DEPTH) return [];
  const lists = (await readConfigLines(file)).map(async ({ keyword, args }) => {
    if (keyword === 'host') return [...args];
    if (keyword !== 'include') return [];
    const files = await includedFiles(args, environment);
    return (await Promise.all(files.map((included) => namesIn(included, environment, depth + 1)))).flat();
  });
  return (await Promise.all(lists)).flat();
}

/** Patterns and negations are no hosts; `local` is this host; what `parseTarget` refuses cannot be connected to. */
function isHost(name: string): boolean {
  if (/[*?!]/.test(name)) return false;
  try {
    return parseTarget(name).kind === 'ssh';
  } catch {
    return false;
  }
}
