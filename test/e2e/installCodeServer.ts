import { rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ensurePackages } from '../../scripts/apt';
import { cached } from '../../scripts/cache';
import { run } from '../../scripts/run';

/** The newest code-server that runs on Node 20. */
const CODE_SERVER = '4.100.3';
/** The Node that runs it: its own, so that the native modules fit whatever Node runs the tests. Brings its headers. */
const NODE = '20.20.2';
const NODE_GYP = '11.5.0';

/** A code-server made ready to run: `node` is the program, `entry` its first argument. */
export interface InstalledCodeServer {
  readonly node: string;
  readonly entry: string;
}

/** Native modules that VS Code needs on Linux; the rest is for other systems or never loaded. */
const nativeModules = ['@vscode/spdlog', 'native-watchdog', 'node-pty'].map(
  (name) => `code-server/lib/vscode/node_modules/${name}`,
);
/** What argon2's own build tool would tell node-gyp. Only passwords need argon2, but code-server always loads it. */
const argon2 = ['--module_name=argon2', '--module_path=../lib/binding/napi-v3', '--napi_build_version=3'];

/**
 * Makes code-server from npm in the cache folder, once. Its own install scripts are not used: they want Node 20 and
 * download from elsewhere.
 */
export async function installCodeServer(): Promise<InstalledCodeServer> {
  await ensurePackages(['g++', 'make', 'openssh-client', 'python3', 'ripgrep']);
  const folder = await cached(`code-server-${CODE_SERVER}-node-${NODE}-${process.arch}`, make);
  return {
    node: join(folder, nodePackage(), 'bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

const nodePackage = () => `node_modules/node-linux-${process.arch}`;

async function make(folder: string): Promise<void> {
  console.error(`making code-server ${CODE_SERVER}, about a minute`);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const packages = [
    `code-server@${CODE_SERVER}`,
    `node-linux-${process.arch}@${NODE}`,
    `node-gyp@${NODE_GYP}`,
  ];
  await npmInstall(folder, packages);
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  await npmInstall(vscode, ['--omit=dev']);
  await npmInstall(join(vscode, 'extensions'), ['--omit=dev']);

  const node = join(folder, nodePackage());
  const gyp = join(folder, 'node_modules/node-gyp/bin/node-gyp.js');
  // Run by npm, the environment holds the user's own nodedir, and node-gyp prefers that to its option.
  const env = {
    ...process.env,
    npm_config_nodedir: node,
    PATH: `${join(node, 'bin')}:${process.env['PATH'] ?? ''}`,
  };
  const build = (module: string, ...options: string[]) =>
    run(join(node, 'bin/node'), [gyp, 'rebuild', '-j', 'max', ...options], {
      cwd: join(folder, 'node_modules', module),
      env,
    });
  for (const module of nativeModules) await build(module);
  await build('argon2', ...argon2);
  // VS Code's release keeps its modules in an archive of this name and looks for them there.
  await symlink('node_modules', join(vscode, 'node_modules.asar'));
  await run('mkdir', ['-p', join(vscode, 'node_modules/@vscode/ripgrep/bin')]);
  await symlink('/usr/bin/rg', join(vscode, 'node_modules/@vscode/ripgrep/bin/rg'));
  // Half of the size, needed by nobody from here on.
  await rm(join(node, 'include'), { recursive: true });
  await run('find', [folder, '-type', 'f', '(', '-name', '*.map', '-o', '-name', '*.o', ')', '-delete']);
}

/** Other packages' install scripts stay out: what they would download is not needed. */
async function npmInstall(folder: string, args: readonly string[]): Promise<void> {
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...args], { cwd: folder });
}
