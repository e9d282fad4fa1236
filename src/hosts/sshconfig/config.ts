import { isIP } from 'node:net';
import { userInfo } from 'node:os';
import type { Algorithms } from './algorithms';
import { handovers, type Handover } from './options';
import { parseDestination } from '../target';
import { askSsh } from './askSsh';
import { readConfigFiles } from './configFiles';
import { expandPath, type TokenSource } from './tokens';
import type { SshEnvironment } from './environment';
import { usableAlgorithms, withoutAlgorithm } from './usableAlgorithms';

/** What a host's configuration says, as far as a connection depends on it. Paths are absolute, tokens expanded. */
export interface HostConfig extends TokenSource {
  readonly identityFiles: readonly string[];
  /** Use the keys of `identityFiles` only, even when the agent has more. */
  readonly identitiesOnly: boolean;
  /** Socket or pipe of the agent, if one is to be used. */
  readonly agent: string | undefined;
  readonly userKnownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles: readonly string[];
  readonly strictHostKeyChecking: 'ask' | 'accept-new' | 'yes' | 'no';
  /** Write new host names as hashes. */
  readonly hashKnownHosts: boolean;
  /** Look up the address of a host too, not only its name. */
  readonly checkHostIp: boolean;
  /** Trust any key of a host at a loopback address: NoHostAuthenticationForLocalhost. */
  readonly trustsLocalhost: boolean;
  /** Fewest bits of an RSA key, of a host or of a user. */
  readonly requiredRsaSize: number;
  /** What the configuration allows of what ssh2 can do. */
  readonly algorithms: Algorithms;
  readonly compression: boolean;
  readonly keepaliveSeconds: number;
  /** Unanswered keepalives after which the connection is given up. */
  readonly keepaliveCount: number;
  /** Time for one host to be connected to, not counting prompts. */
  readonly connectSeconds: number;
  readonly addressFamily: 0 | 4 | 6;
  /** Address of this machine to connect from. */
  readonly bindAddress: string | undefined;
  /** Hosts to go through, nearest first, or a program that connects. */
  readonly proxyCommand: string | undefined;
  /** Authentication methods that are allowed. */
  readonly methods: ReadonlySet<string>;
  /** How often a password is asked for. */
  readonly passwordPrompts: number;
  /** Options that only the system's ssh follows, as far as the configuration asks for them. */
  readonly handovers: readonly Handover[];
  /** What only the system's ssh can do, and what is needed of it is to be looked for. */
  readonly special: SpecialConfig;
}

/** Settings that ssh2 cannot follow. */
export interface SpecialConfig {
  /** Socket of a connection that ssh shares, whether it is there or not. */
  readonly controlPath: string | undefined;
  readonly gssapi: boolean;
}

/** Values by lower-case keyword, as `ssh -G` prints them. */
export type Settings = ReadonlyMap<string, readonly string[]>;

const KEEPALIVE_SECONDS = 15;
const KEEPALIVE_COUNT = 3;
const CONNECT_SECONDS = 20;
/** SSH_RSA_MINIMUM_MODULUS_SIZE in OpenSSH's sshkey.h: no configuration goes below it. */
const RSA_MINIMUM = 1024;

/**
 * The configuration of a destination: what the user's own ssh says or, without an ssh program, what its files say.
 * A user and a port that are part of the destination beat the files.
 * @throws Problem SSH_CONFIG, HOST_NAME_INVALID; Cancelled
 */
export async function hostConfig(
  destination: string,
  environment: SshEnvironment,
  signal: AbortSignal,
): Promise<HostConfig> {
  const asked = parseDestination(destination);
  const settings = (await askSsh(asked, environment, signal)) ?? (await readConfigFiles(asked, environment));
  return interpret(asked.host, settings, environment);
}

/** Turns settings into a configuration. `alias` is the host as typed. */
export function interpret(alias: string, settings: Settings, environment: SshEnvironment): HostConfig {
  const first = (keyword: string) => {
    const value = settings.get(keyword)?.[0];
    return value === undefined || value === 'none' ? undefined : value;
  };
  const isOn = (keyword: string, otherwise: boolean) => {
    const value = first(keyword)?.toLowerCase();
    if (value === 'yes' || value === 'true') return true;
    return value === 'no' || value === 'false' ? false : otherwise;
  };
  const count = (keyword: string) => {
    const value = first(keyword);
    return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const tokens: TokenSource = {
    alias,
    hostName: first('hostname') ?? alias,
    port: count('port') ?? 22,
    user: first('user') ?? userInfo().username,
    hostKeyAlias: first('hostkeyalias'),
    proxyJump: first('proxyjump'),
  };
  const files = (values: readonly string[]) =>
    values.filter((value) => value !== 'none').map((value) => expandPath(value, tokens, environment));
  const agent = agentSetting(
    first('identityagent'),
    settings.get('identityagent')?.[0] === 'none',
    environment,
  );
  const family = first('addressfamily')?.toLowerCase();
  const bindAddress = first('bindaddress');
  const algorithms = usableAlgorithms(settings);
  return {
    ...tokens,
    identityFiles: [...new Set(files(settings.get('identityfile') ?? []))],
    identitiesOnly: isOn('identitiesonly', false),
    agent: agent === undefined ? undefined : expandPath(agent, tokens, environment),
    userKnownHostsFiles: files(splitPaths(settings.get('userknownhostsfile'))),
    globalKnownHostsFiles: files(splitPaths(settings.get('globalknownhostsfile'))),
    strictHostKeyChecking: strictness(first('stricthostkeychecking')),
    hashKnownHosts: isOn('hashknownhosts', false),
    checkHostIp: isOn('checkhostip', false),
    trustsLocalhost: isOn('nohostauthenticationforlocalhost', false),
    requiredRsaSize: Math.max(RSA_MINIMUM, count('requiredrsasize') ?? 0),
    algorithms,
    compression: isOn('compression', false),
    // `ssh -G` says 0 for "not set". Without keepalives a dead connection would look like a quiet host for ever.
    keepaliveSeconds: count('serveraliveinterval') || KEEPALIVE_SECONDS,
    keepaliveCount: count('serveralivecountmax') ?? KEEPALIVE_COUNT,
    connectSeconds: count('connecttimeout') || CONNECT_SECONDS,
    addressFamily: family === 'inet' ? 4 : family === 'inet6' ? 6 : 0,
    bindAddress: bindAddress !== undefined && isIP(bindAddress) !== 0 ? bindAddress : undefined,
    proxyCommand: first('proxycommand'),
    methods: allowedMethods(first('preferredauthentications'), isOn),
    passwordPrompts: count('numberofpasswordprompts') ?? 3,
    handovers: [...handovers(settings), ...withoutAlgorithm(algorithms)],
    special: {
      controlPath: files(settings.get('controlpath') ?? [])[0],
      gssapi: isOn('gssapiauthentication', false) || isOn('gssapikeyexchange', false),
    },
  };
}

function agentSetting(
  setting: string | undefined,
  none: boolean,
  { env, platform }: SshEnvironment,
): string | undefined {
  if (none) return undefined;
  if (setting === undefined || setting === 'SSH_AUTH_SOCK') {
    return env['SSH_AUTH_SOCK'] || (platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : undefined);
  }
  const variable = /^\$(\w+)$/.exec(setting)?.[1];
  return variable === undefined ? setting : env[variable];
}

function strictness(value: string | undefined): HostConfig['strictHostKeyChecking'] {
  switch (value?.toLowerCase()) {
    case 'yes':
    case 'true':
      return 'yes';
    case 'no':
    case 'off':
    case 'false':
      return 'no';
    case 'accept-new':
      return 'accept-new';
    default:
      return 'ask';
  }
}

/** Cuts a list of files. `ssh -G` prints a name with a space without quotes: a name begins where a path can begin. */
function splitPaths(values: readonly string[] = []): string[] {
  return values.flatMap((value) => value.split(/\s+(?=[/~%$]|[A-Za-z]:[\\/]|__PROGRAMDATA__|none$)/));
}

function allowedMethods(
  preferred: string | undefined,
  isOn: (keyword: string, otherwise: boolean) => boolean,
) {
  const known = { publickey: 'pubkeyauthentication', password: 'passwordauthentication' };
  const methods = Object.entries({ ...known, 'keyboard-interactive': 'kbdinteractiveauthentication' })
    .filter(([, keyword]) => isOn(keyword, true))
    .map(([method]) => method);
  const listed = preferred?.split(',').map((method) => method.trim());
  return new Set(listed === undefined ? methods : methods.filter((method) => listed.includes(method)));
}
