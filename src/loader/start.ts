import type { Connection } from '../hosts/connection';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import { Problem } from '../problem';
import type { Frame } from '../protocol/frames';
import type { Binaries } from './binaries';
import { place } from './place';
import { LoaderRun } from './run';
import { noSudo } from './sudo';
import { survey } from './survey';

export interface StartOptions {
  readonly binaries: Binaries;
  readonly intervalMs: number;
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Tells a person what is being waited for. */
  readonly onStep: (step: string) => void;
  readonly onFrame: (frame: Frame) => void;
  readonly onBadLine: (reason: string) => void;
}

/**
 * Brings the loader of the host's architecture to the host unless it is there already, and starts it as root.
 * @throws Problem, Cancelled: whatever its steps throw
 */
export async function startLoader(connection: Connection, options: StartOptions): Promise<LoaderRun> {
  const { binaries, log, onStep, signal } = options;
  const { label } = connection;
  onStep(`Looking at ${label}`);
  const host = await survey(connection, binaries, signal);
  log.info(`${label}: ${host.arch}, root: ${host.root}, loader: ${host.cachedLoader ?? 'to be uploaded'}`);
  if (host.root === 'none') throw noSudo(label);
  if (host.cachedLoader === undefined) onStep(`Uploading the loader to ${label}`);
  const path = host.cachedLoader ?? (await place(connection, binaries[host.arch], signal));
  onStep(`Starting the loader on ${label}`);
  const runOptions = {
    ...options,
    path,
    root: host.root,
    askPassword: (again: boolean) => askSudoPassword(label, again, options),
    onStderr: (line: string) => log.info(`${label}: ${line}`),
  };
  try {
    return await LoaderRun.start(connection, runOptions, signal);
  } catch (error) {
    // What sudo did not take must not be tried again in silence.
    if (error instanceof Problem) options.secrets.forget(sudoSecret(label));
    throw error;
  }
}

const sudoSecret = (label: string) => `sudo ${label}`;

/** The sudo password of a host: from memory the first time, from the person when there is none or it was wrong. */
async function askSudoPassword(
  label: string,
  again: boolean,
  { prompts, secrets, signal }: StartOptions,
): Promise<string | undefined> {
  const id = sudoSecret(label);
  if (again) secrets.forget(id);
  const known = secrets.get(id);
  if (known !== undefined) return known;
  const detail = again
    ? 'That password was wrong. Try again.'
    : 'The loader needs root to attach to the kernel.';
  const typed = await prompts.secret({ title: `sudo password on ${label}`, detail, echo: false }, signal);
  if (typed !== undefined) secrets.set(id, typed);
  return typed;
}
