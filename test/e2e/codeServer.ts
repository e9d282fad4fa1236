import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../scripts/run';
import { installCodeServer } from './installCodeServer';
import { throwAwayHome } from './throwAwayHome';

export interface CodeServerOptions {
  /** The packaged extensions to install. */
  readonly vsix: readonly string[];
  /** Folder to open; without it the window is empty. */
  readonly folder?: string;
  /** User settings on top of the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Settings of the machine where the extension runs: a devcontainer.json writes these. */
  readonly machineSettings?: Readonly<Record<string, unknown>>;
  /** The content of the user's keybindings.json. */
  readonly keybindings?: readonly object[];
  /** Environment on top of that of the throw-away `home`. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A VS Code that browsers open at `url`, with nothing of the user's own in it. */
export interface CodeServer {
  /** Without a token: whoever reaches 127.0.0.1 may use it. */
  readonly url: string;
  /** HOME of the extension host, empty at first, read by its ssh too; goes away with `stop`. */
  readonly home: string;
  /** Folder of VS Code's logs, the extension's own output channel among them; goes away with `stop`. */
  readonly logs: string;
  /** The process that runs the extensions of the window that was opened last. Throws when there is none. */
  extensionHostPid(): Promise<number>;
  /** Ends every process and removes every file of it. */
  stop(): Promise<void>;
}

/** Nothing pops up, phones home or asks before the extension under test does. */
const quiet = {
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'remote.autoForwardPorts': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'window.restoreWindows': 'none',
};

const START_SECONDS = 60;

/**
 * Runs code-server and kills its whole process group when code-server ends or this process goes, even by SIGKILL:
 * stdin ends with whoever holds its other end.
 */
const supervisor = '("$@" </dev/null; kill -KILL 0) & cat >/dev/null; kill -KILL 0';

/** Installs the extensions into a fresh VS Code and starts it on a free port. Throws with its output when it does not start. */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { node, entry } = await installCodeServer();
  const root = await mkdtemp(join(tmpdir(), 'rps-trace-vscode-'));
  const [data, extensions] = [join(root, 'data'), join(root, 'extensions')];
  const remove = () => rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  try {
    const { home, env: bare } = await throwAwayHome(root);
    const env = { ...bare, ...options.env };
    await mkdir(join(data, 'User'), { recursive: true });
    await writeFile(join(data, 'User/settings.json'), JSON.stringify({ ...quiet, ...options.settings }));
    await mkdir(join(data, 'Machine'), { recursive: true });
    await writeFile(join(data, 'Machine/settings.json'), JSON.stringify(options.machineSettings ?? {}));
    await writeFile(join(data, 'User/keybindings.json'), JSON.stringify(options.keybindings ?? []));
    const folders = [entry, '--user-data-dir', data, '--extensions-dir', extensions];
    const installs = options.vsix.flatMap((vsix) => ['--install-extension', vsix]);
    await run(node, [...folders, ...installs], { env });

    const flags = ['--auth', 'none', '--disable-telemetry', '--disable-update-check', '--bind-addr'];
    const command = [node, ...folders, ...flags, '127.0.0.1:0', options.folder ?? '--ignore-last-opened'];
    const child = spawn('sh', ['-c', supervisor, 'sh', ...command], {
      env,
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const url = await listening(child).catch(async (error: unknown) => {
      await end(child);
      throw error;
    });
    return {
      url,
      home,
      logs: join(data, 'logs'),
      extensionHostPid: () => newestInGroup(child.pid ?? 0, '--type=extensionHost'),
      stop: async () => {
        await end(child);
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Waits until code-server says where it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`code-server ${why}:\n${output}`));
    const late = setTimeout(() => fail(`did not listen within ${START_SECONDS} s`), START_SECONDS * 1000);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-10_000);
      const url = /HTTP server listening on (http:\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(late);
      resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (error) => fail(`could not be started (${error.message})`));
    child.on('exit', () => fail('ended'));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.on('close', resolve));
  child.stdin?.end();
  await ended;
}

/** The pid of the youngest process of `group` whose command line holds `argument`. Source: proc(5). */
async function newestInGroup(group: number, argument: string): Promise<number> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const found: { pid: number; started: number }[] = [];
  for (const pid of pids) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(fields[2]) !== group) continue;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(argument)) found.push({ pid, started: Number(fields[19]) });
  }
  const newest = found.sort((a, b) => b.started - a.started)[0];
  if (!newest) throw new Error(`No process with ${argument} runs.`);
  return newest.pid;
}
