import SSHConfig from 'ssh-config';
import { Problem } from '../../problem';
import { spelled, treatmentOf } from './options';
import type { Destination } from '../target';
import type { Settings } from './config';
import { includedFiles, readConfigLines } from './configLines';
import { pathsOf, sshFolder, systemFolder, type SshEnvironment } from './environment';
import { matchesPattern, matchesPatternList } from './pattern';

/** ssh_config(5), IdentityFile; as `ssh -G` lists them, without the kinds of key that ssh2 cannot read. */
const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
/** A line that puts what follows back under no condition. */
const ALWAYS = 'Host *';
/** A line that puts what follows under a condition that never holds. */
const NEVER = ['Host', '!*'].join(' ');
/** Stands in a section to see whether it applies: no option of ssh. */
const PROBE = 'RpsTraceApplies';
/** Paths of an Include that are not found here: patterns with brackets, another account's home. */
const ODD_PATH = /[[\]]|^~[^/\\]/;
/** What ssh-config evaluates of a Match; `exec` it would run. */
const EVALUATED = /^(all|final|host|originalhost|user|localuser)$/i;

/**
 * Reads the configuration of a host where there is no ssh program to ask.
 * @throws Problem SSH_CONFIG when a file cannot be read, or when it takes ssh to know what it says about the host: a Match
 * that runs a program or that ssh-config does not evaluate, CanonicalizeHostname, an Include with brackets or ~user
 */
export async function readConfigFiles(asked: Destination, environment: SshEnvironment): Promise<Settings> {
  const paths = pathsOf(environment);
  const folder = sshFolder(environment);
  const system = systemFolder(environment);
  const files =
    environment.configFile === undefined
      ? [paths.join(folder, 'config'), paths.join(system, 'ssh_config')]
      : [environment.configFile];
  const lines: string[] = [];
  for (const file of files) {
    lines.push(ALWAYS);
    await flatten(file, asked, environment, lines, []);
  }
  const settings = compute(lines, asked);
  if (!/^(no|false|none)$/i.test(settings.get('canonicalizehostname')?.[0] ?? 'no')) {
    throw needsSsh(asked.host, 'CanonicalizeHostname');
  }
  forgetIgnored(settings);
  if (asked.user !== undefined) settings.set('user', [asked.user]);
  if (asked.port !== undefined) settings.set('port', [String(asked.port)]);
  const [hostName = '%h'] = settings.get('hostname') ?? [];
  const expanded = hostName.replace(/%([%h])/g, (_whole, token) => (token === 'h' ? asked.host : '%'));
  settings.set('hostname', [expanded]);
  const defaults: [string, string[]][] = [
    ['identityfile', DEFAULT_KEYS.map((name) => paths.join(folder, name))],
    ['userknownhostsfile', [paths.join(folder, 'known_hosts'), paths.join(folder, 'known_hosts2')]],
    ['globalknownhostsfile', [paths.join(system, 'ssh_known_hosts'), paths.join(system, 'ssh_known_hosts2')]],
  ];
  for (const [keyword, values] of defaults) if (!settings.has(keyword)) settings.set(keyword, values);
  return settings;
}

/** Evaluates lines of configuration. Of ProxyJump and ProxyCommand the first counts, as in OpenSSH. */
function compute(lines: readonly string[], { host, user }: Destination): Map<string, string[]> {
  const options = { ignoreCase: true, matchExec: false };
  const asked = user === undefined ? { Host: host } : { Host: host, User: user };
  const settings = new Map<string, string[]>();
  for (const [keyword, value] of Object.entries(parse(lines, host).compute(asked, options))) {
    const otherProxy = { proxyjump: 'proxycommand', proxycommand: 'proxyjump' }[keyword];
    if (otherProxy !== undefined && settings.has(otherProxy)) continue;
    settings.set(keyword, Array.isArray(value) ? value : [value]);
  }
  return settings;
}

function parse(lines: readonly string[], host: string): SSHConfig {
  try {
    return SSHConfig.parse(lines.join('\n'));
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const message = `The SSH configuration for ${host} cannot be read: ${said}`;
    throw new Problem('SSH_CONFIG', message, 'Mend the line, or install OpenSSH’s ssh, which reads it.', {
      cause,
    });
  }
}

/** Leaves out the unknown options that IgnoreUnknown names. */
function forgetIgnored(settings: Map<string, string[]>): void {
  const patterns = settings.get('ignoreunknown')?.flatMap((list) => list.split(',')) ?? [];
  for (const keyword of [...settings.keys()]) {
    const isIgnored = patterns.some((pattern) => matchesPattern(keyword, pattern.toLowerCase()));
    if (isIgnored && treatmentOf(keyword) === undefined) settings.delete(keyword);
  }
}

/**
 * Appends a file's lines to `lines`, with those of every Include that applies to the host in its place.
 * @param within the files that include this one: one that includes itself is a loop.
 */
async function flatten(
  file: string,
  asked: Destination,
  environment: SshEnvironment,
  lines: string[],
  within: readonly string[],
): Promise<void> {
  if (within.includes(file)) return;
  let section = ALWAYS;
  const applies = (condition: string) =>
    compute([...lines, condition, `  ${PROBE} yes`], asked).has(PROBE.toLowerCase());
  for (const { keyword, args, text } of await readConfigLines(file)) {
    const isSection = keyword === 'host' || keyword === 'match';
    const line = isSection ? cheap(keyword, args, text, asked.host) : text;
    if (isSection) section = line;
    if (keyword === 'match') {
      const { evaluated, left } = splitCriteria(args);
      if (left !== undefined && applies(['match', evaluated].join(' '))) {
        throw needsSsh(asked.host, ['Match', left].join(' '));
      }
    }
    if (keyword === 'include') {
      // What a file includes is read only where the section it stands in applies.
      if (!applies(section)) continue;
      const odd = args.find((arg) => ODD_PATH.test(arg));
      if (odd !== undefined) throw needsSsh(asked.host, ['Include', odd].join(' '));
      for (const included of await includedFiles(args, environment)) {
        lines.push(ALWAYS);
        await flatten(included, asked, environment, lines, [...within, file]);
        lines.push(section);
      }
      // Given its domains, ssh-config would look names up by a program.
    } else if (keyword !== 'canonicaldomains') {
      // It knows HostName and User in this spelling only, and no former names.
      lines.push(line.replace(/[^\s=]+/, spelled(keyword)));
    }
  }
}

/**
 * A Host or Match line that ssh-config evaluates in little time: its patterns are regular expressions, for which a pattern with many
 * `*` takes years. Host is evaluated here, and of a Match several `*` in a row become one.
 */
function cheap(keyword: 'host' | 'match', args: readonly string[], text: string, host: string): string {
  if (keyword === 'match') return text.replace(/\*+/g, '*');
  // Without a pattern it is for ssh-config to refuse.
  if (args.length === 0) return text;
  return matchesPatternList(host, args) ? ALWAYS : NEVER;
}

/** The criteria of a Match that ssh-config evaluates, and the first of the others. */
function splitCriteria(args: readonly string[]): { evaluated: string; left: string | undefined } {
  const evaluated: string[] = [];
  let left: string | undefined;
  for (let at = 0; at < args.length;) {
    const criterion = args[at++] ?? '';
    const value = /^!?(all|canonical|final)$/i.test(criterion) ? '' : ` "${args[at++] ?? ''}"`;
    if (EVALUATED.test(criterion)) evaluated.push(criterion + value);
    else left ??= criterion;
  }
  return { evaluated: evaluated.join(' ') || 'all', left };
}

function needsSsh(host: string, what: string): Problem {
  const message = `${host} is configured with ${what}, which takes ssh to be understood, and there is none.`;
  return new Problem('SSH_CONFIG', message, 'Install OpenSSH’s ssh, or remove the lines for this host.');
}
