import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { run, runAsRoot } from '../../scripts/run';
import type { SshClientChoice } from '../../src/hosts/openssh/choose';
import type { ToPanel, TraceState } from '../../shared/messages/panel';
import { Trace } from '../../src/trace/trace';
import { makeAccount, type Account } from './account';
import { Link } from './link';
import { Scene, type ScriptedPerson } from './scene';
import { ensureOpenSsh, startSshd, type Sshd } from './sshd';
import { FREE_SUDO, WELL, loader, writePrograms } from './standIn';

/** When a host that says nothing is given up. A slow link must not look like that. */
export const KEEPALIVE = { seconds: 2, count: 2 };

/** A host, called web, at the end of a link that can be cut, with programs in front of its own that go wrong. */
export class FaultyHost {
  private constructor(
    readonly account: Account,
    private readonly scene: Scene,
    readonly sshd: Sshd,
    private readonly bin: string,
    readonly link: Link,
  ) {}

  static async create(): Promise<FaultyHost> {
    await ensureOpenSsh();
    const account = await makeAccount();
    const scene = await Scene.create();
    const bin = await mkdtemp(join(tmpdir(), 'rps-bin-'));
    await chmod(bin, 0o755);
    const config = [`SetEnv PATH=${bin}:/usr/local/bin:/usr/bin:/bin`, 'AllowTcpForwarding no'];
    const sshd = await startSshd({ authorized: [await scene.makeKey('id')], config });
    const link = await Link.open(sshd.port);
    await scene.configureWeb(link, account.name, [
      scene.identity('id'),
      'StrictHostKeyChecking no',
      `ServerAliveInterval ${KEEPALIVE.seconds}`,
      `ServerAliveCountMax ${KEEPALIVE.count}`,
    ]);
    return new FaultyHost(account, scene, sshd, bin, link);
  }

  async end(): Promise<void> {
    this.link.close();
    await this.scene.end();
    await this.sshd.stop();
    await rm(this.bin, { recursive: true });
    await this.account.remove();
  }

  /** Who is asked for passwords. */
  get person(): ScriptedPerson {
    return this.scene.person;
  }

  /** What this host has beside what every host has. */
  async has(programs: Readonly<Record<string, string>> = {}): Promise<void> {
    const usual = { sudo: FREE_SUDO, uname: 'case $1 in -s) echo Linux;; -m) echo x86_64;; esac' };
    await writePrograms(this.bin, { ...usual, ...programs });
  }

  /** A trace of it, and what that tells. The first start brings `script`, those after it bring a loader that works. */
  traceOf(script: string, client: SshClientChoice): { trace: Trace; messages: ToPanel[] } {
    const messages: ToPanel[] = [];
    const silent = () => undefined;
    const scripts = [script];
    const { home, configFile, env, person, secrets } = this.scene;
    const context = {
      prompts: person,
      secrets,
      log: { info: silent, warn: silent, error: silent },
      binaries: () => Promise.resolve(loader(scripts.shift() ?? WELL)),
      intervalMs: () => 1000,
      client: () => client,
      ssh: { home, configFile, env },
    };
    const trace = new Trace({ kind: 'ssh', destination: 'web' }, 'web', context, (message) =>
      messages.push(message),
    );
    return { trace, messages };
  }

  /** Signals the processes of the server that serve the account. */
  async signalSessions(signal: 'TERM' | 'STOP' | 'CONT'): Promise<void> {
    await runAsRoot('pkill', [`-${signal}`, '-f', `^sshd[^ ]*: ${this.account.name}`]);
  }

  /** Nothing of the account runs 5 seconds later. */
  async isEmpty(): Promise<void> {
    // What has ended and waits for init to notice does not run.
    const running = async () => {
      const lines = await run('ps', ['-o', 'stat=,args=', '-u', this.account.name]).catch(() => '');
      return lines.replace(/^Z.*\n?/gm, '');
    };
    for (let waited = 0; waited < 5000 && (await running()) !== ''; waited += 100) await sleep(100);
    expect(await running()).toBe('');
  }

  /** The fault has left nothing, and once it is mended the next start works. */
  async recovers(trace: Trace): Promise<void> {
    await this.isEmpty();
    await this.has();
    await start(trace);
    expect(trace.state).toMatchObject({ kind: 'tracing' });
    await trace.stop();
    expect(trace.state).toMatchObject({ kind: 'stopped' });
    await this.isEmpty();
  }
}

/** What comes of it is the trace's state. */
export async function start(trace: Trace): Promise<void> {
  await trace.start(new AbortController().signal).catch(() => undefined);
}

export async function failed(trace: Trace, code: string, message: RegExp, timeout = 5000): Promise<void> {
  await expect
    .poll((): TraceState => trace.state, { timeout })
    .toMatchObject({ kind: 'failed', code, message: expect.stringMatching(message) as string });
}
