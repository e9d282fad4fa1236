import { join } from 'node:path';
import { includedFiles, readConfigLines } from './ssh/configLines';
import { sshEnvironment, sshFolder, type SshEnvironment } from './ssh/environment';
import { parseTarget } from './target';

/** The hosts that the user's SSH configuration and what it includes name, in the order of the files. */
export async function sshAliases(changes: Partial<SshEnvironment> = {}): Promise<string[]> {
  const environment = sshEnvironment(changes);
  const file = environment.configFile ?? join(sshFolder(environment), 'config');
  const names = await namesIn(file, environment, []);
  return [...new Set(names)].filter(isHost);
}

/** @param within the files that include this one: one that includes itself is a loop. */
async function namesIn(
  file: string,
  environment: SshEnvironment,
  within: readonly string[],
): Promise<string[]> {
  if (within.includes(file)) return [];
  const lists = (await readConfigLines(file)).map(async ({ keyword, args }) => {
    if (keyword === 'host') return [...args];
    if (keyword !== 'include') return [];
    const files = await includedFiles(args, environment);
    return (
      await Promise.all(files.map((included) => namesIn(included, environment, [...within, file])))
    ).flat();
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
