import { Problem } from '../../problem';
import { includedFiles, readConfigLines } from './configLines';
import { pathsOf, sshEnvironment, sshFolder, type SshEnvironment } from './environment';
import { parseTarget } from '../target';

/** Hosts that can be offered, and which files could not be read for more of them. */
export interface Aliases {
  readonly hosts: readonly string[];
  readonly problems: readonly Problem[];
}

/** The hosts that the user's SSH configuration and what it includes name, in the order of the files. */
export async function sshAliases(changes: Partial<SshEnvironment> = {}): Promise<Aliases> {
  const environment = sshEnvironment(changes);
  const file = environment.configFile ?? pathsOf(environment).join(sshFolder(environment), 'config');
  const problems: Problem[] = [];
  const names = await namesIn(file, environment, [], problems);
  return { hosts: [...new Set(names)].filter(isHost), problems };
}

/** @param within the files that include this one: one that includes itself is a loop. */
async function namesIn(
  file: string,
  environment: SshEnvironment,
  within: readonly string[],
  problems: Problem[],
): Promise<string[]> {
  if (within.includes(file)) return [];
  const lines = await readConfigLines(file).catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
    problems.push(error);
    return [];
  });
  const lists = lines.map(async ({ keyword, args }) => {
    if (keyword === 'host') return [...args];
    if (keyword !== 'include') return [];
    const files = await includedFiles(args, environment);
    return (
      await Promise.all(files.map((included) => namesIn(included, environment, [...within, file], problems)))
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
