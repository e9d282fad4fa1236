import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Exit } from '../hosts/connection';
import { Problem } from '../problem';
import { folderOf } from './folders';
import type { FrameReader } from './frameReader';
import type { Preamble } from './preamble';
import { Rootless, saidRootless } from './rootless';
import type { Stderr } from './stderr';
import { sudoProblem } from './sudo';

/** How long a connection may take to say why it was lost, after its programs; milliseconds. */
const CAUSE_MS = 500;

/** How a run of the loader ended. */
export type Ending =
  { readonly kind: 'end'; readonly reason: string } | { readonly kind: 'failed'; readonly error: Error };

/** What a process said until it ended. */
export interface Said {
  readonly preamble: Preamble;
  readonly frames: FrameReader;
  readonly stderr: Stderr;
  /** Path of the loader that was to be run; undefined when none was. */
  readonly loader: string | undefined;
}

/** Says how a process ended that was to be a loader on a host, from its exit and what it said. */
export async function endingOf({ label, lost }: Connection, exit: Exit, said: Said): Promise<Ending> {
  const { error, end } = said.frames;
  if (error) return { kind: 'failed', error };
  if (end !== undefined) return { kind: 'end', reason: end };
  if (exit.kind !== 'lost') return { kind: 'failed', error: explainDeath(label, exit, said) };
  const cause = await Promise.race([lost, sleep(CAUSE_MS, undefined, { ref: false })]);
  const message = cause?.message ?? `The connection to ${label} was lost.`;
  const hint = 'The loader leaves by itself. Start again when the host can be reached.';
  return { kind: 'failed', error: new Problem('CONNECTION_LOST', message, hint) };
}

/** Why it ended that has not said so itself. */
function explainDeath(
  label: string,
  exit: Exclude<Exit, { kind: 'lost' }>,
  { preamble, frames, stderr, loader }: Said,
): Problem {
  if (!preamble.isAnswered) return noAnswer(label, stderr.lastLine || preamble.said || 'no output');
  const refused = frames.hasBegun ? undefined : sudoProblem(label, stderr.tail);
  if (refused) return refused;
  const kept = frames.hasBegun || loader === undefined ? undefined : saidRootless(loader, stderr.tail);
  if (loader !== undefined && kept !== undefined) return new Rootless(label, folderOf(loader), kept);
  const how = exit.kind === 'code' ? `ended with status ${exit.code}` : `was ended by ${exit.signal}`;
  const message = `The loader on ${label} ${how}${stderr.lastLine === '' ? '.' : `: ${stderr.lastLine}`}`;
  return new Problem('LOADER_DIED', message, 'Look at the log, and start again.');
}

/** The Problem of an account that runs no commands, or not as a shell does. */
export function noAnswer(label: string, said: string): Problem {
  return new Problem(
    'HOST_ANSWER',
    `${label} did not answer as a shell does: ${said.slice(0, 200)}`,
    'Log in by hand and check that the account may run commands: its shell must not be nologin, git-shell or sftp-only.',
  );
}
