import { randomBytes } from 'node:crypto';
import { quote } from '../hosts/shell';
import type { Scope } from '../../shared/scope';
import { scopeArguments } from './arguments';
import { surveyScript, type Needed, type Verified } from './survey';

/** Seconds without a sign of life from here after which the loader leaves by itself: a cable that was cut sends no EOF. */
export const LEASE_SECONDS = 15;

/** What a host is asked to do in one go: to tell what it is and, when nothing is missing, to become the loader. */
export interface LaunchCommand {
  /** One line of words for whatever login shell the account has. */
  readonly text: string;
  /** Stands alone on a line before and after what the host tells, and is sudo's prompt for the password (SUDO_PROMPT). */
  readonly mark: string;
}

export interface LaunchOptions {
  readonly intervalMs: number;
  readonly scope: Scope;
  /** It writes masks and guards them; nothing is traced. */
  readonly guard?: boolean;
  /** It runs as the account that is logged in, and reads what that may read. */
  readonly unprivileged?: boolean;
}

/**
 * Everything is in one command, because each further one costs round trips. The loader's hash is compared by the very
 * shell that then runs it as root.
 * @throws Problem SCOPE_INVALID
 */
export function launchCommand(
  needed: Needed,
  verified: Verified,
  { intervalMs, scope, guard = false, unprivileged = false }: LaunchOptions,
): LaunchCommand {
  // In two parts, so that a shell that shows the commands it is given (set -v) does not print the mark.
  const [first, second] = [`rpstrace-${randomBytes(8).toString('hex')}`, randomBytes(8).toString('hex')];
  const tracing = [
    `--format ndjson --interval ${intervalMs} --lease ${LEASE_SECONDS}`,
    ...scopeArguments(scope),
  ].join(' ');
  const loaderOptions = guard ? '--guard' : tracing;
  const isReady = needed.btf === undefined ? '[ -n "$l" ]' : '[ -n "$l" ] && { [ -n "$t" ] || [ -n "$b" ]; }';
  // Where nobody can become root there is nothing to start.
  const becomeRoot =
    `case $r in sudo) w='env LC_ALL=C sudo -n --';; doas) w='doas -n --';; ` +
    `sudoWithPassword) w="env LC_ALL=C SUDO_PROMPT=$k sudo -S --";; none|doasRefuses) x=;; esac`;
  const script = [
    `k=${first}; k=$k-${second}; echo "$k"`,
    surveyScript(needed, verified),
    'x=yes; w=',
    ...(unprivileged ? [] : [becomeRoot]),
    `if [ -n "$x" ] && ${isReady}; then echo "starts yes"; echo "$k"; ` +
      `set -- "$l"; if [ -z "$t" ] && [ -n "$b" ]; then set -- "$l" --btf "$b"; fi; ` +
      `exec $w "$@" ${loaderOptions}; fi`,
    'echo "$k"',
  ].join('; ');
  return { text: `exec sh -c ${quote(script)}`, mark: `${first}-${second}` };
}
