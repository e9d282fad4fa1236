import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensurePackages } from '../../scripts/apt';
import { runAsRoot } from '../../scripts/run';
import { startLoader } from '../../src/loader/start';
import { makeAccount, type Account } from './account';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd, type SshdOptions } from './sshd';
import { END, HELLO, loader } from './standIn';
import { startOptions } from './startOptions';

/** Tells, as its backend, who it is and whether it has CAP_PERFMON and CAP_BPF. */
const binaries = loader(
  `c=$(sed -n 's/^CapEff:[^0-9a-f]*//p' /proc/self/status); who="$(id -u) $((0x$c >> 38 & 3))"
echo '${HELLO}' | sed "s/\\"kernel\\":\\"6\\"/\\"kernel\\":\\"$who\\"/"; cat >/dev/null; echo '${END}'`,
);
const asRoot = { who: '0 3', why: undefined };

let account: Account;
let scene: Scene;
let sshd: Sshd | undefined;
let etc: string;
let key: string;

beforeAll(async () => {
  await ensureOpenSsh();
  await ensurePackages(['sudo', 'opendoas']);
  account = await makeAccount();
  scene = await Scene.create();
  key = await scene.makeKey('id');
  etc = await mkdtemp(join(tmpdir(), 'rps-etc-'));
});
afterEach(async () => {
  await sshd?.stop();
  sshd = undefined;
});
afterAll(async () => {
  await scene.end();
  await runAsRoot('rm', ['-rf', etc]);
  await account.remove();
});

/** A host that has this file in /etc, for root alone, beside what is there. */
async function host(
  file: string,
  text: string,
  without: readonly string[] = [],
  options: SshdOptions = {},
): Promise<void> {
  const draft = join(scene.home, 'draft');
  await writeFile(draft, text);
  await runAsRoot('sh', [
    '-c',
    `rm -rf ${etc} && cp -a /etc ${etc} && install -m 440 ${draft} ${join(etc, file)}`,
  ]);
  sshd = await startSshd({ ...options, authorized: [key], seen: { etc, without } });
  const user = options.config ? 'root' : account.name;
  await scene.configureWeb(sshd, user, [scene.identity('id'), 'StrictHostKeyChecking no']);
  await writeFile(scene.knownHosts, '');
}

/** Starts and stops the loader; returns as whom it ran, and why not as root. */
async function start(): Promise<{ who: string; why: string | undefined }> {
  const connection = await scene.open('web');
  try {
    let who = '';
    const { run, unprivileged } = await startLoader(
      connection,
      startOptions(scene, binaries, {
        onFrame: (frame) => {
          if (frame.type === 'hello') who = frame.kernel;
        },
      }),
    );
    run.stop();
    expect(await run.ended).toMatchObject({ kind: 'end' });
    return { who, why: unprivileged?.code };
  } finally {
    connection.dispose();
  }
}

/** As whom it runs where it cannot become root: as the account, which has no capability. */
async function asItself(why: string) {
  return { who: `${(await runAsRoot('id', ['-u', account.name])).trim()} 0`, why };
}

const sudoers = (...lines: string[]) =>
  host('sudoers.d/rps-trace', lines.map((line) => `${line.replaceAll('@', account.name)}\n`).join(''));

describe('sudo', () => {
  it('without a password makes root', async () => {
    await sudoers('@ ALL=(ALL) NOPASSWD: ALL');
    expect(await start()).toEqual(asRoot);
    expect(scene.person.asked).toEqual([]);
  });

  it('is given the password, again when it was wrong, and once for all', async () => {
    await sudoers('@ ALL=(ALL) ALL');
    scene.person.answers = ['wrong', account.password];
    expect(await start()).toEqual(asRoot);
    expect(await start()).toEqual(asRoot);
    expect(scene.person.asked.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('root'),
      expect.stringContaining('wrong'),
    ]);
  });

  it('that takes none of three passwords is told as that', async () => {
    await sudoers('@ ALL=(ALL) ALL');
    scene.person.answers = ['a', 'b', 'c', 'd'];
    await expect(start()).rejects.toMatchObject({ code: 'SUDO_PASSWORD_WRONG' });
    expect(scene.person.answers).toEqual(['d']);
  });

  it('that allows the account nothing is told as that', async () => {
    await sudoers('');
    scene.person.answers = [account.password];
    expect(await start()).toEqual(await asItself('SUDO_NOT_ALLOWED'));
  });

  it('that allows something else only is told as that', async () => {
    await sudoers('@ ALL=(ALL) /bin/true');
    scene.person.answers = [account.password];
    expect(await start()).toEqual(await asItself('SUDO_NOT_ALLOWED'));
  });

  it('that wants a terminal is told as that', async () => {
    await sudoers('Defaults:@ requiretty', '@ ALL=(ALL) NOPASSWD: ALL');
    expect(await start()).toEqual(await asItself('SUDO_NEEDS_TTY'));
  });

  it('that waits no longer for the password is told as that', async () => {
    await sudoers('Defaults:@ passwd_timeout=0.02', '@ ALL=(ALL) ALL');
    scene.person.answers = [new Promise(() => undefined)];
    await expect(start()).rejects.toThrow(/did not wait any longer/);
  });
});

describe('doas, where there is no sudo,', () => {
  const doas = (rule: string) => host('doas.conf', rule.replaceAll('@', account.name), ['/usr/bin/sudo']);

  it('without a password makes root', async () => {
    await doas('permit nopass @\n');
    expect(await start()).toEqual(asRoot);
  });

  it.each([
    ['wants a password, which it reads from a terminal only,', 'permit @\n', 'SUDO_NEEDS_TTY'],
    ['denies the account', 'deny @\n', 'SUDO_NOT_ALLOWED'],
    ['has no rule for the account', '# none\n', 'SUDO_NOT_ALLOWED'],
  ])('that %s is told as that', async (_what, rule, code) => {
    await doas(rule);
    expect(await start()).toEqual(await asItself(code));
  });

  it('and where there is no doas either, is missed', async () => {
    await host('doas.conf', '', ['/usr/bin/sudo', '/usr/bin/doas']);
    expect(await start()).toEqual(await asItself('SUDO_MISSING'));
  });
});

describe('an account with ambient capabilities', () => {
  const session = (capabilities: string) => {
    const set = `--inh-caps=-all,${capabilities} --ambient-caps=-all,${capabilities} --bounding-set=-all,${capabilities}`;
    const command = `setpriv --reuid=${account.name} --regid=${account.name} --init-groups ${set} sh -c "$SSH_ORIGINAL_COMMAND"`;
    const config = ['PermitRootLogin yes', `ForceCommand HOME=/home/${account.name} exec ${command}`];
    return host('motd', '', ['/usr/bin/sudo', '/usr/bin/doas'], { config });
  };

  it('needs neither when it has CAP_BPF and CAP_PERFMON', async () => {
    await session('+bpf,+perfmon');
    const id = (await runAsRoot('id', ['-u', account.name])).trim();
    expect(await start()).toEqual({ who: `${id} 3`, why: undefined });
  });

  it('needs them when it has other ones', async () => {
    await session('+net_admin,+bpf');
    expect(await start()).toMatchObject({ why: 'SUDO_MISSING' });
  });
});
