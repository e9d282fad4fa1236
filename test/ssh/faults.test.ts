import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run, runAsRoot } from '../../scripts/run';
import type { SshClientChoice } from '../../src/hosts/openssh/choose';
import type { ToPanel, TraceState } from '../../src/protocol/panel';
import { Trace } from '../../src/trace/trace';
import { makeAccount, type Account } from './account';
import { Link } from './link';
import { Scene } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { END, FREE_SUDO, HELLO, WELL, loader, writePrograms } from './standIn';

/** When a host that says nothing is given up. A slow link must not look like that. */
const KEEPALIVE = { seconds: 2, count: 2 };

/** Makes a fault of `cat` one of writing files. */
const UNLESS_FILE = '[ -f /proc/self/fd/1 ] || exec /bin/cat "$@"';

let account: Account;
let scene: Scene;
let sshd: Sshd;
/** Programs of the host that come before its own. */
let bin: string;
let link: Link;

beforeAll(async () => {
  await ensureOpenSsh();
  account = await makeAccount();
  scene = await Scene.create();
  bin = await mkdtemp(join(tmpdir(), 'rps-bin-'));
  await chmod(bin, 0o755);
  const config = [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`, 'AllowTcpForwarding no'];
  sshd = await startSshd({ authorized: [await scene.makeKey('id')], config });
  link = await Link.open(sshd.port);
  await scene.configureWeb(link, account.name, [
    scene.identity('id'),
    'StrictHostKeyChecking no',
    `ServerAliveInterval ${KEEPALIVE.seconds}`,
    `ServerAliveCountMax ${KEEPALIVE.count}`,
  ]);
});
afterAll(async () => {
  link.close();
  await scene.end();
  await sshd.stop();
  await rm(bin, { recursive: true });
  await account.remove();
});
afterEach(() => {
  link.bytesPerSecond = Infinity;
});

/** What this host has beside what every host has. */
async function host(programs: Readonly<Record<string, string>> = {}): Promise<void> {
  const usual = { sudo: FREE_SUDO, uname: 'case $1 in -s) echo Linux;; -m) echo x86_64;; esac' };
  await writePrograms(bin, { ...usual, ...programs });
}

describe.each(['ssh2', 'openssh'] as const)(
  'over %s, a fault is named, leaves nothing, and the next start works:',
  (client) => {
    it.each(['Looking at', 'Uploading', 'Starting'])('a connection cut while %s', async (step) => {
      await host();
      const once = `true ${client} ${step}; ${WELL}`;
      const { trace } = traceOf(once, client);
      const watch = trace.watch((state) => {
        if (state.kind === 'connecting' && state.step.startsWith(step)) link.cut();
      });
      await start(trace);
      watch.dispose();
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'CONNECTION_LOST' });
      await recovers(trace);
    });

    it('a connection cut before anybody is logged in', async () => {
      await host();
      const { trace } = traceOf(WELL, client);
      const cutting = setInterval(() => link.cut(), 20);
      await start(trace);
      clearInterval(cutting);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'HOST_UNREACHABLE' });
      await recovers(trace);
    });

    it('a connection cut while it traces', async () => {
      await host();
      const { trace } = traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      link.cut();
      await failed(trace, 'CONNECTION_LOST', /connection to web was lost/);
      await recovers(trace);
    });

    it('a server that is stopped', async () => {
      await host();
      const { trace } = traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await sshd.halt();
      await signalSessions('TERM');
      await failed(trace, 'CONNECTION_LOST', /connection to web was lost/);
      await start(trace);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'HOST_UNREACHABLE' });
      await sshd.goOn();
      await recovers(trace);
    });

    it('a server that hangs, within the time of the keepalives', async () => {
      await host();
      const { trace } = traceOf(WELL, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await signalSessions('STOP');
      try {
        const seen = performance.now();
        const within = (KEEPALIVE.seconds * (KEEPALIVE.count + 1) + 3) * 1000;
        const named = /Keepalive timeout|not responding/;
        await failed(trace, 'CONNECTION_LOST', named, within);
        expect(performance.now() - seen).toBeGreaterThan(KEEPALIVE.seconds * 1000);
      } finally {
        await signalSessions('CONT');
      }
      await recovers(trace);
    });

    it('a loader that is killed', async () => {
      await host();
      const { trace } = traceOf(`echo '${HELLO}'; sleep 0.5; kill -KILL $$`, client);
      await start(trace);
      await failed(trace, 'LOADER_DIED', /ended (by|with status)/);
      await recovers(trace);
    });

    it('a disk that is full', async () => {
      await host({ cat: `${UNLESS_FILE}; head -c 10; echo "cat: No space left on device" >&2; exit 1` });
      const { trace } = traceOf(`# ${client} full\n${WELL}`, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        kind: 'failed',
        code: 'UPLOAD_FAILED',
        message: expect.stringMatching(/No space left/) as string,
      });
      await recovers(trace);
    });

    it('an upload that arrives damaged', async () => {
      await host({ cat: `${UNLESS_FILE}; head -c 10; exec /bin/cat >/dev/null` });
      const { trace } = traceOf(`# ${client} damaged\n${WELL}`, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        kind: 'failed',
        code: 'UPLOAD_FAILED',
        message: expect.stringMatching(/damaged/) as string,
      });
      await recovers(trace);
    });

    it('no tool for SHA-256, which is no fault to the person', async () => {
      await host({ sha256sum: 'exit 127', shasum: 'exit 127', openssl: 'exit 127' });
      const { trace } = traceOf(`# ${client} unhashed\n${WELL}`, client);
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
      await recovers(trace);
    });

    it('a sudo that waits no longer', async () => {
      await host({ sudo: '[ "$1" = -n ] && exit 1; echo "sudo: timed out reading password" >&2; exit 1' });
      const { trace } = traceOf(WELL, client);
      await start(trace);
      expect(trace.state).toMatchObject({
        code: 'SUDO_PASSWORD_WRONG',
        message: expect.stringMatching(/wait any longer/) as string,
      });
      await recovers(trace);
    });

    it('10 MB of garbage instead of frames', async () => {
      await host();
      const { trace } = traceOf('head -c 10000000 /dev/urandom; cat', client);
      await start(trace);
      expect(trace.state).toMatchObject({ kind: 'failed', code: 'PROTOCOL' });
      await recovers(trace);
    });

    it('a frame cut within a character, which is no fault to the person', async () => {
      await host();
      const device = '{"type":"devices","devices":[{"netns":1,"ifindex":2,"name":"gr';
      const cut = `printf '%s\\303' '${device}'; sleep 0.3; printf '\\274n","queues":[]}]}\\n'`;
      const { trace, messages } = traceOf(`echo '${HELLO}'; ${cut}; cat >/dev/null; echo '${END}'`, client);
      await start(trace);
      await expect.poll(() => names(messages)).toContain('grün');
      await trace.stop();
      await recovers(trace);
    });

    it('a flood on stderr, which is no fault to the person', async () => {
      await host();
      const flood = 'head -c 10000000 /dev/zero | tr "\\0" x >&2';
      const { trace } = traceOf(`echo '${HELLO}'; ${flood}; cat >/dev/null; echo '${END}'`, client);
      await start(trace);
      await trace.stop();
      expect(trace.state).toMatchObject({ kind: 'stopped' });
      await recovers(trace);
    });

    it('a link of 50 kB/s, which is no fault to the person', async () => {
      await host();
      const { trace } = traceOf(`# ${client} ${'x'.repeat(100_000)}\n${WELL}`, client);
      link.bytesPerSecond = 50_000;
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
      expect(trace.state).toMatchObject({ kind: 'stopped' });
      link.bytesPerSecond = Infinity;
      await recovers(trace);
    });

    it('a clock that jumps, which gives no rate that is none', async () => {
      await host();
      const sample = (seq: number, ns: number) =>
        `echo '{"type":"sample","seq":${seq},"ns":${ns},"rows":[[1,2,0,0,1,"map",${seq + 1},1,1,7]]}'`;
      const samples = [sample(0, 5e12), sample(1, 1e9), sample(2, 1e9), sample(3, 9e15)].join('; ');
      const { trace, messages } = traceOf(
        `echo '${HELLO}'; ${samples}; cat >/dev/null; echo '${END}'`,
        client,
      );
      await start(trace);
      const rates = () =>
        messages.flatMap((message) => (message.type === 'sample' ? [...message.rates] : []));
      await expect.poll(() => rates().length).toBeGreaterThanOrEqual(12);
      expect(rates().filter((rate) => !(rate >= 0 && Number.isFinite(rate)))).toEqual([]);
      await trace.stop();
      await recovers(trace);
    });
  },
);

it('a loader that does not leave, which Stop says', async () => {
  await host();
  const { trace } = traceOf(`echo '${HELLO}'; exec sleep 7`, 'ssh2');
  await start(trace);
  await trace.stop();
  expect(trace.state).toMatchObject({
    kind: 'failed',
    code: 'LOADER_STUCK',
    message: expect.stringMatching(/told to leave and did not confirm/) as string,
  });
  await recovers(trace);
});

it(
  'a hundred starts and stops leave the host as it was, and the memory here flat',
  { timeout: 300_000 },
  async () => {
    await host();
    const { trace } = traceOf(WELL, 'ssh2');
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const heap = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    let before = 0;
    for (let turn = 0; turn < 100; turn++) {
      if (turn === 10) before = heap();
      await start(trace);
      expect(trace.state.kind).toBe('tracing');
      await trace.stop();
    }
    await isEmpty();
    expect(heap() - before).toBeLessThan(5_000_000);
    const cache = `/home/${account.name}/.cache/rps-trace`;
    expect((await runAsRoot('ls', ['-A', cache])).trim().split('\n')).toHaveLength(1);
  },
);

function names(messages: readonly ToPanel[]): string[] {
  return messages.flatMap((message) =>
    message.type === 'devices' ? message.devices.map(({ name }) => name) : [],
  );
}

interface Started {
  readonly trace: Trace;
  readonly messages: ToPanel[];
}

function traceOf(script: string, client: SshClientChoice): Started {
  const messages: ToPanel[] = [];
  const silent = () => undefined;
  // The first start brings `script`, those after it bring one that works.
  const scripts = [script];
  const context = {
    prompts: scene.person,
    secrets: scene.secrets,
    log: { info: silent, warn: silent, error: silent },
    binaries: () => Promise.resolve(loader(scripts.shift() ?? WELL)),
    intervalMs: () => 1000,
    client: () => client,
    ssh: { home: scene.home, configFile: scene.configFile, env: scene.env },
  };
  const trace = new Trace({ kind: 'ssh', destination: 'web' }, 'web', context, (message) =>
    messages.push(message),
  );
  return { trace, messages };
}

/** What comes of it is the trace's state. */
async function start(trace: Trace): Promise<void> {
  await trace.start(new AbortController().signal).catch(() => undefined);
}

async function failed(trace: Trace, code: string, message: RegExp, timeout = 5000): Promise<void> {
  await expect
    .poll((): TraceState => trace.state, { timeout })
    .toMatchObject({ kind: 'failed', code, message: expect.stringMatching(message) as string });
}

/** Signals the processes of the server that serve the account. */
async function signalSessions(signal: 'TERM' | 'STOP' | 'CONT'): Promise<void> {
  await runAsRoot('pkill', [`-${signal}`, '-f', `^sshd[^ ]*: ${account.name}`]);
}

/** Nothing of the account runs 5 seconds later. */
async function isEmpty(): Promise<void> {
  // What has ended and waits for init to notice does not run.
  const running = async () => {
    const lines = await run('ps', ['-o', 'stat=,args=', '-u', account.name]).catch(() => '');
    return lines.replace(/^Z.*\n?/gm, '');
  };
  for (let waited = 0; waited < 5000 && (await running()) !== ''; waited += 100) await sleep(100);
  expect(await running()).toBe('');
}

async function recovers(trace: Trace): Promise<void> {
  await isEmpty();
  await host();
  await start(trace);
  expect(trace.state).toMatchObject({ kind: 'tracing' });
  await trace.stop();
  expect(trace.state).toMatchObject({ kind: 'stopped' });
  await isEmpty();
}
