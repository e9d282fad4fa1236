import SSHConfig from 'ssh-config';
import { Problem } from '../../problem';
import type { Destination } from '../target';
import type { Settings } from './config';
import { includedFiles, readConfigLines } from './configLines';
import { pathsOf, sshFolder, systemFolder, type SshEnvironment } from './environment';

/** ssh_config(5), IdentityFile; as `ssh -G` lists them, without the kinds of key that ssh2 cannot read. */
const DEFAULT_KEYS = ['id_rsa', 'id_ecdsa', 'id_ed25519'];
/** A line that puts what follows back under no condition. */
const ALWAYS = 'Host *';

/**
 * Reads the configuration of a host where there is no ssh program to ask. `Match exec` is not run, and so never
 * matches; names are not canonicalized.
 */
export async function readConfigFiles(asked: Destination, environment: SshEnvironment): Promise<Settings> {
  const paths = pathsOf(environment);
  const folder = sshFolder(environment);
  const system = systemFolder(environment);
  const files =
    environment.configFile === undefined
      ? [paths.join(folder, 'config'), paths.join(system, 'ssh_config')]
      : [environment.configFile];
  let text = '';
  for (const file of files) text += `${ALWAYS}\n${await flatten(file, asked, environment, [])}\n`;
  const settings = compute(text, asked);
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

/** @throws Problem SSH_CONFIG: `Host` without a pattern, for instance, makes the parser throw whatever comes of that. */
function parsed(text: string, host: string): SSHConfig {
  try {
    return SSHConfig.parse(text);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const hint =
      'Look for a keyword without a value in it. An ssh program on this machine would name the line.';
    throw new Problem('SSH_CONFIG', `The SSH configuration for ${host} cannot be read: ${said}`, hint, {
      cause,
    });
  }
}

/** Evaluates configuration text. Of ProxyJump and ProxyCommand the first counts, as in OpenSSH. */
function compute(text: string, { host, user }: Destination): Map<string, string[]> {
  const config = parsed(text, host);
  const options = { ignoreCase: true, matchExec: false };
  const values =
    user === undefined ? config.compute(host, options) : config.compute({ Host: host, User: user }, options);
  const settings = new Map<string, string[]>();
  for (const [keyword, value] of Object.entries(values)) {
    const otherProxy = { proxyjump: 'proxycommand', proxycommand: 'proxyjump' }[keyword];
    if (otherProxy !== undefined && settings.has(otherProxy)) continue;
    settings.set(keyword, Array.isArray(value) ? value : [value]);
  }
  return settings;
}

/**
 * A file's text with every Include that applies to the host put in its place.
 * @param within the files that include this one: one that includes itself is a loop.
 */
async function flatten(
  file: string,
  asked: Destination,
  environment: SshEnvironment,
  within: readonly string[],
): Promise<string> {
  if (within.includes(file)) return '';
  let section = ALWAYS;
  const lines: string[] = [];
  for (const { keyword, args, text } of await readConfigLines(file)) {
    if (keyword === 'host' || keyword === 'match') section = text;
    if (keyword !== 'include') lines.push(text);
    // What a file includes is read only where the section it stands in applies.
    else if (compute(`${section}\n  Tag applies`, asked).has('tag')) {
      for (const included of await includedFiles(args, environment)) {
        lines.push(ALWAYS, await flatten(included, asked, environment, [...within, file]), section);
      }
    }
  }
  return lines.join('\n');
}
