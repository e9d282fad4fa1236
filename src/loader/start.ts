import type { Connection } from '../hosts/connection';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import { Problem } from '../problem';
import type { Frame } from '../protocol/frames';
import type { Binaries } from './binaries';
import { place } from './place';
import { LoaderRun } from './run';
import { hashOfFile } from './readBack';
import { doasProblem, noSudo } from './sudo';
import { survey, type Survey } from './survey';

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
  if (host.root === 'doasRefuses') throw doasProblem(label, host.doasSaid);
  const path = await bring(connection, host, options);
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
    if (error instanceof Problem) await options.secrets.forget(sudoSecret(label));
    throw error;
  }
}

/** Returns the path of the loader on the host: of the one that is there and right, or of a new one. */
async function bring(
  connection: Connection,
  { arch, cachedLoader, uncheckedLoader }: Survey,
  { binaries, onStep, signal }: StartOptions,
): Promise<string> {
  if (cachedLoader !== undefined) return cachedLoader;
  if (uncheckedLoader !== undefined) {
    onStep(`Checking the loader on ${connection.label}`);
    if ((await hashOfFile(connection, uncheckedLoader, signal)) === binaries[arch].sha256)
      return uncheckedLoader;
  }
  onStep(`Uploading the loader to ${connection.label}`);
  return place(connection, binaries[arch], signal);
}

const sudoSecret = (label: string) => `sudo ${label}`;

/** The sudo password of a host: from memory the first time, from the person when there is none or it was wrong. */
async function askSudoPassword(
  label: string,
  again: boolean,
  { prompts, secrets, signal }: StartOptions,
): Promise<string | undefined> {
  const id = sudoSecret(label);
  if (again) await secrets.forget(id);
  const known = await secrets.get(id);
  if (known !== undefined) return known;
  const detail = again
    ? 'That password was wrong. Try again.'
    : 'The loader needs root to attach to the kernel.';
  const typed = await prompts.secret({ title: `sudo password on ${label}`, detail, echo: false }, signal);
  if (typed !== undefined) await secrets.set(id, typed);
  return typed;
}
