import type { Connection } from '../hosts/connection';
import { execText, quote } from '../hosts/shell';
import { localConnection } from '../hosts/local/connection';
import { parseFrame } from '../../shared/frames/frames';
import type { Problem } from '../problem';
import { filterArgument } from './arguments';
import { loaderProblem } from './frameReader';

/**
 * Has a loader on a host compile a filter, which attaches nothing and needs no rights. Returns why libpcap refuses the
 * expression; undefined when it takes it, and when the loader could not be asked: then its start will tell.
 * @throws Problem CONNECTION_LOST, HOST_ANSWER; Cancelled
 */
export async function refusal(
  connection: Connection,
  loader: string,
  filter: string,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const command = `exec ${quote(loader)} --format ndjson --compile-only ${filterArgument(filter)}`;
  const { stdout } = await execText(connection, command, { signal });
  for (const line of stdout.split('\n')) {
    const parsed = parseFrame(line);
    if (parsed.kind === 'frame' && parsed.frame.type === 'error') return loaderProblem(parsed.frame);
  }
  return undefined;
}

/**
 * The same by the loader of this machine, for a host that is not reached yet. Names are not looked up here: what
 * libpcap does not find may well be known there.
 */
export async function refusalHere(
  loader: string,
  filter: string,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  const connection = localConnection();
  try {
    const problem = await refusal(connection, loader, filter, signal);
    return problem && /^unknown /.test(problem.message) ? undefined : problem;
  } finally {
    connection.dispose();
  }
}
