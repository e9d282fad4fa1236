import type { Connection } from '../hosts/connection';
import type { Log, Prompts } from '../hosts/prompts';
import type { Secrets } from '../hosts/secrets';
import { Problem, type ProblemCode } from '../problem';
import type { Scope } from '../../shared/scope';
import type { Binary } from './binaries';
import { launchCommand } from './command';
import { FOLDERS, folderOf } from './folders';
import type { FrameListener } from './frameReader';
import { kindNames, place, type Places } from './place';
import { hashOfFile } from './readBack';
import { Rootless } from './rootless';
import { LoaderRun } from './run';
import { doasProblem, noSudo } from './sudo';
import type { OpenQuestion } from './stderr';
import { SudoAnswers } from './sudoPassword';
import type { Found, Kind, Needed, Survey, Verified } from './survey';

export interface StartOptions extends FrameListener {
  readonly needed: Needed;
  /** What an earlier start on this connection found out. */
  readonly verified: Verified;
  readonly intervalMs: number;
  readonly scope: Scope;
  /** It writes masks and guards them; nothing is traced. */
  readonly guard?: boolean;
  readonly prompts: Prompts;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Tells a person what is being waited for. */
  readonly onStep: (step: string) => void;
}

/** A loader that runs, and where its files are on the host. */
export interface Started {
  readonly run: LoaderRun;
  readonly path: string;
  readonly verified: Verified;
  /** Why it does not run as root, and so may read this host but not trace it; undefined when it does. */
  readonly unprivileged: Problem | undefined;
}

/** The account cannot become root, whatever is typed. */
const neverRoot: readonly ProblemCode[] = ['SUDO_MISSING', 'SUDO_NOT_ALLOWED', 'SUDO_NEEDS_TTY'];

/**
 * Starts the loader of the host's architecture as root, and brings it to the host first unless it is there already;
 * resolves when it counts. An account that cannot become root starts it as itself: the settings and the softnet counters
 * of a host are open to everybody.
 * @throws Problem, Cancelled: see `launchCommand`, `LoaderRun.start` and `place`
 */
export async function startLoader(connection: Connection, options: StartOptions): Promise<Started> {
  try {
    return { ...(await startAs(connection, options, false)), unprivileged: undefined };
  } catch (error) {
    if (options.guard || !(error instanceof Problem) || !neverRoot.includes(error.code)) throw error;
    options.log.warn(`${connection.label}: ${error.message} ${error.hint}`);
    return { ...(await startAs(connection, options, true)), unprivileged: error };
  }
}

async function startAs(
  connection: Connection,
  options: StartOptions,
  unprivileged: boolean,
): Promise<Omit<Started, 'unprivileged'>> {
  const { label } = connection;
  const rootless: string[] = [];
  let verified = options.verified;
  for (let isBrought = false; ; isBrought = true) {
    const { run, survey, kept } = await launch(connection, verified, options, unprivileged);
    if (run) return { run, verified, path: survey.loader.cached ?? '' };
    if (kept) {
      options.log.warn(`${kept.message} ${kept.hint}`);
      rootless.push(kept.folder);
      // Each folder is left once; a host that tells of ever new ones is not followed.
      if (rootless.length > FOLDERS) throw kept;
    } else if (isBrought) {
      throw new Problem(
        'HOST_ANSWER',
        `${label} does not start the loader that was brought there.`,
        'Look at the log, and start again.',
      );
    }
    if (!unprivileged && survey.root === 'none') throw noSudo(label);
    if (!unprivileged && survey.root === 'doasRefuses') throw doasProblem(label, survey.doasSaid);
    verified = await bringFiles(connection, survey, rootless, options);
  }
}

interface Launched {
  readonly run: LoaderRun | undefined;
  readonly survey: Survey;
  /** Why root cannot run the loader that is there. */
  readonly kept: Rootless | undefined;
}

async function launch(
  connection: Connection,
  verified: Verified,
  options: StartOptions,
  unprivileged: boolean,
): Promise<Launched> {
  const { label } = connection;
  const { needed, log, onStep, signal } = options;
  const sudo = new SudoAnswers(connection, options);
  let survey: Survey | undefined;
  const runOptions = {
    ...options,
    onSurvey: (told: Survey) => {
      survey = told;
      const { arch, root, loader } = told;
      log.info(`${label}: ${arch}, root: ${root}, loader: ${loader.cached ?? 'to be uploaded'}`);
      if (needed.btf && told.tellsTypes) {
        log.info(`${label}: its kernel tells its types itself, so rpsTrace.btf is not used`);
      }
      if (told.starts) onStep(`Starting the loader on ${label}`);
    },
    answerSudo: (question: OpenQuestion) => sudo.answer(question),
    onStderr: (line: string) => log.info(`${label}: ${line}`),
  };
  try {
    const run = await LoaderRun.start(
      connection,
      launchCommand(needed, verified, { ...options, unprivileged }),
      runOptions,
      signal,
    );
    if (!survey) throw new Error('a run without a survey');
    if (run) await rememberOrStop(run, sudo);
    return { run, survey, kept: undefined };
  } catch (error) {
    if (error instanceof Rootless && survey) {
      // sudo has let this account in; only the file was out of root's reach.
      await sudo.accepted();
      return { run: undefined, survey, kept: error };
    }
    if (error instanceof Problem) await settle(sudo, error.code);
    throw error;
  }
}

/** Remembers the sudo password of a loader that runs; without the place to store it, nothing is left running. */
async function rememberOrStop(run: LoaderRun, sudo: SudoAnswers): Promise<void> {
  try {
    await sudo.accepted();
  } catch (error) {
    run.stop();
    throw error;
  }
}

/** Failures that a loader has told, which runs: sudo has taken the password. */
const fromLoader: readonly ProblemCode[] = ['LOADER_FAILED', 'FILTER_REFUSED'];

/** What a failure tells of the sudo password. */
async function settle(sudo: SudoAnswers, code: ProblemCode): Promise<void> {
  if (fromLoader.includes(code)) await sudo.accepted();
  else if (code === 'SUDO_PASSWORD_WRONG') await sudo.refused();
  else if (code !== 'CONNECTION_LOST') await sudo.forget();
}

async function bringFiles(
  connection: Connection,
  survey: Survey,
  rootless: readonly string[],
  options: StartOptions,
): Promise<Verified> {
  const { binaries, btf } = options.needed;
  const loader = { kind: 'rpstrace', binary: binaries[survey.arch], found: survey.loader } as const;
  const rpstrace = await bring(connection, loader, { rootless }, options);
  if (!btf || survey.tellsTypes) return { rpstrace };
  // What runs from there reads there.
  const places = { first: folderOf(rpstrace), rootless };
  return {
    rpstrace,
    btf: await bring(connection, { kind: 'btf', binary: btf, found: survey.btf }, places, options),
  };
}

/** Returns the path of a file on the host: of the one that is there and right, or of a new one. */
async function bring(
  connection: Connection,
  { kind, binary, found }: { readonly kind: Kind; readonly binary: Binary; readonly found: Found },
  places: Places,
  { onStep, signal }: StartOptions,
): Promise<string> {
  const serves = (path: string) => !places.rootless.includes(folderOf(path));
  if (found.cached !== undefined && serves(found.cached)) return found.cached;
  if (found.unchecked !== undefined && serves(found.unchecked)) {
    onStep(`Checking the ${kindNames[kind]} on ${connection.label}`);
    if ((await hashOfFile(connection, found.unchecked, signal)) === binary.sha256) return found.unchecked;
  }
  onStep(`Uploading the ${kindNames[kind]} to ${connection.label}`);
  return place(connection, kind, binary, places, signal);
}
