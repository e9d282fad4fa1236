import { createHash } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { expandTilde, programData, type SshEnvironment } from './environment';

/** What the % tokens of ssh_config(5), section TOKENS, stand for. */
export interface TokenSource {
  /** As typed: %n. */
  readonly alias: string;
  /** %h */
  readonly hostName: string;
  /** %p */
  readonly port: number;
  /** %r */
  readonly user: string;
  /** %k is this or the alias. */
  readonly hostKeyAlias: string | undefined;
  /** %j */
  readonly proxyJump: string | undefined;
}

/** Replaces % tokens. One that OpenSSH does not know stays as it is. */
export function expandTokens(text: string, source: TokenSource, environment: SshEnvironment): string {
  const local = hostname();
  const { alias, hostName, port, user, hostKeyAlias, proxyJump = '' } = source;
  const hash = createHash('sha1').update(`${local}${hostName}${port}${user}${proxyJump}`).digest('hex');
  const values: Record<string, string> = {
    '%': '%',
    C: hash,
    d: environment.home,
    h: hostName,
    i: String(process.getuid?.() ?? ''),
    j: proxyJump,
    k: hostKeyAlias ?? alias,
    L: local.split('.')[0] ?? local,
    l: local,
    n: alias,
    p: String(port),
    r: user,
    u: userInfo().username,
  };
  return text.replace(/%(.)/g, (whole, token: string) => values[token] ?? whole);
}

/** What the `ssh -G` of Windows prints for %ProgramData%: SSHDIR in the pathnames.h of OpenSSH's port. */
const PROGRAM_DATA = '__PROGRAMDATA__';

const withProgramData = (path: string, { platform, env }: SshEnvironment) =>
  platform === 'win32' && path.startsWith(PROGRAM_DATA)
    ? programData(env) + path.slice(PROGRAM_DATA.length)
    : path;

/** Expands a file name of the configuration: `~`, % tokens and `${VARIABLE}`. */
export function expandPath(path: string, source: TokenSource, environment: SshEnvironment): string {
  const named = expandTokens(
    expandTilde(withProgramData(path, environment), environment),
    source,
    environment,
  );
  return named.replace(/\$\{(\w+)\}/g, (whole, name: string) => environment.env[name] ?? whole);
}
