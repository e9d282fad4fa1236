import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { run, runAsRoot } from '../../scripts/run';
import type { Connection } from '../../src/hosts/connection';
import { execText } from '../../src/hosts/shell';
import { cleanUp } from '../../src/loader/cleanUp';
import { startLoader } from '../../src/loader/start';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { FREE_SUDO, WELL, loader, writePrograms } from './standIn';
import { startOptions } from './startOptions';

const never = new AbortController().signal;

let account: Account;
let scene: Scene;
let sshd: Sshd;
let home: string;
/** Programs of the host that come before its own. */
let bin: string;
let connection: Connection | undefined;

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['fish', 'tcsh']);
  account = await makeAccount();
  home = `/home/${account.name}`;
  scene = await Scene.create();
  bin = await mkdtemp(join(tmpdir(), 'rps-bin-'));
  await chmod(bin, 0o755);
  await writePrograms(bin, { sudo: FREE_SUDO });
  const config = [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`];
  sshd = await startSshd({ authorized: [await scene.makeKey('id')], config });
  await scene.configureWeb(sshd, account.name);
});
afterEach(async () => {
  if (connection) await cleanUp(connection, never);
  connection?.dispose();
  connection = undefined;
  await runAsRoot('sh', [
    '-c',
    `umount ${home} 2>/dev/null; usermod --shell /bin/sh --home ${home} ${account.name}`,
  ]);
});
afterAll(async () => {
  await scene.end();
  await sshd.stop();
  await rm(bin, { recursive: true });
  await account.remove();
});

/** Starts and stops the loader; returns its path, and whether it had to be brought there. */
async function start(script = WELL): Promise<{ path: string; isBrought: boolean }> {
  const steps: string[] = [];
  connection ??= await scene.open('web');
  const { run, path } = await startLoader(
    connection,
    startOptions(scene, loader(script), { onStep: (step) => steps.push(step) }),
  );
  run.stop();
  expect(await run.ended).toMatchObject({ kind: 'end' });
  return { path, isBrought: steps.some((step) => step.startsWith('Uploading')) };
}

/** Puts the loader there, sees that it runs and is found again, and returns its folder. */
async function loaderFolder(): Promise<string> {
  const { path, isBrought } = await start();
  expect(isBrought).toBe(true);
  expect(await start()).toEqual({ path, isBrought: false });
  const there = connection ?? (await scene.open('web'));
  const { stdout } = await execText(there, `stat -c '%a %U' ${path} ${dirname(path)}`);
  expect(stdout).toMatch(new RegExp(`700 ${account.name}\n700 ${account.name}\n$`));
  return dirname(path);
}

const mount = (options: string) => runAsRoot('mount', ['-t', 'tmpfs', '-o', options, 'none', home]);

it.each([
  ['bash', '.bashrc', 'echo Welcome; umask 000; alias cat=false; set -x'],
  ['fish', '.config/fish/config.fish', 'echo Welcome; umask 000'],
  ['tcsh', '.tcshrc', 'echo Welcome; umask 0; alias cat false'],
])('an account whose login shell is %s, with a noisy rc file, gets the loader', async (shell, file, rc) => {
  const draft = join(scene.home, 'rc');
  await writeFile(draft, `${rc}\n`);
  await runAsRoot('install', ['-D', '-m', '644', draft, join(home, file)]);
  await runAsRoot('usermod', ['--shell', `/bin/${shell}`, account.name]);
  // What root made on the way belongs to the account.
  await runAsRoot('chown', ['-R', account.name, home]);
  expect(await loaderFolder()).toBe(`${home}/.cache/rps-trace`);
});

it.each([
  ['read-only', () => mount('ro,mode=755')],
  ['noexec', () => mount('noexec,mode=777')],
  ['full', () => mount('size=4k,nr_inodes=2,mode=777')],
  ['absent', () => runAsRoot('usermod', ['--home', '/nonexistent', account.name])],
])('a home that is %s is passed over for another folder of the account', async (_how, make) => {
  await make();
  expect(await loaderFolder()).toMatch(/^\/(var\/tmp|tmp|dev\/shm)\/rps-trace-\d+$/);
});

it('a folder that somebody else has made is not used', async () => {
  await mount('ro,mode=755');
  const id = (await runAsRoot('id', ['-u', account.name])).trim();
  await runAsRoot('install', ['-d', '-m', '777', `/var/tmp/rps-trace-${id}`]);
  try {
    expect(await loaderFolder()).toBe(`/tmp/rps-trace-${id}`);
  } finally {
    await runAsRoot('rm', ['-r', `/var/tmp/rps-trace-${id}`]);
  }
});

it('a version in a folder that is not used any more is removed with the next one', async () => {
  await mount('ro,mode=755');
  const folder = await loaderFolder();
  await runAsRoot('umount', [home]);
  expect(dirname((await start(`${WELL} # another version`)).path)).toBe(`${home}/.cache/rps-trace`);
  await expect(stat(folder)).rejects.toThrow('ENOENT');
});

it('a host whose tools are BusyBox gets the loader, and is cleaned up', async () => {
  await ensurePackages(['busybox-static']);
  const tools = join(bin, 'busybox');
  await run('sh', [
    '-c',
    `mkdir ${tools} && for name in $(/bin/busybox --list); do ln -s /bin/busybox ${tools}/$name; done`,
  ]);
  await run('cp', [join(bin, 'sudo'), tools]);
  const config = [`SetEnv PATH=${tools}`];
  const other = await startSshd({ authorized: [await readFile(scene.path('id.pub'), 'utf8')], config });
  await scene.configureWeb(other, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
  try {
    expect(await loaderFolder()).toBe(`${home}/.cache/rps-trace`);
    const there = connection ?? (await scene.open('web'));
    expect((await execText(there, 'readlink -f $(command -v sha256sum)')).stdout).toContain('busybox');
    expect((await cleanUp(there, never)).at(-1)).toBe(`${home}/.cache/rps-trace`);
  } finally {
    await other.stop();
    await scene.configureWeb(sshd, account.name);
  }
});
