import type { Connection } from '../hosts/connection';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import { Problem, type ProblemCode } from '../problem';
import type { Frame } from '../protocol/frames';
import type { Scope } from '../protocol/scope';
import type { Binaries, Binary } from './binaries';
import { kindNames, place, type Kind } from './place';
import { LoaderRun, type RunOptions } from './run';
import { hashOfFile } from './readBack';
import { doasProblem, noSudo } from './sudo';
import { survey, type Found } from './survey';

export interface BringOptions {
  readonly binaries: Binaries;
  /** The types of a kernel that does not tell them itself. They are left here where the kernel does. */
  readonly btf: Binary | undefined;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Tells a person what is being waited for. */
  readonly onStep: (step: string) => void;
}

/** A loader that is on a host, and how it is started there. */
export type Placed = Pick<RunOptions, 'path' | 'btf' | 'root'>;

/**
 * Brings the loader of the host's architecture to the host unless it is there already.
 * @throws Problem, Cancelled: whatever its steps throw
 */
export async function bringLoader(connection: Connection, options: BringOptions): Promise<Placed> {
  const { binaries, log, onStep, signal } = options;
  const { label } = connection;
  onStep(`Looking at ${label}`);
  const host = await survey(connection, binaries, options.btf, signal);
  log.info(`${label}: ${host.arch}, root: ${host.root}, loader: ${host.loader.cached ?? 'to be uploaded'}`);
  if (host.root === 'none') throw noSudo(label);
  if (host.root === 'doasRefuses') throw doasProblem(label, host.doasSaid);
  const path = await bring(connection, 'rpstrace', binaries[host.arch], host.loader, options);
  let btf: string | undefined;
  if (options.btf && host.tellsTypes) {
    log.info(`${label}: its kernel tells its types itself, so rpsTrace.btf is not used`);
  } else if (options.btf) {
    btf = await bring(connection, 'btf', options.btf, host.btf, options);
  }
  return { path, btf, root: host.root };
}

/** Returns the path of a file on the host: of the one that is there and right, or of a new one. */
async function bring(
  connection: Connection,
  kind: Kind,
  binary: Binary,
  { cached, unchecked }: Found,
  { onStep, signal }: BringOptions,
): Promise<string> {
  if (cached !== undefined) return cached;
  if (unchecked !== undefined) {
    onStep(`Checking the ${kindNames[kind]} on ${connection.label}`);
    if ((await hashOfFile(connection, unchecked, signal)) === binary.sha256) return unchecked;
  }
  onStep(`Uploading the ${kindNames[kind]} to ${connection.label}`);
  return place(connection, kind, binary, signal);
}

export interface StartOptions {
  readonly intervalMs: number;
  readonly scope: Scope;
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly onStep: (step: string) => void;
  readonly onFrame: (frame: Frame) => void;
  readonly onBadLine: (reason: string) => void;
}

/**
 * Starts a loader as root; resolves when it counts.
 * @throws Problem, Cancelled: see `LoaderRun.start`
 */
export async function startLoader(
  connection: Connection,
  placed: Placed,
  options: StartOptions,
): Promise<LoaderRun> {
  const { label } = connection;
  options.onStep(`Starting the loader on ${label}`);
  const runOptions = {
    ...options,
    ...placed,
    askPassword: (again: boolean) => askSudoPassword(label, again, options),
    onStderr: (line: string) => options.log.info(`${label}: ${line}`),
  };
  try {
    return await LoaderRun.start(connection, runOptions, options.signal);
  } catch (error) {
    // What sudo did not take must not be tried again in silence. It took what the loader itself answered.
    if (error instanceof Problem && !byLoader.includes(error.code))
      await options.secrets.forget(sudoSecret(label));
    throw error;
  }
}

/** Failures that a loader which runs has told. */
const byLoader: readonly ProblemCode[] = ['LOADER_FAILED', 'FILTER_REFUSED'];

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
