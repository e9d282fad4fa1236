import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { runAsRoot } from '../../scripts/run';
import type { Connection } from '../../src/hosts/connection';
import { execText } from '../../src/hosts/shell';
import { binaryOf } from '../../src/loader/binaries';
import { cleanUp } from '../../src/loader/cleanUp';
import { startLoader } from '../../src/loader/start';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { END, HELLO, loader } from './standIn';
import { startOptions } from './startOptions';

const never = new AbortController().signal;
/** Tells, as its kernel, as whom it runs, and what is in the BTF file, its second argument. */
const binaries = loader(
  `who="uid $(id -u), BTF $(cat "$2")"
echo '${HELLO}' | sed "s/\\"kernel\\":\\"6\\"/\\"kernel\\":\\"$who\\"/"; cat >/dev/null; echo '${END}'`,
);
const needed = { binaries, btf: binaryOf(Buffer.from('types')) };

let account: Account;
let id: string;
let scene: Scene;
let sshd: Sshd | undefined;
let connection: Connection | undefined;
let folder: string;

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['sudo', 'opendoas', 'bindfs']);
  account = await makeAccount();
  id = (await runAsRoot('id', ['-u', account.name])).trim();
  scene = await Scene.create();
  await scene.makeKey('id');
  folder = await mkdtemp(join(tmpdir(), 'rps-etc-'));
});
afterEach(async () => {
  if (connection) {
    await cleanUp(connection, never);
    await execText(connection, 'sh -c "fusermount -u ~/.cache || fusermount3 -u ~/.cache"');
  }
  connection?.dispose();
  connection = undefined;
  await sshd?.stop();
  await runAsRoot('sh', [
    '-c',
    `rm -rf /var/tmp/rps-trace-${id} /tmp/rps-trace-${id} /dev/shm/rps-trace-${id}`,
  ]);
});
afterAll(async () => {
  await scene.end();
  await runAsRoot('rm', ['-rf', folder]);
  await account.remove();
});

/**
 * Logs in to a host whose kernel tells no types, where the account's cache is a file system that only the account may
 * enter. Root is kept out of it as on NFS with root_squash: it is refused what the account may do.
 */
async function logIn(file: string, text: string, without: readonly string[] = []): Promise<Connection> {
  const [etc, fuse, draft] = [join(folder, 'etc'), join(folder, 'fuse'), join(scene.home, 'draft')];
  await writeFile(draft, text.replaceAll('@', account.name));
  await runAsRoot('sh', [
    '-ec',
    `rm -rf ${folder}/*; cp -a /etc ${etc}; install -m 440 ${draft} ${join(etc, file)}
    chmod 755 ${folder}; mknod -m 666 ${fuse} c 10 229`,
  ]);
  const authorized = [await readFile(scene.path('id.pub'), 'utf8')];
  const mounts = [`mount --bind ${fuse} /dev/fuse`, 'mount -t tmpfs none /sys/kernel/btf'];
  sshd = await startSshd({ authorized, seen: { etc, without, mounts } });
  await scene.configureWeb(sshd, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
  await writeFile(scene.knownHosts, '');
  connection = await scene.open('web');
  const mounted = await execText(
    connection,
    `sh -c 'mkdir -p ~/.cache ~/.behind && bindfs --no-allow-other ~/.behind ~/.cache'`,
  );
  expect(mounted).toMatchObject({ exit: { code: 0 } });
  return connection;
}

/** Starts and stops the loader; returns what it tells, where it lies, and what was brought. */
async function start(there: Connection) {
  let told = '';
  const brought: string[] = [];
  const { run, path, verified } = await startLoader(there, {
    ...startOptions(scene, binaries, {
      onFrame: (frame) => {
        if (frame.type === 'hello') told = frame.kernel;
      },
      onStep: (step) => {
        if (step.startsWith('Uploading')) brought.push(step);
      },
    }),
    needed,
  });
  run.stop();
  expect(await run.ended).toMatchObject({ kind: 'end' });
  return { told, folder: dirname(path), btf: dirname(verified.btf ?? ''), brought: brought.length };
}

describe.each([
  ['sudo without a password', 'sudoers.d/rps-trace', '@ ALL=(ALL) NOPASSWD: ALL\n', []],
  ['sudo with a password', 'sudoers.d/rps-trace', '@ ALL=(ALL) ALL\n', []],
  ['doas', 'doas.conf', 'permit nopass @\n', ['/usr/bin/sudo']],
] as const)('a home that keeps root out, which %s finds', (how, file, text, without) => {
  const beside = () => `/var/tmp/rps-trace-${id}`;

  it('is left for another folder, once', async () => {
    const there = await logIn(file, text, without);
    await scene.secrets.forget('sudo web');
    scene.person.asked.length = 0;
    scene.person.answers = [account.password];
    const well = { told: 'uid 0, BTF types', folder: beside() };
    expect(await start(there)).toEqual({ ...well, btf: beside(), brought: 4 });
    expect(await start(there)).toMatchObject({ ...well, brought: 0 });
    expect(scene.person.asked).toHaveLength(how === 'sudo with a password' ? 1 : 0);
    expect(scene.log).toContain(
      `Root cannot run programs in /home/${account.name}/.cache/rps-trace on web: `,
    );
    expect((await execText(there, 'ls -A ~/.cache')).stdout).toBe('');
  });

  it('is named where there is no other folder', async () => {
    const there = await logIn(file, text, without);
    scene.person.answers = [account.password];
    for (const open of ['/var/tmp', '/tmp', '/dev/shm'])
      await runAsRoot('mkdir', [`${open}/rps-trace-${id}`]);
    await expect(start(there)).rejects.toMatchObject({
      code: 'UPLOAD_FAILED',
      hint: expect.stringContaining(
        `Passed over: /home/${account.name}/.cache/rps-trace does not let root run programs (NFS with root_squash`,
      ) as string,
    });
  });
});
