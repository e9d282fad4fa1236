import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secrets } from '../../src/hosts/secrets';
import { ownLoader, readBinaries } from '../../src/loader/binaries';
import type { ToPanel } from '../../shared/messages/panel';
import type { TraceContext } from '../../src/trace/context';
import { Trace } from '../../src/trace/trace';

/** The extension's own trace of a guest over SSH, as bob, who needs no password; what it says goes to `messages`. */
export interface GuestTrace extends AsyncDisposable {
  readonly trace: Trace;
  readonly messages: ToPanel[];
  /** The steps it told of, since the last call. */
  steps(): string[];
}

/** What it takes to reach a guest. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly privateKeyPath: string;
  readonly knownHostsLine: string;
}

const DESTINATION = 'guest';

export async function traceGuest(
  guest: Login,
  more: Pick<TraceContext, 'scope' | 'btf'>,
): Promise<GuestTrace> {
  const home = await mkdtemp(join(tmpdir(), 'rps-trace-home-'));
  const ssh = join(home, '.ssh');
  await mkdir(ssh, { mode: 0o700 });
  await writeFile(join(ssh, 'known_hosts'), `${guest.knownHostsLine}\n`);
  const configFile = join(ssh, 'config');
  const { host, port, privateKeyPath } = guest;
  const lines = [
    `Host ${DESTINATION}`,
    `HostName ${host}`,
    `Port ${port}`,
    'User bob',
    `IdentityFile ${privateKeyPath}`,
  ];
  await writeFile(configFile, `${lines.join('\n ')}\n UserKnownHostsFile ${join(ssh, 'known_hosts')}\n`);
  const messages: ToPanel[] = [];
  const context: TraceContext = {
    prompts: { secret: () => Promise.resolve(undefined), acceptHostKey: () => Promise.resolve(false) },
    secrets: new Secrets(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    client: () => 'ssh2',
    ssh: { home, configFile, env: { ...process.env, SSH_AUTH_SOCK: undefined } },
    binaries: () => readBinaries('dist/loader'),
    ownLoader: ownLoader('dist/loader'),
    intervalMs: () => 200,
    ...more,
  };
  const trace = new Trace({ kind: 'ssh', destination: DESTINATION }, DESTINATION, context, (message) =>
    messages.push(message),
  );
  let read = 0;
  return {
    trace,
    messages,
    steps: () => {
      const news = messages.slice(read);
      read = messages.length;
      return news.flatMap((message) =>
        message.type === 'state' && message.state.kind === 'connecting' ? [message.state.step] : [],
      );
    },
    [Symbol.asyncDispose]: async () => {
      await trace.stop();
      await rm(home, { recursive: true });
    },
  };
}

/** The backend that the last start took. */
export const backendOf = ({ messages }: GuestTrace) =>
  messages.flatMap((message) => (message.type === 'facts' ? [message.facts.backend] : [])).at(-1);
