import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensurePackages } from '../../scripts/apt';
import { run, runAsRoot } from '../../scripts/run';

/** Types of host key, as ssh-keygen names them. */
export type KeyKind = 'ed25519' | 'ecdsa' | 'rsa';

/** An OpenSSH server on 127.0.0.1, with its own keys and configuration. */
export interface Sshd {
  readonly port: number;
  /** `ssh-ed25519 AAAA…` of each kind it has. */
  publicKey(kind: KeyKind): Promise<string>;
  /** What it logged. */
  log(): string;
  /** Ends the server; whoever is logged in stays so. */
  halt(): Promise<void>;
  /** Starts it again after `halt`, the same as before. */
  goOn(): Promise<void>;
  stop(): Promise<void>;
}

export interface SshdOptions {
  /** Lines of sshd_config(5). */
  readonly config?: readonly string[];
  /** Public keys that may log in, as in authorized_keys. */
  readonly authorized?: readonly string[];
  readonly hostKeys?: readonly KeyKind[];
  readonly port?: number;
  /** Another host than this machine, as far as whoever logs in can see. */
  readonly seen?: {
    /** A folder in place of /etc. */
    readonly etc: string;
    /** Programs that are not there. */
    readonly without?: readonly string[];
    /** What else is mounted there: words for sh without single quotes. */
    readonly mounts?: readonly string[];
  };
}

/** Installs the server and the client, and makes what the server needs. */
export async function ensureOpenSsh(): Promise<void> {
  await ensurePackages(['openssh-server', 'openssh-client']);
  await runAsRoot('mkdir', ['-p', '/run/sshd']);
}

/** The server, which stays the process that was started. */
function program({ seen }: SshdOptions): string {
  if (!seen) return '/usr/sbin/sshd';
  const mounts = [
    `mount --bind ${seen.etc} /etc`,
    ...(seen.without ?? []).map((path) => `mount --bind /dev/null ${path}`),
    ...(seen.mounts ?? []),
  ];
  return `unshare --mount sh -c '${mounts.join(' && ')} && exec /usr/sbin/sshd "$@"' sshd`;
}

/** A port that nobody listens on, from the kernel. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a server as root, so that it can check passwords. It ends when this process does, whatever way. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const { config = [], authorized = [], hostKeys = ['ed25519'] } = options;
  const port = options.port ?? (await freePort());
  const folder = await mkdtemp(join(tmpdir(), 'rps-sshd-'));
  // The server reads authorized_keys as the account that logs in.
  await chmod(folder, 0o755);
  const keyFile = (kind: KeyKind) => join(folder, `host_${kind}`);
  for (const kind of hostKeys) {
    const size = kind === 'rsa' ? ['-b', '2048'] : [];
    await run('ssh-keygen', ['-q', '-t', kind, ...size, '-N', '', '-f', keyFile(kind)]);
  }
  await writeFile(join(folder, 'authorized_keys'), authorized.map((key) => `${key}\n`).join(''));
  const lines = [
    // The first value of a keyword counts.
    ...config,
    'ListenAddress 127.0.0.1',
    `Port ${port}`,
    'PidFile none',
    'UsePAM no',
    'KbdInteractiveAuthentication no',
    'StrictModes no',
    'LogLevel VERBOSE',
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    ...hostKeys.map((kind) => `HostKey ${keyFile(kind)}`),
  ];
  const file = join(folder, 'sshd_config');
  await writeFile(file, `${lines.join('\n')}\n`);
  let running = await serve(program(options), file, port).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  let log = '';
  const halt = async () => {
    log += running.log();
    await running.end();
  };
  const stop = async () => {
    await running.end();
    await rm(folder, { recursive: true, force: true });
  };
  const goOn = async () => {
    running = await serve(program(options), file, port);
  };
  const publicKey = async (kind: KeyKind) => {
    const [type = '', key = ''] = (await run('cat', [`${keyFile(kind)}.pub`])).split(' ');
    return `${type} ${key}`;
  };
  return { port, publicKey, log: () => log + running.log(), halt, goOn, stop };
}

/** Runs a server until its `end`, and waits until it listens. */
async function serve(
  program: string,
  file: string,
  port: number,
): Promise<{ log: () => string; end: () => Promise<void> }> {
  // Whoever starts a server by sudo may not signal it: it ends with the stdin of the shell around it.
  const guard = `${program} -D -e -f '${file}' & p=$!; cat >/dev/null; kill $p; wait $p`;
  const isRoot = process.getuid?.() === 0;
  const child = spawn(isRoot ? 'sh' : 'sudo', isRoot ? ['-c', guard] : ['sh', '-c', guard], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = once(child, 'close');
  const end = async () => {
    child.stdin.end();
    // Sessions outlive the server that accepted them, and hold its stderr: they end with their clients.
    child.stderr.destroy();
    await ended;
  };
  try {
    await listening(port, () => log);
  } catch (error) {
    await end();
    throw error;
  }
  return { log: () => log, end };
}

async function listening(port: number, log: () => string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (/Server listening/.test(log()) && (await answers(port))) return;
    await sleep(50);
  }
  throw new Error(`sshd does not listen on port ${port}:\n${log()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('data', () => socket.destroy());
  });
}
