import { Problem } from '../problem';

/** Which host a person means. `destination` is what they would give to `ssh`: an alias, `user@host:port`, `ssh://…`. */
export type Target = { kind: 'local' } | { kind: 'ssh'; destination: string };

/** The text that `parseTarget` reads as this target. */
export function targetText(target: Target): string {
  return target.kind === 'local' ? 'local' : target.destination;
}

/** The parts of a destination. What is missing is left to the SSH configuration. */
export interface Destination {
  /** An alias of the SSH configuration, a DNS name or an address, without brackets. */
  readonly host: string;
  readonly user: string | undefined;
  readonly port: number | undefined;
}

/** What OpenSSH refuses in host and user names too (valid_hostname and valid_ruser in its ssh.c), and white space. */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const FORBIDDEN = /[\s\u0000-\u001f\u007f'"`$\\;&<>|(){}]/;

/**
 * Reads what a person typed or chose: the exact text `local` is this host, everything else a destination for SSH.
 * @throws Problem HOST_NAME_INVALID
 */
export function parseTarget(text: string): Target {
  const destination = text.trim();
  if (destination === 'local') return { kind: 'local' };
  parseDestination(destination);
  return { kind: 'ssh', destination };
}

/**
 * Takes `host`, `user@host`, `host:port`, `[v6]:port`, a bare IPv6 address, or `ssh://user@host:port` apart.
 * @throws Problem HOST_NAME_INVALID
 */
export function parseDestination(text: string): Destination {
  const uri = /^ssh:\/\/([^/]*)\/?$/i.exec(text)?.[1];
  const rest = uri ?? text;
  const at = rest.lastIndexOf('@');
  const user = at < 0 ? undefined : uri === undefined ? rest.slice(0, at) : decode(rest.slice(0, at), text);
  const { host, port } = parseHostPort(rest.slice(at + 1), text);
  if (host === '') throw invalid(text, 'has no host name');
  if (user === '') throw invalid(text, 'has an empty user name');
  for (const part of [host, user ?? '']) {
    // A name that begins with "-" would be an option of ssh.
    if (part.startsWith('-')) throw invalid(text, 'begins with "-"');
    if (FORBIDDEN.test(part)) throw invalid(text, 'has a space or a character that no host name has');
  }
  if (/[/@[\]]/.test(host)) throw invalid(text, 'has a character that no host name has');
  return { host, user, port };
}

function parseHostPort(text: string, whole: string): { host: string; port: number | undefined } {
  const match = /^\[([^\][]+)\](?::(.*))?$/.exec(text) ?? /^([^:]*):([^:]*)$/.exec(text);
  if (match === null) return { host: text, port: undefined };
  const [, host = '', port] = match;
  return { host, port: port === undefined ? undefined : parsePort(port, whole) };
}

function parsePort(text: string, whole: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65535) throw invalid(whole, 'has a port that is not a number from 1 to 65535');
  return port;
}

function decode(text: string, whole: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid(whole, 'has a broken % sequence');
  }
}

function invalid(text: string, reason: string): Problem {
  return new Problem(
    'HOST_NAME_INVALID',
    text === '' ? 'No host was named.' : `${JSON.stringify(text)} is not a host: it ${reason}.`,
    'Type a host of your SSH configuration, user@host, user@host:port or [IPv6 address]:port.',
  );
}
