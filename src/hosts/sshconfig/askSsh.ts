import { execFile } from 'node:child_process';
import { Problem } from '../../problem';
import { abortError } from '../abort';
import { destinationArgs } from './destinationArgs';
import { presentKeyword } from './options';
import type { Destination } from '../target';
import type { Settings } from './config';
import type { SshEnvironment } from './environment';

/** `Match exec` and name canonicalization may take a while; longer than this and something hangs. */
const ANSWER_MS = 20_000;

/** Answers by environment, of which each start has its own: a host is asked about once, and a Match exec runs once. */
const answers = new WeakMap<SshEnvironment, Map<string, Promise<Settings | undefined>>>();

/**
 * Asks the user's own ssh what its configuration says about a host (`ssh -G`), once for an environment.
 * Returns undefined where there is no ssh program.
 * @throws Problem SSH_CONFIG with what ssh says; Cancelled
 */
export function askSsh(
  asked: Destination,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<Settings | undefined> {
  const known = answers.get(environment) ?? new Map<string, Promise<Settings | undefined>>();
  answers.set(environment, known);
  const args = ['-G', '-T', ...destinationArgs(asked, environment)];
  const key = args.join('\0');
  const answer = known.get(key) ?? runSsh(args, asked.host, environment, signal);
  known.set(key, answer);
  return answer;
}

function runSsh(
  args: readonly string[],
  host: string,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<Settings | undefined> {
  const options = { env: environment.env, signal, timeout: ANSWER_MS, windowsHide: true };
  return new Promise((resolve, reject) => {
    const child = execFile(environment.program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(parseSettings(stdout));
      else if (signal.aborted) reject(abortError(signal));
      else if (error.code === 'ENOENT') resolve(undefined);
      else reject(refused(host, error.killed === true ? 'ssh -G did not answer' : lastLine(stderr), error));
    });
    child.stdin?.end();
  });
}

function parseSettings(text: string): Settings {
  const settings = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, keyword, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (keyword === undefined || value === undefined) continue;
    const present = presentKeyword(keyword);
    const values = settings.get(present);
    if (values) values.push(value);
    else settings.set(present, [value]);
  }
  return settings;
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

function refused(host: string, said: string, cause: Error): Problem {
  return new Problem(
    'SSH_CONFIG',
    `The SSH configuration for ${host} cannot be read: ${said === '' ? cause.message : said}`,
    `Run "ssh -G ${host}" in a terminal and mend what it complains about.`,
    { cause },
  );
}
