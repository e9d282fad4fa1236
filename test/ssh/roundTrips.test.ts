import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeAccount, type Account } from './account';
import { firstSample } from './firstSample';
import { Link } from './link';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { END, FREE_SUDO, HELLO, loader, writePrograms } from './standIn';

/** Half a round trip, milliseconds: this machine is slow and noisy, the way must be much longer than that. */
const WAY_MS = 200;
const ATTEMPTS = 3;

const SAMPLE = '{"type":"sample","seq":0,"ns":1,"rows":[]}';
const binaries = loader(`echo '${HELLO}'; echo '${SAMPLE}'; cat >/dev/null; echo '${END}'`);
/** Takes any password. */
const ASKING_SUDO = `[ "$1" = -n ] && exit 1; while [ "$1" != -- ]; do shift; done; shift
printf %s "$SUDO_PROMPT" >&2; IFS= read -r password; exec "$@"`;

let account: Account;
let scene: Scene;
let sshd: Sshd;
let link: Link;
let bin: string;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
  scene = await Scene.create();
  bin = await mkdtemp(join(tmpdir(), 'rps-bin-'));
  await chmod(bin, 0o755);
  const config = [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`];
  sshd = await startSshd({ authorized: [await scene.makeKey('id')], config });
  link = await Link.open(sshd.port);
  await scene.configureWeb(link, account.name, [scene.identity('id'), 'StrictHostKeyChecking no']);
});
afterAll(async () => {
  link.close();
  await scene.end();
  await sshd.stop();
  await rm(bin, { recursive: true });
  await account.remove();
});

it.each([
  ['ssh2', 'without a password', FREE_SUDO, 2],
  ['ssh2', 'with a password that is known', ASKING_SUDO, 3],
  ['openssh', 'without a password', FREE_SUDO, 3],
  ['openssh', 'with a password that is known', ASKING_SUDO, 4],
] as const)(
  'by %s, a loader that is on the host already is started by sudo %s in few round trips',
  async (client, _how, sudo, most) => {
    await writePrograms(bin, { sudo, uname: 'case $1 in -s) echo Linux;; -m) echo x86_64;; esac' });
    scene.client = client;
    scene.person.answers = ['secret'];
    const connection = await scene.open('web');
    await firstSample(connection, scene, binaries);
    const trips: number[] = [];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      link.delayMs = 0;
      // What the last connection's end has under way must not hold up this one's beginning.
      await link.arrived();
      const near = await firstSample(connection, scene, binaries);
      link.delayMs = WAY_MS;
      trips.push(((await firstSample(connection, scene, binaries)) - near) / (2 * WAY_MS));
      if (Math.round(Math.min(...trips)) <= most) break;
    }
    connection.dispose();
    link.delayMs = 0;
    expect(Math.round(Math.min(...trips))).toBeLessThanOrEqual(most);
  },
);
