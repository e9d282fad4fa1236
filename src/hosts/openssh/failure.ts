import { quoted } from '../../inert';
import { Problem } from '../../problem';
import type { HostConfig } from '../sshconfig/config';
import { knownHostName } from '../login/knownHosts';
import { timedOut, unreachable } from '../login/unreachable';

const CHANGED = 'REMOTE HOST IDENTIFICATION HAS CHANGED';

/** The host key is not to be trusted. @param reason what is wrong with it, after "The host key of web-1". */
export function keyRejected(name: string, reason: string): Problem {
  const hint =
    'On the host, "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" prints the fingerprint to compare.';
  return new Problem('HOST_KEY_REJECTED', `The host key of ${name} ${reason}.`, hint);
}

/**
 * What ssh's words tell of a changed host key, or undefined. With StrictHostKeyChecking=no ssh only warns of one and
 * goes on; here it is refused. A host's banner can imitate these words: only a file and a name of the configuration
 * become a part of the command that is suggested.
 */
export function changedKey(config: HostConfig, stderr: string): Problem | undefined {
  if (!stderr.includes(CHANGED)) return undefined;
  const { alias, hostName, hostKeyAlias, port, userKnownHostsFiles, globalKnownHostsFiles } = config;
  const [, file = '', line] = /^Offending .*key in (.+):(\d+)/m.exec(stderr) ?? [];
  const isFile = [...userKnownHostsFiles, ...globalKnownHostsFiles].includes(file);
  const shown = /SHA256:[A-Za-z0-9+/]{43}/.exec(stderr)?.[0];
  const where = isFile && line !== undefined ? `${file} line ${line}` : 'known_hosts';
  const name = hostKeyAlias ?? knownHostName(hostName, port);
  const told = /^Host key for (\S+) has changed/m.exec(stderr)?.[1];
  const isOther = told !== undefined && told.toLowerCase() !== name.toLowerCase();
  const command = `ssh-keygen${isFile ? ` -f "${file}"` : ''} -R "${name}"`;
  return new Problem(
    'HOST_KEY_CHANGED',
    `The host key of ${alias} is not the one in ${where}.${shown === undefined ? '' : ` It shows ${shown}.`}`,
    'Somebody may be listening in between, or the host was set up anew. Only if you know that it was, ' +
      (isOther
        ? 'forget the old key of the host that the log names.'
        : `forget the old key with: ${command}`),
  );
}

/** Why ssh ended with status 255 before anything ran on the host: what it said, in the words of a Problem. */
export function connectFailure(config: HostConfig, stderr: string): Problem {
  const { alias, port, user } = config;
  const said = stderr.trim().split(/\r?\n/).at(-1)?.slice(0, 300) ?? '';
  const has = (pattern: RegExp) => pattern.test(stderr);
  const net = (code: string) => unreachable(config, Object.assign(new Error(said), { code }));
  const changed = changedKey(config, stderr);
  if (changed) return changed;
  if (has(/REVOKED HOST KEY|key .*revoked/i)) return keyRejected(alias, 'is revoked');
  if (has(/host key is known for .* and you have requested strict checking/)) {
    return keyRejected(alias, 'is not known, and StrictHostKeyChecking forbids to accept new ones');
  }
  if (has(/Host key verification failed/)) return keyRejected(alias, 'could not be verified');
  if (has(/Permission denied \(|Too many authentication failures|No supported authentication methods/)) {
    const offered = /Permission denied \(([^)]*)\)/.exec(stderr)?.[1]?.replaceAll(',', ', ');
    const what = offered === undefined ? quoted(said) : `The host offers ${quoted(offered)}.`;
    const hint = `Check user name, key and password: "ssh ${user}@${alias}" in a terminal must work.`;
    return new Problem('AUTH_FAILED', `${user}@${alias} could not log in. ${what}`, hint);
  }
  if (has(/Bad configuration option|bad configuration options|Bad owner or permissions/)) {
    const hint = `Run "ssh -G ${alias}" in a terminal and mend what it complains about.`;
    return new Problem('SSH_CONFIG', `The SSH configuration for ${alias} cannot be read: ${said}`, hint);
  }
  if (has(/Could not resolve hostname/)) return net('ENOTFOUND');
  if (has(/Connection refused/)) return net('ECONNREFUSED');
  if (has(/timed out/)) return timedOut(config);
  if (has(/Network is unreachable|No route to host/)) return net('ENETUNREACH');
  return new Problem(
    'HOST_UNREACHABLE',
    `${alias}, port ${port}: no SSH connection came to be: ${said === '' ? 'ssh ended without a word' : quoted(said)}`,
    'Check that an SSH server runs there, and what its log says.',
  );
}
