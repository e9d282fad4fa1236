import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { runAsRoot } from '../../scripts/run';
import type { Connection } from '../../src/hosts/connection';
import { execText, quote } from '../../src/hosts/shell';
import { binaryOf } from '../../src/loader/binaries';
import { cleanUp } from '../../src/loader/cleanUp';
import { launchCommand } from '../../src/loader/command';
import { place } from '../../src/loader/place';
import type { Needed, Verified } from '../../src/loader/survey';
import { everything } from '../../shared/scope';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { loader, WELL } from './standIn';

const never = new AbortController().signal;
/** Tells as whom it runs, and is no other loader than the one that was meant. */
const genuine = loader(`echo "genuine, uid $(id -u)" >&2\n${WELL}`);
const sha256 = genuine.x86_64.sha256;
const name = `rpstrace-${sha256}`;
const btf = binaryOf(Buffer.from('BTF'));
const btfName = `btf-${btf.sha256}`;
const EVIL = '#!/bin/sh\\necho "evil, uid $(id -u)"\\n';
/** How often a race is tried. */
const TRIES = 200;
const timeout = 300_000;
/** Longest time between two exchanges that meet a shell before and sudo after them, seconds. */
const SLOW = 0.01;

/** Starts the loader by real sudo, which asks nothing. */
let victim: Account;
/** An ordinary account of the same host. */
let attacker: Account;
let id: string;
let scene: Scene;
let etc: string;
let sshd: Sshd | undefined;
let connection: Connection | undefined;
/** Folders for everybody, where each account makes what it likes. */
const open = ['/var/tmp', '/tmp', '/dev/shm'];
const inOpen = (folder: string, ...parts: string[]) => join(folder, `rps-trace-${id}`, ...parts);

const asRoot = (script: string) => runAsRoot('sh', ['-ec', script]);
/** Words for sh, run as an account in a home of its own. */
const as = ({ name }: Account, script: string, ...args: string[]) =>
  `setpriv --reuid=${name} --regid=${name} --init-groups env -i HOME=/home/${name} PATH=/usr/local/bin:/usr/bin:/bin ` +
  `sh -ec ${[script, 'sh', ...args].map(quote).join(' ')}`;
/** On the host, where the victim may become root by sudo. */
const onHost = (script: string) =>
  runAsRoot('unshare', ['--mount', 'sh', '-ec', `mount --bind ${etc} /etc\n${script}`]);

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['sudo']);
  victim = await makeAccount();
  attacker = await makeAccount();
  id = (await runAsRoot('id', ['-u', victim.name])).trim();
  scene = await Scene.create();
  etc = await mkdtemp(join(tmpdir(), 'rps-etc-'));
  await writeFile(join(scene.home, 'sudoers'), `${victim.name} ALL=(ALL) NOPASSWD: ALL\n`);
  await asRoot(`rm -rf ${etc}; cp -a /etc ${etc}
    install -m 440 ${join(scene.home, 'sudoers')} ${etc}/sudoers.d/rps-trace`);
  await scene.makeKey('id');
});
/** What an earlier account with the same number has left stays otherwise. */
const removeFolders = () =>
  `rm -rf ${open.map((folder) => `${inOpen(folder)} ${inOpen(folder)}.*`).join(' ')}`;
beforeEach(() => asRoot(`chmod 755 /home/${victim.name} /home/${attacker.name}; ${removeFolders()}`));
afterEach(async () => {
  connection?.dispose();
  connection = undefined;
  await sshd?.stop();
  sshd = undefined;
  await asRoot(`umount -q /home/${victim.name} || :; rm -rf /home/${victim.name}/.cache
    ${removeFolders()}`);
});
afterAll(async () => {
  await scene.end();
  await asRoot(`rm -rf ${etc}`);
  await victim.remove();
  await attacker.remove();
});

/**
 * Has two names of the attacker change places until there is a file `stop` in its home: as fast as it goes, to be between two
 * tests of a shell, or up to `seconds` apart, to be between a shell and the program that it starts.
 */
function exchange(one: string, other: string, seconds = 0): string {
  const renameat2 = process.arch === 'arm64' ? 276 : 316;
  const program =
    `my ($a, $b) = @ARGV; while (!-e "$ENV{HOME}/stop") { ` +
    `for (1 .. 100) { syscall(${renameat2}, -100, $a, -100, $b, 2) == 0 or die $!; ` +
    `select(undef, undef, undef, rand(${seconds})) if ${seconds} } }`;
  return as(attacker, `exec perl -e ${quote(program)} "$@"`, one, other);
}

/** Lets the attacker do something again and again meanwhile. */
async function during<T>(attack: string, work: () => Promise<T>): Promise<T> {
  const stop = `/home/${attacker.name}/stop`;
  await asRoot(`rm -f ${stop}`);
  const attacking = onHost(attack);
  try {
    return await work();
  } finally {
    await asRoot(`touch ${stop}`);
    await attacking;
  }
}

/** Words for the victim's shell that start the loader by sudo, or tell what is missing. */
const launch = (needs: Partial<Needed> = {}, verified: Verified = {}) =>
  launchCommand({ binaries: genuine, btf: undefined, ...needs }, verified, {
    intervalMs: 1000,
    scope: everything,
  }).text;

/** How often which loader ran as root when the victim started it again and again. */
async function starts(attack: string, verified: string) {
  const loop = `i=0; while [ $i -lt ${TRIES} ]; do i=$((i+1)); sh -c "$1" </dev/null 2>&1 || :; done`;
  const lines = await during(attack, () => onHost(as(victim, loop, launch({}, { rpstrace: verified }))));
  const count = (text: string) => lines.split('\n').filter((line) => line === text).length;
  return {
    surveys: count('root sudo'),
    genuine: count('genuine, uid 0'),
    evil: count('evil, uid 0'),
  };
}

/** Makes a program of the attacker under the loader's name. */
const evilIn = (folder: string) =>
  `mkdir -p ${folder}; printf '${EVIL}' >${folder}/${name}; chmod 755 ${folder}/${name}`;
/** Puts the loader into a folder of the victim. */
const genuineIn = (folder: string) => {
  const text = quote(Buffer.from(genuine.x86_64.bytes).toString());
  return `umask 077; mkdir -p ${folder}; printf %s ${text} >${folder}/${name}; chmod 700 ${folder}/${name}`;
};

describe('an account that would have its own program run by another one’s sudo', () => {
  it('does not by a link that leads elsewhere when sudo runs it', { timeout }, async () => {
    const folder = inOpen('/dev/shm');
    // At the home it belongs to the victim, may be executed, and has no hash.
    await onHost(
      as(
        attacker,
        `${evilIn(`${folder}.evil`)}; mkdir ${folder}; ln -s ${folder}.evil/${name} ${folder}/evil
        ln -s /home/${victim.name} ${folder}/${name}`,
      ),
    );
    const attack = exchange(`${folder}/evil`, `${folder}/${name}`, SLOW);
    expect(await starts(attack, `${folder}/${name}`)).toEqual({ surveys: TRIES, genuine: 0, evil: 0 });
  });

  it('does not by a folder that is another one when sudo runs it', { timeout }, async () => {
    const folder = inOpen('/var/tmp');
    await onHost(as(victim, genuineIn(inOpen('/dev/shm'))));
    await onHost(as(attacker, `${evilIn(folder)}; ln -s ${inOpen('/dev/shm')} ${folder}.link`));
    const attack = exchange(folder, `${folder}.link`, SLOW);
    expect(await starts(attack, '')).toEqual({ surveys: TRIES, genuine: TRIES, evil: 0 });
  });
});

describe('a folder or link of another account', () => {
  /** Logs the victim in, whose cache folder is `cache`. */
  async function logIn(cache = '/proc/none'): Promise<Connection> {
    const config = [`SetEnv XDG_CACHE_HOME=${cache}`];
    sshd = await startSshd({
      authorized: [await readFile(scene.path('id.pub'), 'utf8')],
      config,
      seen: { etc },
    });
    await scene.configureWeb(sshd, victim.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
    await rm(scene.knownHosts, { force: true });
    return (connection = await scene.open('web'));
  }
  const bring = (to: Connection) => place(to, 'rpstrace', genuine.x86_64, { rootless: [] }, never);

  it.each([
    ['a link to the home of the account', () => `mkdir $1; ln -s /home/${victim.name} $1/$2`],
    ['the loader itself', () => `mkdir $1; cp ${join(scene.home, 'public')} $1/$2; chmod 755 $1/$2`],
    ['a link to the loader of the account', () => `mkdir $1; ln -s /home/${victim.name}/elsewhere/$2 $1/$2`],
  ])('is not looked into when it has %s', async (_what, make) => {
    await writeFile(join(scene.home, 'public'), genuine.x86_64.bytes);
    await asRoot(`chmod 755 ${scene.home}`);
    for (const folder of ['/var/tmp', '/tmp'].map((open) => inOpen(open))) {
      await onHost(as(attacker, `${make()}; ln -s $1/$2 $1/$3; chmod 755 $1`, folder, name, btfName));
    }
    await onHost(as(victim, `${genuineIn('~/elsewhere')}; chmod -R a+rx ~/elsewhere`));
    const told = (await execText(await logIn(), launch({ btf }))).stdout;
    expect(told).toContain('root sudo\n');
    expect(told).not.toMatch(/^(unchecked-)?(rpstrace|btf) /m);
  });

  it('is passed over when the loader is brought, at every moment', { timeout }, async () => {
    const folder = inOpen('/var/tmp');
    const there = await logIn();
    await onHost(as(victim, 'mkdir -m 755 ~/own; touch ~/own/upload.mine'));
    await onHost(as(attacker, `mkdir -m 777 ${folder}; ln -s /home/${victim.name}/own ${folder}.link`));
    await during(exchange(folder, `${folder}.link`), async () => {
      for (let attempt = 0; attempt < TRIES / 2; attempt++) {
        expect(await bring(there)).toBe(inOpen('/tmp', name));
        expect(await cleanUp(there, never)).toEqual([inOpen('/tmp', name), inOpen('/tmp')]);
      }
    });
    const own = await onHost(as(victim, 'stat -c %a ~/own; ls -A ~/own; rm -r ~/own'));
    expect(own).toBe('755\nupload.mine\n');
  });

  it('in the place of every folder is told', async () => {
    for (const folder of open) await onHost(as(attacker, `mkdir -m 777 ${inOpen(folder)}`));
    await expect(bring(await logIn())).rejects.toMatchObject({
      code: 'UPLOAD_FAILED',
      hint:
        'Passed over: /proc/none/rps-trace cannot be made; ' +
        open
          .map((folder) => `${inOpen(folder)} belongs to another account or is a symbolic link`)
          .join('; ') +
        '. Mend one of them, and start again.',
    });
  });

  it.each([
    ['others may write to', (cache: string) => `mkdir -m 777 ${cache}`],
    [
      'another group may write to',
      (cache: string) => `mkdir ${cache}; chgrp ${attacker.name} ${cache}; chmod 775 ${cache}`,
    ],
    [
      'belongs to another account',
      (cache: string) => `mkdir -m 755 ${cache}; chown ${attacker.name} ${cache}`,
    ],
  ])('is not used below a folder that %s', async (_how, make) => {
    const cache = join(open[0] ?? '', `rps-trace-${id}.cache`);
    await asRoot(make(cache));
    await asRoot(`mkdir -m 700 ${cache}/rps-trace; chown ${victim.name} ${cache}/rps-trace`);
    await onHost(as(victim, genuineIn(`${cache}/rps-trace`)));
    const there = await logIn(cache);
    expect((await execText(there, launch())).stdout).not.toMatch(/^(unchecked-)?rpstrace /m);
    expect(dirname(await bring(there))).toBe(inOpen('/var/tmp'));
    await expect(cleanUp(there, never)).rejects.toThrow(`could not remove ${cache}/rps-trace`);
    expect(await asRoot(`ls ${cache}/rps-trace`)).toBe(`${name}\n`);
  });

  it('leaves nothing below a folder that others may write to', async () => {
    const cache = join(open[0] ?? '', `rps-trace-${id}.cache`);
    await asRoot(`mkdir -m 777 ${cache}`);
    const there = await logIn(cache);
    expect(dirname(await bring(there))).toBe(inOpen('/var/tmp'));
    expect(await asRoot(`ls -A ${cache}`)).toBe('');
    expect(await cleanUp(there, never)).toEqual([inOpen('/var/tmp', name), inOpen('/var/tmp')]);
  });

  it('does not matter below a folder that is closed to others', async () => {
    const cache = `/home/${victim.name}/.cache`;
    await onHost(as(victim, `chmod 700 ~; mkdir -m 777 ${cache}`));
    expect(await bring(await logIn(cache))).toBe(join(cache, 'rps-trace', name));
  });
});
