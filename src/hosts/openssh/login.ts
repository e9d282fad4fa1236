import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quoted } from '../../inert';
import { Problem } from '../../problem';
import { abortable } from '../abort';
import { HostLines } from '../hostLines';
import { Asker } from '../login/asker';
import { hostConfig, type HostConfig } from '../sshconfig/config';
import { ConnectTimer } from '../login/connectTimer';
import type { ReachOptions } from '../login/reachOptions';
import { timedOut } from '../login/unreachable';
import { destinationArgs } from '../sshconfig/destinationArgs';
import { parseDestination } from '../target';
import { Askpass } from './askpass';
import { optionArgs, plainSession, spawnSsh } from './commandLine';
import { changedKey, connectFailure, keyRejected } from './failure';
import { loginsTo, type AskingLogin } from './logins';
import { Questions } from './questions';
import { share } from './share';
import { silent, withoutQuestions } from './silent';

/** How much of what ssh says is kept to explain its end, characters. */
const STDERR_TAIL = 8000;

/** Since this one, what a host asks has its name in front: release notes of OpenSSH 8.5. */
const MARKING_VERSION = 8.5;

/** Has StrictHostKeyChecking=accept-new: release notes of OpenSSH 7.6. */
const ACCEPT_NEW_VERSION = 7.6;

/** Has options for what were flags of the command line, -N and -n: release notes of OpenSSH 8.7. */
const SESSION_VERSION = 8.7;

/** A host that the system's ssh has logged in to. */
export interface Login {
  readonly config: HostConfig;
  /** Names it: see `loginId`. */
  readonly id: string;
  /**
   * The first program on the host, `cat`: it echoes what it is sent, its end is that of the connection, and the
   * connection ends with its stdin, so also when the extension host dies.
   */
  readonly tether: ChildProcessWithoutNullStreams;
  /** The last of what the tether's ssh said. */
  readonly said: () => string;
  /** Starts ssh for another program over this login. */
  readonly run: (command: string) => Promise<ChildProcessWithoutNullStreams>;
  /** Removes what is on this machine for it: the sockets and the program that asks. */
  readonly cleanUp: () => void;
}

/**
 * Logs in by the system's ssh. One connection serves everything: one that the user's own ssh shares already, or a
 * shared one of our own, in a folder closed to others. Where ssh cannot share (Windows), each program is a login; there
 * ssh does not ask anything either.
 * @throws Problem HOST_UNREACHABLE, HOST_KEY_*, AUTH_FAILED, SSH_CONFIG, HOST_ANSWER; Cancelled
 */
export async function login(destination: string, options: ReachOptions): Promise<Login> {
  const { environment, log, onStep } = options;
  onStep(`Connecting to ${destination}`);
  const config = await hostConfig(destination, environment, options.signal);
  const logins = await loginsTo(config, environment, options.signal);
  const version = await sshVersion(environment.program, environment.env);
  const isMarking = version >= MARKING_VERSION;
  const folder = await mkdtemp(join(tmpdir(), 'rps-'));
  const failure = new AbortController();
  const signal = AbortSignal.any([options.signal, failure.signal]);
  const timer = new ConnectTimer(config.connectSeconds, () => failure.abort(timedOut(config)));
  let tether: ChildProcessWithoutNullStreams | undefined;
  let isIn = false;
  const loginsOf = (pid: number): readonly AskingLogin[] => {
    // Once the host has let us in, ssh asks nothing more for this login.
    if (!isMarking || isIn) return [];
    return pid === tether?.pid ? [logins.own] : logins.hops;
  };
  const asker = new Asker(options.prompts, options.secrets, signal);
  const questions = new Questions(options.prompts, asker, loginsOf, (text) => {
    onStep(text);
    log.info(`${destination}: ${text}`);
  });
  const asks = environment.platform !== 'win32';
  let askpass: Askpass | undefined;
  const cleanUp = () => {
    askpass?.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    if (asks) {
      askpass = await Askpass.listen(folder, async (question, gone) => {
        try {
          return await timer.pausedFor(() => questions.answer(question, AbortSignal.any([gone, signal])));
        } catch (error) {
          if (!gone.aborted && !isIn) failure.abort(error);
          throw error;
        }
      });
    }
    const env = askpass?.env ?? silent.env;
    const session = [...plainSession, ...overrides(config, version), ...(askpass ? [] : silent.args)];
    const sharing = await share(config, destination, folder, options);
    const to = destinationArgs(parseDestination(destination), environment);
    const first = await spawnSsh([...session, ...sharing.first, ...to, 'cat'], environment, env);
    tether = first;
    const said = keepTail(first, config, log, (error) => failure.abort(error));
    try {
      await abortable(greeting(first, config, said), signal);
      isIn = true;
      await questions.accepted();
    } catch (error) {
      first.kill();
      throw error;
    }
    const run = (command: string) =>
      spawnSsh([...session, ...sharing.others, ...to, command], environment, env);
    return { config, id: logins.own.id, tether: first, said, run, cleanUp };
  } catch (error) {
    cleanUp();
    throw asks ? error : withoutQuestions(error);
  } finally {
    timer.stop();
  }
}

/** What is changed of the configuration, where this ssh has the option. */
function overrides({ strictHostKeyChecking }: HostConfig, version: number): string[] {
  // Without strict checking ssh goes on with a key that changed or is revoked, only without passwords; sudo's would still
  // be typed. accept-new takes unknown keys as well, and refuses those.
  const isLax = strictHostKeyChecking === 'no' && version >= ACCEPT_NEW_VERSION;
  // Each program is named, and speaks by its stdin.
  const session = { SessionType: 'default', StdinNull: 'no' };
  return optionArgs({
    ...(isLax && { StrictHostKeyChecking: 'accept-new' }),
    ...(version >= SESSION_VERSION && session),
  });
}

/** Logs what ssh says, and returns what gives the last of it. */
function keepTail(
  { stderr }: ChildProcessWithoutNullStreams,
  config: HostConfig,
  log: ReachOptions['log'],
  onRefused: (error: Problem) => void,
): () => string {
  const lines = new HostLines((line) => log.info(`${config.alias}: ssh: ${line}`));
  let tail = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL);
    lines.tell(text);
    // ssh says it line by line, these last. For a host of ProxyJump without strict checking it then goes on.
    const changed = /^Offending .*:\d+\r?\n/m.test(tail) ? changedKey(config, tail) : undefined;
    const isRevoked = /^The .* is marked as revoked/m.test(tail);
    const refused = changed ?? (isRevoked ? keyRejected(config.alias, 'is revoked') : undefined);
    if (refused) onRefused(refused);
  });
  return () => tail;
}

/** Resolves when the host has echoed a mark: then it has let us in, and its shell runs programs. */
function greeting(
  tether: ChildProcessWithoutNullStreams,
  config: HostConfig,
  said: () => string,
): Promise<void> {
  const mark = `rpstrace-${randomBytes(12).toString('hex')}`;
  return new Promise((resolve, reject) => {
    let text = '';
    const listen = (chunk: Buffer) => {
      text = (text + chunk.toString('latin1')).slice(-STDERR_TAIL);
      if (!text.includes(mark)) return;
      tether.stdout.off('data', listen).resume();
      resolve();
    };
    tether.stdout.on('data', listen);
    tether.once('close', (code) => {
      if (code === 255 || code === null) return reject(connectFailure(config, said()));
      const last = (text.trim() || said().trim()).split('\n').at(-1) ?? '';
      const hint = 'Log in by hand and check that the account may run commands.';
      reject(new Problem('HOST_ANSWER', `${config.alias} did not run a program: ${quoted(last)}`, hint));
    });
    tether.stdin.write(`${mark}\n`);
  });
}

/** `OpenSSH_9.2p1 …` is 9.2; 0 when it says something else. */
function sshVersion(program: string, env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    execFile(program, ['-V'], { env, windowsHide: true }, (_error, stdout, stderr) => {
      resolve(Number(/OpenSSH_\D*(\d+\.\d+)/.exec(stderr + stdout)?.[1] ?? 0));
    });
  });
}
