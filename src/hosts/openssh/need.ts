import { execFile } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import type { HostConfig } from '../sshconfig/config';
import type { SshEnvironment } from '../sshconfig/environment';
import { agentKeyTypes } from './agentKeys';
import { knownHostName, linesFor, readKnownHosts } from '../login/knownHosts';

/** How long klist may take, milliseconds: a Kerberos cache may be on a server that does not answer. */
const KLIST_MS = 3000;

/**
 * What in a host's configuration needs the system's ssh, for the log, or undefined when ssh2 can do it all.
 * @throws Problem SSH_CONFIG when known_hosts cannot be read.
 */
export async function needOfOpenSsh(
  config: HostConfig,
  environment: SshEnvironment,
): Promise<string | undefined> {
  const { special } = config;
  if (special.controlPath !== undefined && (await answers(special.controlPath))) {
    return `a shared connection is open at ${special.controlPath}`;
  }
  const [handover] = config.handovers;
  if (handover !== undefined) return handover.option;
  for (const file of config.identityFiles) {
    // Where the private half is in an agent or a token there may be only the public one.
    if ((await isSecurityKey(file)) || (await isSecurityKey(`${file}.pub`)))
      return `the security key ${file}`;
    if (await exists(`${file}-cert.pub`)) return `the certificate ${file}-cert.pub`;
  }
  const held = await needOfAgent(config);
  if (held !== undefined) return held;
  if (await trustsAuthority(config)) return 'a @cert-authority in known_hosts';
  // Debian's configuration allows GSSAPI for every host: it is needed only by who has a ticket.
  if (special.gssapi && (await hasTicket(environment))) return 'GSSAPIAuthentication';
  return undefined;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Whether somebody listens on a Unix socket. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Whether a key file stands for a key in a FIDO token: its public half, which says so, is in the clear. PROTOCOL.u2f */
async function isSecurityKey(file: string): Promise<boolean> {
  const text = await readFile(file, 'latin1').catch(() => '');
  const base64 = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1] ?? '';
  const types = /sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com/;
  return types.test(base64 === '' ? text : Buffer.from(base64, 'base64').toString('latin1'));
}

/** ssh offers every key of the agent, whatever else there is: the one that fits may be one that ssh2 does not know. */
async function needOfAgent({ agent, identitiesOnly, methods }: HostConfig): Promise<string | undefined> {
  if (agent === undefined || identitiesOnly || !methods.has('publickey')) return undefined;
  const type = (await agentKeyTypes(agent)).find((each) => /^sk-|-cert-v\d\d@/.test(each));
  return type === undefined ? undefined : `the agent’s key of type ${type}`;
}

async function trustsAuthority(config: HostConfig): Promise<boolean> {
  const { hostKeyAlias, hostName, port } = config;
  const lines = await readKnownHosts([...config.userKnownHostsFiles, ...config.globalKnownHostsFiles]);
  const names =
    hostKeyAlias === undefined
      ? [knownHostName(hostName, port), knownHostName(hostName, 22)]
      : [hostKeyAlias.toLowerCase()];
  return names.some((name) => linesFor(lines, name).some(({ marker }) => marker === 'cert-authority'));
}

/** Whether there is a valid Kerberos ticket: klist(1), -s. */
function hasTicket({ env }: SshEnvironment): Promise<boolean> {
  return new Promise((resolve) => {
    execFile('klist', ['-s'], { env, timeout: KLIST_MS, windowsHide: true }, (error) =>
      resolve(error === null),
    );
  });
}
